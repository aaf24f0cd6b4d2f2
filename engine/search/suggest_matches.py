"""Which completions match what was typed, best first?

Ranked by what the typed characters prove (written, spelled, initials: the weakest counts), then by
where the match stands (whole text, its beginning, a word's beginning, inside), then by popularity.
Invariant: each completion appears once, by its best place; equal input gives an equal answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from string import ascii_lowercase

import numpy as np
import numpy.typing as npt

from engine.index.suggestions import SuggestionTable
from engine.search.suggest_places import (
    Scores,
    Standing,
    completes,
    describe_rank,
    position_of,
    score_places,
    worst_rank,
)
from engine.search.suggest_readings import Evidence, find_readings


@dataclass(frozen=True, slots=True)
class SuggestionMatch:
    """One completion that matches: its number, its matched key characters, and how they match.

    `second_reading` tells that a character was read as its word usually does not read it.
    """

    entry: int
    first: int
    length: int
    evidence: Evidence
    standing: Standing
    second_reading: bool

    @property
    def rank(self) -> tuple[bool, bool, Evidence, Standing]:
        """How good the match is, the smaller the better: to be compared between tables."""
        inside_latin = self.standing is Standing.INSIDE_LATIN
        return self.second_reading, inside_latin, self.evidence, self.standing


def best_matches(table: SuggestionTable, key: str, size: int) -> list[SuggestionMatch]:
    """Return the best `size` matches of `key`, a `suggestion_key` that is not empty, best first."""
    # One letter proves nothing: 抖音 is as good an answer to d as Dior.
    single = len(key) == 1 and key in ascii_lowercase
    weakest = Evidence.SPELLED if single else Evidence.WRITTEN
    readings = sorted(find_readings(table, key), key=lambda reading: reading.evidence)
    scores = np.empty(0, dtype=np.int64)
    lengths = np.empty(0, dtype=np.int64)
    for evidence, alike in groupby(readings, key=lambda reading: reading.evidence):
        for reading in alike:
            found = score_places(table, reading, size, weakest)
            scores = np.append(scores, found)
            lengths = np.append(lengths, np.full(len(found), len(reading.units)))
        if completes(table, scores, worst_rank(evidence), size):
            break
    return _select(table, scores, lengths, size)


def _select(
    table: SuggestionTable, scores: Scores, lengths: npt.NDArray[np.int64], size: int
) -> list[SuggestionMatch]:
    """Return the best match of each of the best `size` completions."""
    # A completion may have several places, so the best few may be of fewer completions than wanted.
    for considered in (4 * size, 64 * size):
        if considered < len(scores):
            best = np.argpartition(scores, considered)[:considered]
            matches = _distinct(table, scores[best], lengths[best], size)
            if len(matches) == size:
                return matches
    return _distinct(table, scores, lengths, size)


def _distinct(
    table: SuggestionTable, scores: Scores, lengths: npt.NDArray[np.int64], size: int
) -> list[SuggestionMatch]:
    matches: dict[int, SuggestionMatch] = {}
    for score, length in sorted(zip(scores.tolist(), lengths.tolist(), strict=True)):
        entry, first = table.locate(position_of(score))
        if entry not in matches:
            matches[entry] = SuggestionMatch(entry, first, length, *describe_rank(score))
            if len(matches) == size:
                break
    return list(matches.values())
