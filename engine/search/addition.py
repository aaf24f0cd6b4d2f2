"""What do the weighted lists of a query add up to in one segment, and where is the sum greatest?

Few array operations, whatever the number of lists: what they cost to start is most of the time of a short
query. Invariant: sums are exact. Weights are rounded to grids on which every partial sum is a whole number
that a double holds, so a sum does not depend on the order in which lists are added, nor on which of them were
left to the end: `leaders` is the beginning of what `scores` says, ties included.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import frexp, ldexp

import numpy as np
import numpy.typing as npt

from engine.index.segments import Segment
from engine.search.bounded_addition import BoundedAddition
from engine.search.leaders import Leaders, Sums, leaders_of, padded_size
from engine.search.weighted_lists import WeightedLists, Worth, greatest

_LIST_BITS = 48
"""Lists are added up in double precision, which holds whole numbers of 53 bits."""

_MANY_POSTINGS = 2**16
_MANY_CELLS = 2**20
"""Fewer postings, or cells of rows, are added up faster than it is found out which of them can matter."""


class Addition:
    """Gathers lists of one segment, then adds them up."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment
        self._lists = WeightedLists()
        self._names = WeightedLists()
        self._choices: list[tuple[int, int]] = []
        """Which slots of `_names` are names of one word: from, to."""

    def add(self, weights: Mapping[str, float], title_growth: float) -> None:
        """Add the lists of terms, each times its weight, and `title_growth` times what titles say."""
        self._lists.add(self._segment, weights.items(), title_growth)

    def add_best(self, choices: Sequence[Mapping[str, float]], title_growth: float) -> None:
        """Add in each article the best of each choice: one word under several names is there once."""
        slot = 0
        for names in choices:
            self._choices.append((slot, slot + len(names)))
            slot += len(names)
        weights = [named for names in choices for named in names.items()]
        self._names.add(self._segment, weights, title_growth, range(slot))

    def scores(self) -> Sums:
        """Return the sum of each article, float64 [articles]."""
        total = self._total(self._grid(), self._segment.size)
        return total[: self._segment.size]

    def leaders(self, size: int, hidden: npt.NDArray[np.bool_] | None) -> Leaders:
        """Return the best `size` articles of those that have a sum and are not `hidden`."""
        grid, padded = self._grid(), padded_size(self._segment.size)
        if self._is_much():
            more = self._choices_worth(grid, padded)
            return BoundedAddition(self._lists, more, grid, padded).leaders(size, hidden)
        total = self._total(grid, padded)
        if hidden is not None:
            total[: len(hidden)][hidden] = 0.0
        return leaders_of(total, size)

    def _is_much(self) -> bool:
        lists, articles = self._lists, self._segment.size
        if lists.rows * articles > _MANY_CELLS:
            return True
        # A list that is no row has fewer postings than there are articles.
        if len(lists.documents) * articles <= _MANY_POSTINGS:
            return False
        return sum(map(len, lists.documents)) > _MANY_POSTINGS

    def _grid(self) -> float:
        """Return what all that is added up is a multiple of: a power of two, exact in binary."""
        bound = self._lists.bound + self._names.bound
        return ldexp(1.0, frexp(bound)[1] - _LIST_BITS)

    def _total(self, grid: float, size: int) -> Sums:
        """Return the sum of each article, float64 [size]."""
        total = self._lists.sum_of_all(size, grid)
        if self._names.bound:
            sums = self._names.sums(self._choices[-1][1], size, grid)
            for first, end in self._choices:
                total += np.maximum.reduce(sums[first:end])
        return total

    def _choices_worth(self, grid: float, size: int) -> list[Worth]:
        """Return what choices add, in as few places as articles have their words."""
        return [
            worth
            for first, end in self._choices
            for worth in greatest(
                [self._names.part(slot).worth(size, grid) for slot in range(first, end)]
            )
        ]
