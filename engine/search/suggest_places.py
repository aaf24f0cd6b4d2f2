"""Where does a way to read the typed characters fit, and how good is each place?

Invariant: what is returned holds the best places for the number of completions wanted; in a crowd
the others may be missing, because looking at all of them would take longer than anybody types.
"""

from __future__ import annotations

from enum import IntEnum
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from engine.index.suggestions import SORTED_UNITS, Edge, SuggestionTable
from engine.search.suggest_readings import Evidence, TypedReading

CROWD = 4_096
"""A range of more places than this is not looked at place by place before the popular ones were: a
single letter has tens of thousands, of which nobody sees more than ten."""

_NOTHING = 0
"""The edge of a separator."""

_ROWS_AT_ONCE = (512, 4_096)
"""How many of the most popular rows are tried for beginnings, before all of them are."""

Scores = npt.NDArray[np.int64]
"""Rank and position of places in one number each, so that sorting them sorts by both."""

_POSITION_BITS = 40
_POSITION = (1 << _POSITION_BITS) - 1


class Standing(IntEnum):
    """Where in the completion a match stands, best first."""

    WHOLE = 0
    BEGINNING = 1
    WORD = 2
    INSIDE = 3
    INSIDE_LATIN = 4


# A rank is 16 * second reading + 4 * evidence + standing. Matches inside a Latin word come after
# all others: `on` inside `amazon` explains less than 欧尼 does.
_SECOND_READING = 16
_INSIDE_LATIN = 12


def position_of(score: int) -> int:
    """Return the position in `score`."""
    return score & _POSITION


def describe_rank(score: int) -> tuple[Evidence, Standing, bool]:
    """Return what the rank in `score` says: evidence, standing, and whether by a second reading."""
    second_reading, rank = divmod(score >> _POSITION_BITS, _SECOND_READING)
    if rank == _INSIDE_LATIN:
        return Evidence.INITIALS, Standing.INSIDE_LATIN, bool(second_reading)
    return Evidence(rank // 4), Standing(rank % 4), bool(second_reading)


def worst_rank(evidence: Evidence) -> int:
    """Return the score below which all places of `evidence` and stronger are, but for odd ones.

    Odd are places inside Latin words, or with a second reading: they come after all evidence.
    """
    return 4 * (evidence + 1) << _POSITION_BITS


def score_places(
    table: SuggestionTable, reading: TypedReading, size: int, weakest: Evidence
) -> Scores:
    """Return the places that `reading` fits, at least the best ones of `size` completions.

    No place counts as stronger evidence than `weakest`.
    """
    low, high = reading.places
    if high - low > CROWD and len(reading.units) < SORTED_UNITS:
        popular = _score_popular(table, reading, size, weakest)
        if popular is not None:
            return popular
    return _score(table, reading, table.order[low:high].astype(np.int64), weakest)


def completes(table: SuggestionTable, scores: Scores, below: int, size: int) -> bool:
    """Tell whether `scores` has places of `size` completions with scores under `below`."""
    good = scores[scores < below]
    if len(good) < size:
        return False
    # A sample may miss completions; then more places are looked at than need be, and that is all.
    some = (good[: 4 * size] & _POSITION).tolist()
    return len({table.locate(position)[0] for position in some}) >= size


def _score_popular(
    table: SuggestionTable, reading: TypedReading, size: int, weakest: Evidence
) -> Scores | None:
    """Return the best places if they are whole texts, beginnings or popular words, else None.

    Exact, because positions ascend as popularity descends: the first ones of a rank are its best.
    """
    strongest = 4 * max(weakest, reading.evidence)
    ends = slice(*table.row_ends(reading.places, len(reading.units)))
    suffixes = table.order[ends].astype(np.int64)
    wholes = suffixes[table.edges[suffixes] == Edge.TEXT]
    found = np.empty(0, dtype=np.int64)
    for first, end in pairwise((0, *_ROWS_AT_ONCE, max(len(table), *_ROWS_AT_ONCE))):
        rows = table.row_starts[: len(table)][first:end].astype(np.int64)
        found = np.concatenate([found, _score(table, reading, np.append(wholes, rows), weakest)])
        if completes(table, found, (strongest + Standing.WORD) << _POSITION_BITS, size):
            return found
    first_places = np.arange(min(CROWD, table.primary_end), dtype=np.int64)
    found = np.concatenate([found, _score(table, reading, first_places, weakest)])
    enough = completes(table, found, (strongest + Standing.INSIDE) << _POSITION_BITS, size)
    return found if enough else None


def _score(
    table: SuggestionTable,
    reading: TypedReading,
    positions: npt.NDArray[np.int64],
    weakest: Evidence,
) -> Scores:
    """Keep those of `positions` that `reading` fits, with their ranks."""
    for index, unit in enumerate(reading.units):
        # What does not fit is dropped at once, so no place is followed beyond the end of its row.
        at = positions + index
        if unit.character is not None:
            fits = table.characters[at] == unit.character
        else:
            sounds = table.sounds[at]
            fits = (sounds >= unit.sounds[0]) & (sounds < unit.sounds[1])
        positions = positions[fits]
    edges = table.edges[positions].astype(np.int64)
    behind = table.edges[positions + len(reading.units)]
    evidence = max(weakest, reading.evidence)
    rank = 4 * evidence + edges - ((edges == Edge.TEXT) & (behind == _NOTHING))
    if evidence == Evidence.WRITTEN:
        # A begun Latin word proves no more than a begun syllable: zh is 中 as much as Zhu.
        rank[behind == Edge.INSIDE_LATIN] += 4 * Evidence.SPELLED
    rank[edges == Edge.INSIDE_LATIN] = _INSIDE_LATIN
    rank[positions >= table.primary_end] += _SECOND_READING
    scores: Scores = (rank << _POSITION_BITS) | positions
    return scores
