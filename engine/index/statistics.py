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
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

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
    """How many articles, and how many titles, have a term; its burst, in steps."""

    articles: int
    titles: int
    burst_steps: int


UNSEEN = TermFacts(1, 1, round(math.log(2 / 1.5) * BURST_STEPS))


class TermStatistics:
    """Weighs articles as the builder of one index did.

    views: the manifest's description of the views with their mean lengths; facts: what the index knows
    of a term, None for one that it does not have.
    """

    def __init__(
        self,
        analyzer: Analyzer,
        views: Mapping[str, Mapping[str, Any]],
        articles: int,
        facts: Callable[[str], TermFacts | None],
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
        terms: dict[str, float] = {}
        titles: dict[str, float] = {}
        pairs: frozenset[str] = frozenset()
        for unit, cut in (("bigrams", self._analyzer.bigrams), ("words", self._analyzer.words)):
            counts = {name: Counter(cut(text)) for name, text in texts.items()}
            for view in self._views.values():
                if view["unit"] == unit:
                    weighed = self._weigh_view(view, counts, pairs)
                    for term, weight in weighed.items():
                        terms[term] = terms.get(term, 0.0) + weight
                    if view["long_query_gain"]:
                        titles.update(weighed)
            pairs = frozenset(terms)  # a word that is a pair is counted as one already
        return ArticleWeights(terms, titles)

    def _weigh_view(
        self,
        view: Mapping[str, Any],
        counts: Mapping[str, Counter[str]],
        left_out: frozenset[str],
    ) -> dict[str, float]:
        weighted: dict[str, float] = {}
        for field, weight in view["fields"].items():
            for term, count in counts[field].items():
                weighted[term] = weighted.get(term, 0.0) + weight * count
        length = sum(weighted.values()) / (view["mean_length"] or 1.0)
        saturation = view["k1"] * (1.0 - view["b"] + view["b"] * length)
        return {
            term: view["weight"] * self._rarity(view, term) * (count / (count + saturation))
            for term, count in weighted.items()
            if term not in left_out
        }

    def _rarity(self, view: Mapping[str, Any], term: str) -> float:
        facts = self._facts(term) or UNSEEN
        frequency = max(1, facts.titles if view["long_query_gain"] else facts.articles)
        idf = math.log1p((self._articles - frequency + 0.5) / (frequency + 0.5))
        return idf * (1.0 + facts.burst_steps / BURST_STEPS) if view["burst_cap"] else idf
