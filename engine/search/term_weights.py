"""What does each term of a query count?

Pairs of units and words add up to one weight for each term; a word under several names counts as the best of
them. Invariant: what a term counts depends on the query and the index's own statistics alone, never on what was
added to the index since.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from engine.analysis.grams import is_pair
from engine.index.scoring_parameters import ScoringParameters
from engine.search.query_plan import QueryPlan
from engine.search.term_reader import TermReader

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


class TermWeights:
    """The weights of one plan.

    together: term -> weight, a word of two units being its pair; pairs and words: the two parts of that;
    choices: words under several names, of which the best counts; title_growth: what titles count beyond what
    they always do.
    """

    __slots__ = ("_reader", "_word_gain", "choices", "pairs", "title_growth", "together", "words")

    def __init__(self, reader: TermReader, plan: QueryPlan) -> None:
        parameters = reader.snapshot.scoring
        self._reader = reader
        self._word_gain = word_gain = parameters.word_gain
        self.title_growth = _title_growth(parameters, plan.units)
        self.pairs: dict[str, float] = {**plan.grams}
        self.words: dict[str, float] = {}
        self.choices: list[dict[str, float]] = []
        pairs, words = self.pairs, self.words
        for group in plan.groups:
            term, times, others = group.term, group.times, group.others
            if not others:
                words[term] = word_gain * times if term in pairs else times
            elif len(names := dict(self._names(term, others, times))) > 1:
                self.choices.append(names)
            else:
                words.update(names)
        for term, _, times, _ in plan.stop_words:
            words[term] = word_gain * times if term in pairs else times
        self.together = together = pairs.copy()
        for term, weight in words.items():
            together[term] = together[term] + weight if term in pairs else weight
        if plan.units > MANY_UNITS:
            self._leave_out_negligible()

    def _leave_out_negligible(self) -> None:
        base = self._reader.snapshot.segments[0]
        get, lists = base.terms.get, base.lists
        found = [
            (term, number, weight)
            for term, weight in self.together.items()
            if (number := get(term)) is not None
        ]
        starts, ends, peaks = lists.spans([number for _, number, _ in found])
        peaks = [peak * weight for (_, _, weight), peak in zip(found, peaks, strict=True)]
        least = NEGLIGIBLE_SHARE * max(peaks, default=0.0)
        for (term, _, _), start, end, peak in zip(found, starts, ends, peaks, strict=True):
            if start == end and peak < least:
                del self.together[term]
                self.pairs.pop(term, None)
                self.words.pop(term, None)

    def _names(self, word: str, others: tuple[str, ...], times: int) -> Iterator[tuple[str, float]]:
        """Yield those names of a word that articles have, with what each is worth."""
        frequencies = {
            term: frequency
            for term in (word, *others)
            if (frequency := self._reader.document_frequency(term))
        }
        # One word under several names is as common as its commonest name: a rare abbreviation must
        # not outweigh the word that it stands for.
        rarities = {term: self._rarity(frequency) for term, frequency in frequencies.items()}
        for term, rarity in rarities.items():
            share = min(rarities.values()) / rarity * (1.0 if term == word else SYNONYM_WEIGHT)
            gain = self._word_gain if is_pair(term) else 1.0
            yield term, times * share * gain

    def _rarity(self, document_frequency: int) -> float:
        """Return the BM25 idf that the impacts of a term with this frequency carry."""
        rest = max(0, self._reader.segments[0].segment.size - document_frequency)
        return math.log1p((rest + 0.5) / (document_frequency + 0.5))


def _title_growth(parameters: ScoringParameters, units: int) -> float:
    """Return what titles count in a query of so many `units` beyond what they always do."""
    if units <= SHORT_QUERY_UNITS:
        return parameters.short_query_gain
    if units <= LONG_QUERY_UNITS:
        return 0.0
    return parameters.long_query_gain * math.log(units / LONG_QUERY_UNITS)
