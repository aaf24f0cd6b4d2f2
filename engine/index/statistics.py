"""What would the builder have made of this article?

The statistics of the corpus that an index was built from (how rare a term is, how it comes in bursts, how
long articles are), and with them the weights of an article that came later. Invariant: an article of the
corpus weighs what the builder gave it, up to the steps in which bursts are stored; a term that the corpus
has never seen weighs as one that a single article has once. Statistics are the snapshot's alone: what is
added later never changes what a term is worth.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.analysis.analyzer import Analyzer

BURST_STEPS = 85
"""Bursts are stored in 1/85: 255 of them are the cap of 3."""


@dataclass(frozen=True, slots=True)
class ArticleWeights:
    """What each term counts in one article: as a whole, and once more in its title."""

    terms: Mapping[str, float]
    titles: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class TermFacts:
    """For each of some terms how many articles, and how many titles, have it, and its burst in steps.

    All int64 [terms]; 0 articles for a term that the index does not have.
    """

    articles: npt.NDArray[np.int64]
    titles: npt.NDArray[np.int64]
    burst_steps: npt.NDArray[np.int64]


UNSEEN_BURST_STEPS = round(math.log(2 / 1.5) * BURST_STEPS)
"""Of a term that a single article has once."""


class TermStatistics:
    """Weighs articles as the builder of one index did.

    views: the manifest's description of the views with their mean lengths; facts: what the index knows
    of terms.
    """

    def __init__(
        self,
        analyzer: Analyzer,
        views: Mapping[str, Mapping[str, Any]],
        articles: int,
        facts: Callable[[Sequence[str]], TermFacts],
    ) -> None:
        self._analyzer = analyzer
        self._views = views
        self._articles = articles
        self._facts = facts

    def weigh(self, title: str, body: str, tags: Sequence[str]) -> ArticleWeights:
        """Return what the terms of an article count, all greater than 0."""
        # A tag is a unit of meaning: the newline keeps grams from crossing into the next one.
        fields = {"title": title, "body": body, "tags": "\n".join(tags)}
        texts = {name: self._analyzer.normalize_lines(text) for name, text in fields.items()}
        weights: dict[str, float] = {}
        titles: dict[str, float] = {}
        pairs: frozenset[str] = frozenset()
        for unit, cut in (("bigrams", self._analyzer.bigrams), ("words", self._analyzer.words)):
            counted = {name: Counter(cut(text)) for name, text in texts.items()}
            # The lengths count every word; a word that is a pair is weighed as one already.
            terms = [term for term in _distinct(counted) if term not in pairs]
            facts = self._facts(terms)
            for view in self._views.values():
                if view["unit"] == unit:
                    weighed = self._weigh_view(view, counted, terms, facts)
                    for term, weight in weighed:
                        weights[term] = weights.get(term, 0.0) + weight
                    if view["long_query_gain"]:
                        titles.update(weighed)
            pairs = frozenset(weights)
        return ArticleWeights(weights, titles)

    def _weigh_view(
        self,
        view: Mapping[str, Any],
        counted: Mapping[str, Counter[str]],
        terms: Sequence[str],
        facts: TermFacts,
    ) -> list[tuple[str, float]]:
        counts = np.zeros(len(terms))
        length = 0.0
        for field, weight in view["fields"].items():
            found = counted[field]
            length += weight * found.total()
            counts += weight * np.fromiter(map(found.__getitem__, terms), np.float64, len(terms))
        relative = length / (view["mean_length"] or 1.0)
        saturation = view["k1"] * (1.0 - view["b"] + view["b"] * relative)
        weights = view["weight"] * self._rarities(view, facts) * (counts / (counts + saturation))
        held = np.flatnonzero(counts)
        return list(zip((terms[n] for n in held.tolist()), weights[held].tolist(), strict=True))

    def _rarities(self, view: Mapping[str, Any], facts: TermFacts) -> npt.NDArray[np.float64]:
        seen = facts.articles > 0
        frequency = np.maximum(facts.titles if view["long_query_gain"] else facts.articles, 1)
        idf: npt.NDArray[np.float64] = np.log1p(
            (self._articles - frequency + 0.5) / (frequency + 0.5)
        )
        if view["burst_cap"]:
            steps = np.where(seen, facts.burst_steps, UNSEEN_BURST_STEPS)
            idf = idf * (1.0 + steps / BURST_STEPS)
        return idf


def _distinct(counted: Mapping[str, Counter[str]]) -> Iterable[str]:
    """Return every term once, in the order of its first occurrence in title, body or tags."""
    return dict.fromkeys(term for counts in counted.values() for term in counts)
