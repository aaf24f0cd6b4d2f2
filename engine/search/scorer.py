"""How well does each article answer the plan?

The sum of the weighted impacts of the plan's terms (eager BM25F). Invariant: a score is the sum of its
explained parts.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
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

MANY_UNITS = 40
NEGLIGIBLE_SHARE = 0.15
"""Of a query of more distinct units than that, a common term (one kept as a row) is left out where it can add
no more than this share of what the weightiest term can: it takes a third of the time and blurs the order. From
12 terms on, headings and leads of lctt lost 0.0014 and 0.0024 nDCG@10; from 40 units on, headings lose nothing,
leads of woshipm gain 0.0021 and those of lctt lose 0.0003. A share of 0.3 lost 0.002 on woshipm."""

LONG_QUERY_UNITS = 20
"""From this many distinct units on, a query is more and more likely a title."""

SHORT_QUERY_UNITS = 4
"""Up to this many distinct units a query names a topic: two words of two characters, or one of four."""

Scores = npt.NDArray[np.float32]


class Scorer:
    """Scores one plan against one snapshot."""

    def __init__(self, reader: TermReader, plan: QueryPlan) -> None:
        self._reader = reader
        parameters = reader.snapshot.manifest.parameters
        self._word_gain = float(parameters["word_gain"])
        self._title_growth = _title_growth(parameters["views"].values(), plan.units)
        self._pairs = dict(plan.grams)
        self._words: dict[str, float] = {}
        """Term -> weight; a word of two units is in both."""
        self._choices: list[dict[str, float]] = []
        """Words under several names, of which the best counts."""
        self._weigh_words(plan)
        self._together: dict[str, float] = {**plan.grams}
        for term, weight in self._words.items():
            self._together[term] = self._together.get(term, 0.0) + weight
        if plan.units > MANY_UNITS:
            self._leave_out_negligible(reader.segments[0])

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
            if number is None:
                return ScorePart(term, field, 0.0)
            impact = self._impact(segment.segment, number, local)
            return ScorePart(term, field, weight * impact)

        parts = [part(term, "bigrams", times) for term, times in self._pairs.items()]
        parts += [part(term, "words", weight) for term, weight in self._words.items()]
        for choice in self._choices:
            named = [part(term, "words", weight) for term, weight in choice.items()]
            parts.append(max(named, key=lambda one: one.weight))
        kept = [one for one in parts if one.weight > 0]
        return tuple(sorted(kept, key=lambda one: -one.weight))

    def _weigh_words(self, plan: QueryPlan) -> None:
        for group in plan.groups:
            if group.alternatives:
                names = dict(self._names(group))
                if len(names) > 1:
                    self._choices.append(names)
                else:
                    self._words.update(names)
            else:
                gain = self._word_gain if group.term in self._pairs else 1.0
                self._words[group.term] = gain * group.times
        for group in plan.stop_words:
            gain = self._word_gain if group.term in self._pairs else 1.0
            self._words[group.term] = gain * group.times

    def _leave_out_negligible(self, base: SegmentReader) -> None:
        lists, numbers = base.lists, base.numbers
        peaks = {
            term: weight * lists.peaks[number]
            for term, weight in self._together.items()
            if (number := numbers[term]) is not None
        }
        least = NEGLIGIBLE_SHARE * max(peaks.values(), default=0.0)
        for term, peak in peaks.items():
            if peak < least and numbers[term] in lists.rows:
                del self._together[term]
                self._pairs.pop(term, None)
                self._words.pop(term, None)

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
        rest = max(0, self._reader.segments[0].segment.size - document_frequency)
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
        numbers, factors = self._found(segment, self._together)
        total = Addition(segment.segment.size)
        total.add(segment.lists, numbers, factors)
        if self._title_growth and numbers:
            total.add(segment.segment.titles, *self._growth(segment, numbers, factors))
        for choice in self._choices:
            # An article that has both the word and its synonym has the thing once: the best counts.
            total.add_best([self._worth(segment, term, weight) for term, weight in choice.items()])
        return total.scores()

    def _growth(
        self, segment: SegmentReader, numbers: Sequence[int], factors: Sequence[float]
    ) -> tuple[list[int], list[float]]:
        """Return the lists of titles, and what an impact step is worth there once more."""
        places, titled = segment.segment.title_lists(numbers)
        return places, [self._title_growth * factors[at] for at in titled]

    def _worth(self, segment: SegmentReader, term: str, weight: float) -> Scores | None:
        """Return what `term` alone is worth in each article, None where no article has it."""
        numbers, factors = self._found(segment, {term: weight})
        if not numbers:
            return None
        worth = Addition(segment.segment.size)
        worth.add(segment.lists, numbers, factors)
        if self._title_growth:
            worth.add(segment.segment.titles, *self._growth(segment, numbers, factors))
        return worth.scores()

    def _found(
        self, segment: SegmentReader, weights: Mapping[str, float]
    ) -> tuple[list[int], list[float]]:
        """Return the lists of those terms that the segment has, and what an impact step is worth."""
        numbers, factors = [], []
        for term, weight in weights.items():
            number = segment.numbers[term]
            if number is not None:
                numbers.append(number)
                factors.append(weight / IMPACT_STEPS)
        return numbers, factors


def _title_growth(views: Iterable[Mapping[str, Any]], units: int) -> float:
    """Return what titles count in a query of so many `units` beyond what they always do."""
    if units <= SHORT_QUERY_UNITS:
        # An index that was built before this was found out has none.
        return max(float(view.get("short_query_gain", 0.0)) for view in views)
    longer = max(0.0, math.log(units / LONG_QUERY_UNITS))
    return max(float(view["long_query_gain"]) for view in views) * longer
