"""What do the articles that were put since the index was built look like to a reader?

Cut and weighed with the index's own lexicon and statistics, then compared with its articles. Invariant: what
is worked out for an article depends on the article and the index alone, so it is kept from one overlay to
the next as long as neither changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.analysis.analyzer import Analyzer
from engine.documents import Article
from engine.index.segments import Segment
from engine.index.snapshot import Snapshot
from engine.index.statistics import ArticleWeights
from engine.live.shingles import Shingles, shingles_of, unchanged_share

PROFILE_TERMS = 64
"""So many of its strongest terms say what an article is about; more of them change no neighbour."""

NEIGHBOURS_KEPT = 40
"""More than a box shows: some may be hidden later."""

EXPLAINING_TERMS = 24
"""So many of its strongest words are looked for in its neighbours, to say what they share."""

COMPARED_TEXTS = 5
LEAST_LIKENESS = 0.35
"""Below it two articles share too little to be one; reading their texts would be in vain."""

LEAST_UNCHANGED = 0.55
"""The share from which the index builder takes one article for a repost of another, too."""


@dataclass(frozen=True, slots=True)
class Relation:
    """A related article: its number, how alike it is (0..1), and the terms that say so."""

    article: int
    similarity: float
    shared_terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeltaArticle:
    """One article put: its weights, its profile, and what of the index is like it, best first.

    reposts: numbers of articles of the index that say nearly the same.
    """

    article: Article
    weights: ArticleWeights
    profile: Mapping[str, float]
    relations: tuple[Relation, ...]
    reposts: tuple[int, ...]


def read_article(base: Snapshot, article: Article) -> DeltaArticle:
    """Return what a reader of `base` needs to know of `article`."""
    weights = base.statistics.weigh(article.title, article.body, article.tags)
    strongest = sorted(weights.terms.items(), key=lambda item: (-item[1], item[0]))
    profile = dict(strongest[:PROFILE_TERMS])
    (segment,) = base.segments
    relations = related_in(segment, profile, base.analyzer)
    return DeltaArticle(article, weights, profile, relations, _reposts(base, article, relations))


def related_in(
    segment: Segment, profile: Mapping[str, float], analyzer: Analyzer
) -> tuple[Relation, ...]:
    """Return the articles of `segment` that share most of `profile`, best first.

    The profile as a query: what it counts in the article times what it counts in the other, summed, as a
    share of what the article would have with itself.
    """
    scores = np.zeros(segment.size, dtype=np.float32)
    found: list[tuple[str, float, int]] = []
    for term, weight in profile.items():
        number = segment.terms.get(term)
        if number is not None:
            documents, impacts = segment.lists.postings(number)
            factor = weight * segment.lists.step(number)
            scores[documents] += impacts * np.float32(factor)
            if len(found) < EXPLAINING_TERMS and _is_readable(analyzer, term):
                found.append((term, factor, number))
    itself = sum(weight * weight for weight in profile.values())
    return tuple(
        Relation(
            segment.first + local,
            round(min(1.0, float(scores[local]) / itself), 4),
            _shared(segment, found, local),
        )
        for local in _best(scores, NEIGHBOURS_KEPT).tolist()
    )


def _best(scores: npt.NDArray[np.float32], most: int) -> npt.NDArray[np.intp]:
    candidates = np.flatnonzero(scores)
    if len(candidates) > most:
        candidates = candidates[np.argpartition(-scores[candidates], most)[:most]]
    # Ties by number, so that equal input gives an equal answer.
    order = np.lexsort((candidates, -scores[candidates]))
    best: npt.NDArray[np.intp] = candidates[order]
    return best


def _shared(
    segment: Segment, found: Sequence[tuple[str, float, int]], local: int
) -> tuple[str, ...]:
    parts = [(factor * segment.lists.impact(number, local), term) for term, factor, number in found]
    strongest = sorted(
        (part for part in parts if part[0] > 0), key=lambda part: (-part[0], part[1])
    )
    return tuple(term for _, term in strongest[:3])


def _is_readable(analyzer: Analyzer, term: str) -> bool:
    """Tell whether `term` explains something to people: a pair of units may span two words."""
    return len(term) > 2 or term in analyzer.segmenter.words


def _reposts(base: Snapshot, article: Article, relations: Sequence[Relation]) -> tuple[int, ...]:
    alike = [
        relation.article
        for relation in relations[:COMPARED_TEXTS]
        if relation.similarity >= LEAST_LIKENESS
        and base.articles.article_id(relation.article) != article.id  # its own earlier text
    ]
    if not alike:
        return ()
    own = shingles_of(base.analyzer, article.title, article.body)
    return tuple(
        number
        for number in alike
        if unchanged_share(own, _shingles_at(base, number)) >= LEAST_UNCHANGED
    )


def _shingles_at(base: Snapshot, number: int) -> Shingles:
    articles = base.articles
    return shingles_of(base.analyzer, articles.card(number).title, articles.text(number).body)
