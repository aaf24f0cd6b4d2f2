"""What do the articles that were put since the index was built look like to a reader?

Cut and weighed with the index's own lexicon and statistics, then compared with its articles. Invariant: what
is worked out for an article depends on the article and the index alone, so it is kept from one overlay to
the next as long as neither changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.documents import Article
from engine.index.snapshot import Snapshot
from engine.index.statistics import ArticleWeights
from engine.live.relations import Relation, related_in
from engine.live.shingles import Shingles, shingles_of, unchanged_share

PROFILE_TERMS = 64
"""So many of its strongest terms say what an article is about; more of them change no neighbour."""

COMPARED_TEXTS = 5
LEAST_LIKENESS = 0.35
"""Below it two articles share too little to be one; reading their texts would be in vain."""

LEAST_UNCHANGED = 0.55
"""The share from which the index builder takes one article for a repost of another, too."""


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
    relations = related_in(segment, profile)
    return DeltaArticle(article, weights, profile, relations, _reposts(base, article, relations))


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
