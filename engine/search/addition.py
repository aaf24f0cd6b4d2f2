"""What do the weighted lists of a query add up to in one segment, and where is the sum greatest?

Few array operations, whatever the number of lists: what they cost to start is most of the time of a short
query. Invariant: sums are exact. Weights are rounded to grids on which every partial sum is a whole number
that a double holds, so a sum does not depend on the order in which lists are added, nor on which of them were
left to the end: `leaders` is the beginning of what `scores` says, ties included.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from math import frexp, ldexp
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.index.segments import Segment
from engine.search.leaders import (
    SAME_SCORE,
    Leaders,
    Sums,
    best_of,
    leaders_of,
    padded_size,
    reached_by,
)
from engine.search.weighted_lists import WeightedLists

_LIST_BITS = 48
"""Lists are added up in double precision, which holds whole numbers of 53 bits."""

_FEW_CELLS = 2**18
"""Rows of no more cells than that are added up whole: faster than finding out where they can matter."""

_MOST_CANDIDATES = 8
"""Rows are looked up for the candidates alone where these are at most one in so many of the articles."""


class Addition:
    """Gathers lists of one segment, then adds them up."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment
        self._lists = WeightedLists()
        self._choices: list[list[WeightedLists]] = []

    def add(self, weights: Mapping[str, float], title_growth: float) -> None:
        """Add the lists of terms, each times its weight, and `title_growth` times what titles say."""
        self._lists.add(self._segment, weights, title_growth)

    def add_best(self, names: Sequence[Mapping[str, float]], title_growth: float) -> None:
        """Add in each article the best of `names`: one word under several names is there once."""
        choice = []
        for weights in names:
            name = WeightedLists()
            name.add(self._segment, weights, title_growth)
            if name:
                choice.append(name)
        if choice:
            self._choices.append(choice)

    def scores(self) -> Sums:
        """Return the sum of each article, float64 [articles]."""
        grid = self._grid()
        total = self._sum_without_rows(grid)
        self._lists.add_rows(total, grid)
        return total[: self._segment.size]

    def leaders(self, size: int, hidden: npt.NDArray[np.bool_] | None) -> Leaders:
        """Return the best `size` articles of those that have a sum and are not `hidden`."""
        grid = self._grid()
        total = self._sum_without_rows(grid)
        if hidden is not None:
            total[: len(hidden)][hidden] = 0.0
        if self._lists.rows * self._segment.size > _FEW_CELLS:
            found = self._leaders_by_bounds(total, grid, size)
            if found is not None:
                return found
        self._lists.add_rows(total, grid)
        if hidden is not None:
            total[: len(hidden)][hidden] = 0.0
        return leaders_of(total, size)

    def _grid(self) -> float:
        """Return what all that is added up is a multiple of: a power of two, exact in binary."""
        bound = self._lists.bound + sum(name.bound for choice in self._choices for name in choice)
        return ldexp(1.0, frexp(bound)[1] - _LIST_BITS)

    def _sum_without_rows(self, grid: float) -> Sums:
        """Return what lists and choices add up to, float64 [articles, padded]."""
        padded = padded_size(self._segment.size)
        total = self._lists.sum_of_lists(padded, grid)
        for choice in self._choices:
            total += reduce(np.maximum, [name.sum_of_all(padded, grid) for name in choice])
        return total

    def _leaders_by_bounds(self, total: Sums, grid: float, size: int) -> Leaders | None:
        """Return the leaders, with rows read where they can matter alone; None where that is everywhere.

        What rows can add is bounded by their peaks. An article that lags behind the `size`-th best by more
        before rows are added cannot catch up with it.
        """
        reached = reached_by(total, size)
        least = reached * (1 - SAME_SCORE) - self._lists.bound_of_rows(grid)
        if least <= 0.0:
            return None
        candidates: npt.NDArray[Any] = (total >= least).nonzero()[0]
        if len(candidates) > len(total) // _MOST_CANDIDATES:
            return None
        sums = total[candidates] + self._lists.rows_at(candidates, grid)
        return best_of(candidates, sums, size)
