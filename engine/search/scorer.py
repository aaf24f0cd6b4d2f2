"""How well does each article answer the plan?

The sum of the weighted impacts of the plan's terms (eager BM25F). Invariant: a score is the sum of its
explained parts, up to the grid that sums are rounded to (`engine.search.addition`).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.index.segments import Segment
from engine.search.addition import Addition
from engine.search.leaders import Leaders
from engine.search.query_plan import QueryPlan
from engine.search.requests import ScorePart
from engine.search.term_reader import TermReader
from engine.search.term_weights import TermWeights

Scores = npt.NDArray[np.float32]


class Scorer:
    """Scores one plan against one snapshot."""

    def __init__(self, reader: TermReader, plan: QueryPlan) -> None:
        self._reader = reader
        self._weights = TermWeights(reader, plan)

    def score_all(self) -> Scores:
        """Return the scores of all articles, float32; 0 where nothing of the plan occurs."""
        scores = [
            self._addition(reader.segment).scores().astype(np.float32)
            for reader in self._reader.segments
        ]
        return scores[0] if len(scores) == 1 else np.concatenate(scores)

    def leaders(self, size: int) -> Leaders:
        """Return the best `size` articles of those that have a score and are not hidden."""
        hidden = self._reader.snapshot.hidden
        segments = self._reader.snapshot.segments
        if len(segments) == 1:
            return self._addition(segments[0]).leaders(size, hidden)
        every = []
        for segment in segments:
            end = segment.first + segment.size
            inside = None if hidden is None else hidden[segment.first : end]
            found = self._addition(segment).leaders(size, inside)
            every.append(Leaders(found.articles + segment.first, found.scores))
        articles = np.concatenate([found.articles for found in every])
        scores = np.concatenate([found.scores for found in every])
        order = np.lexsort((articles, -scores))[:size]
        return Leaders(articles[order], scores[order])

    def explain(self, article: int) -> tuple[ScorePart, ...]:
        """Return what each term adds to the score of `article`, largest first."""
        segment = next(
            segment
            for segment in reversed(self._reader.snapshot.segments)
            if segment.first <= article
        )
        local = article - segment.first

        def part(term: str, field: str, weight: float) -> ScorePart:
            number = segment.terms.get(term)
            if number is None:
                return ScorePart(term, field, 0.0)
            return ScorePart(term, field, weight * self._impact(segment, number, local))

        weights = self._weights
        parts = [part(term, "bigrams", times) for term, times in weights.pairs.items()]
        parts += [part(term, "words", weight) for term, weight in weights.words.items()]
        for choice in weights.choices:
            named = [part(term, "words", weight) for term, weight in choice.items()]
            parts.append(max(named, key=lambda one: one.weight))
        kept = [one for one in parts if one.weight > 0]
        return tuple(sorted(kept, key=lambda one: -one.weight))

    def _addition(self, segment: Segment) -> Addition:
        weights = self._weights
        addition = Addition(segment)
        addition.add(weights.together, weights.title_growth)
        if weights.choices:
            # An article that has both the word and its synonym has the thing once: the best counts.
            addition.add_best(weights.choices, weights.title_growth)
        return addition

    def _impact(self, segment: Segment, number: int, article: int) -> float:
        """Return what a weight of 1 makes of term `number` in `article` of the segment."""
        lists, titles = segment.lists, segment.titles
        impact = lists.step(number) * lists.impact(number, article)
        growth = self._weights.title_growth
        if growth and (titled := segment.title_list(number)) is not None:
            impact += growth * titles.step(titled) * titles.impact(titled, article)
        return impact
