"""How well does each article answer the plan?

The sum of the weighted impacts of the plan's terms (eager BM25F). Invariant: a score is the sum of its
explained parts.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.analysis.grams import unit_bigrams
from engine.index.postings import IMPACT_STEPS
from engine.index.segments import Segment
from engine.search.addition import Addition
from engine.search.query_plan import QueryPlan, TermGroup
from engine.search.requests import ScorePart
from engine.search.term_reader import SegmentReader, TermReader

SYNONYM_WEIGHT = 0.8
"""What a synonym counts beside the reader's own word: the same thing, less surely meant."""

LONG_QUERY_UNITS = 20
"""From this many distinct units on, a query is more and more likely a title."""

SHORT_QUERY_UNITS = 4
"""Up to this many distinct units a query names a topic: two words of two characters, or one of four."""

Scores = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Weights:
    """What the plan's terms are worth, in whichever segment.

    pairs and words: term -> weight; a word of two units is in both. choices: words under several names,
    of which the best counts.
    """

    pairs: Mapping[str, float]
    words: Mapping[str, float]
    choices: Sequence[Mapping[str, float]]

    def together(self) -> dict[str, float]:
        """Return term -> weight, all that is simply added up."""
        together = dict(self.pairs)
        for term, weight in self.words.items():
            together[term] = together.get(term, 0.0) + weight
        return together


class Scorer:
    """Scores one plan against one snapshot."""

    def __init__(self, reader: TermReader, plan: QueryPlan) -> None:
        self._reader = reader
        parameters = reader.snapshot.manifest.parameters
        self._word_gain = float(parameters["word_gain"])
        self._title_growth = _title_growth(parameters["views"].values(), plan.units)
        self._weights = self._weigh(plan)
        self._together = self._weights.together()

    def score_all(self) -> Scores:
        """Return the scores of all articles, float32; 0 where nothing of the plan occurs."""
        scores = [self._score_segment(segment) for segment in self._reader.segments]
        return scores[0] if len(scores) == 1 else np.concatenate(scores)

    def explain(self, article: int) -> tuple[ScorePart, ...]:
        """Return what each term adds to the score of `article`, largest first."""
        segment = next(
            reader for reader in reversed(self._reader.segments) if reader.segment.first <= article
        )
        local = article - segment.segment.first

        def part(term: str, field: str, weight: float) -> ScorePart:
            number = segment.numbers[term]
            return ScorePart(
                term,
                field,
                0.0 if number is None else weight * self._impact(segment.segment, number, local),
            )

        weights = self._weights
        parts = [part(term, "bigrams", weight) for term, weight in weights.pairs.items()]
        parts += [part(term, "words", weight) for term, weight in weights.words.items()]
        for choice in weights.choices:
            named = [part(term, "words", weight) for term, weight in choice.items()]
            parts.append(max(named, key=lambda one: one.weight))
        kept = [one for one in parts if one.weight > 0]
        return tuple(sorted(kept, key=lambda one: -one.weight))

    def _weigh(self, plan: QueryPlan) -> _Weights:
        pairs = {gram.term: float(gram.times) for gram in plan.grams}
        words: dict[str, float] = {}
        choices = []
        for group in (*plan.groups, *plan.stop_words):
            if group.alternatives:
                names = dict(self._names(group))
                if len(names) > 1:
                    choices.append(names)
                    continue
                words.update(names)
            else:
                gain = self._word_gain if group.term in pairs else 1.0
                words[group.term] = gain * group.times
        return _Weights(pairs, words, choices)

    def _names(self, group: TermGroup) -> Iterator[tuple[str, float]]:
        """Yield those names of a word that articles have, with what each is worth."""
        frequencies = {
            term: frequency
            for term in (group.term, *group.alternatives)
            if (frequency := self._reader.document_frequency(term))
        }
        # One word under several names is as common as its commonest name: a rare abbreviation must
        # not outweigh the word that it stands for.
        rarities = {term: self._rarity(frequency) for term, frequency in frequencies.items()}
        for term, rarity in rarities.items():
            share = (
                min(rarities.values()) / rarity * (1.0 if term == group.term else SYNONYM_WEIGHT)
            )
            gain = self._word_gain if unit_bigrams(term) == [term] else 1.0
            yield term, group.times * share * gain

    def _rarity(self, document_frequency: int) -> float:
        """Return the BM25 idf that the impacts of a term with this frequency carry."""
        rest = max(0, self._reader.articles - document_frequency)
        return math.log1p((rest + 0.5) / (document_frequency + 0.5))

    def _impact(self, segment: Segment, number: int, article: int) -> float:
        """Return what a weight of 1 makes of term `number` in `article` of the segment."""
        lists, titles = segment.lists, segment.titles
        impact = lists.step(number) * lists.impact(number, article)
        if self._title_growth and (titled := segment.title_list(number)) is not None:
            growth = self._title_growth * titles.step(titled)
            impact += growth * titles.impact(titled, article)
        return impact

    def _score_segment(self, segment: SegmentReader) -> Scores:
        scores = self._sum(segment, self._together)
        for choice in self._weights.choices:
            # An article that has both the word and its synonym has the thing once: the best counts.
            scores += reduce(
                np.maximum, (self._sum(segment, {term: weight}) for term, weight in choice.items())
            )
        return scores.astype(np.float32)

    def _sum(self, segment: SegmentReader, weights: Mapping[str, float]) -> npt.NDArray[np.float64]:
        numbers, factors = [], []
        for term, weight in weights.items():
            number = segment.numbers[term]
            if number is not None:
                numbers.append(number)
                factors.append(weight / IMPACT_STEPS)
        postings = Addition(segment.segment.size)
        postings.add(segment.lists, numbers, factors)
        if self._title_growth and numbers:
            places, titled = segment.segment.title_lists(numbers)
            growth = self._title_growth
            postings.add(segment.segment.titles, places, [growth * factors[at] for at in titled])
        return postings.total()


def _title_growth(views: Iterable[Mapping[str, Any]], units: int) -> float:
    """Return what titles count in a query of so many `units` beyond what they always do."""
    if units <= SHORT_QUERY_UNITS:
        # An index that was built before this was found out has none.
        return max(float(view.get("short_query_gain", 0.0)) for view in views)
    longer = max(0.0, math.log(units / LONG_QUERY_UNITS))
    return max(float(view["long_query_gain"]) for view in views) * longer
