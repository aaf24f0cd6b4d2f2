"""Which lists does a query add up in one segment, and what is an impact step of each worth?

Lists and rows (`engine.index.postings`), of terms and of titles alike. Invariant: what a step is worth is a
multiple of the grid that all sums of the query share, a power of two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import frexp, ldexp
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.index.postings import IMPACT_STEPS, Documents, PostingsLists
from engine.index.segments import Segment

Sums = npt.NDArray[np.float64]

_ROW_BITS = 23
"""Rows are added up in single precision, which holds whole numbers of 24 bits: twice as fast. What a step of a
row is worth is right to a 30,000th of what all rows are worth."""


class WeightedLists:
    """The lists of some terms with their weights.

    bound: what no article can get more than from all of them, up to rounding.
    """

    __slots__ = ("_dense", "_documents", "_impacts", "_peaks", "_row_peaks", "bound")

    def __init__(self) -> None:
        self.bound = 0.0
        self._documents: list[Documents] = []
        self._impacts: list[npt.NDArray[np.uint8]] = []
        self._peaks: list[float] = []
        self._dense: list[tuple[npt.NDArray[np.uint8], list[int]]] = []
        self._row_peaks: list[float] = []

    def __bool__(self) -> bool:
        """Tell whether any article has any of the terms."""
        return self.bound > 0.0

    @property
    def rows(self) -> int:
        """Return how many of the lists are kept as rows."""
        return len(self._row_peaks)

    def add(self, segment: Segment, weights: Mapping[str, float], title_growth: float) -> None:
        """Add the lists of terms, each times its weight, and `title_growth` times what titles say."""
        get = segment.terms.get
        numbers, factors = [], []
        for term, weight in weights.items():
            number = get(term)
            if number is not None:
                numbers.append(number)
                factors.append(weight)
        self._add(segment.lists, numbers, factors)
        if title_growth:
            places, titled = segment.title_lists(numbers)
            if places:
                self._add(segment.titles, places, [title_growth * factors[at] for at in titled])
        self.bound = sum(self._peaks) + sum(self._row_peaks)

    def sum_of_lists(self, size: int, grid: float) -> Sums:
        """Return what the lists, not the rows, add up to, float64 [size]."""
        if not self._documents:
            return np.zeros(size)
        steps = _snapped(self._peaks, grid)
        weights: npt.NDArray[Any]
        if len(steps) == 1:
            documents, weights = self._documents[0], self._impacts[0] * steps
        else:
            lengths = list(map(len, self._documents))
            documents = np.concatenate(self._documents)
            weights = np.concatenate(self._impacts) * steps.repeat(lengths)
        total: npt.NDArray[Any] = np.bincount(documents, weights, size)
        return total

    def sum_of_all(self, size: int, grid: float) -> Sums:
        """Return what lists and rows add up to, float64 [size]."""
        total = self.sum_of_lists(size, grid)
        self.add_rows(total, grid)
        return total

    def add_rows(self, total: Sums, grid: float) -> None:
        """Add the rows to `total`, which may be longer than they are."""
        done = 0
        for dense, rows in self._dense:
            steps = self._row_steps(grid)[done : (done := done + len(rows))].astype(np.float32)
            # Not the matrix product of BLAS, which would wake its threads for so little.
            total[: dense.shape[1]] += np.einsum("r,rn->n", steps, dense[rows])

    def rows_at(self, articles: npt.NDArray[np.intp], grid: float) -> Sums:
        """Return what the rows add up to in each of `articles`, float64."""
        impacts = [dense[np.array(rows)[:, None], articles] for dense, rows in self._dense]
        found: Sums = self._row_steps(grid) @ (
            impacts[0] if len(impacts) == 1 else np.concatenate(impacts)
        )
        return found

    def bound_of_rows(self, grid: float) -> float:
        """Return what the rows add to an article at most."""
        return float(self._row_steps(grid).sum()) * IMPACT_STEPS

    def _row_steps(self, grid: float) -> Sums:
        rough = ldexp(1.0, frexp(sum(self._row_peaks))[1] - _ROW_BITS)
        return _snapped(self._row_peaks, max(rough, grid))

    def _add(self, lists: PostingsLists, numbers: Sequence[int], factors: Sequence[float]) -> None:
        documents, impacts, rows = lists.documents, lists.impacts, []
        places = zip(numbers, factors, *lists.spans(numbers), strict=True)
        for number, factor, start, end, peak in places:
            if start == end:
                rows.append(lists.rows[number])
                self._row_peaks.append(factor * peak)
            else:
                self._documents.append(documents[start:end])
                self._impacts.append(impacts[start:end])
                self._peaks.append(factor * peak)
        if rows:
            self._dense.append((lists.dense, rows))


def _snapped(peaks: Sequence[float], grid: float) -> Sums:
    """Return what an impact step of each list is worth, as a multiple of `grid`."""
    steps: Sums = np.rint(np.array(peaks) / (IMPACT_STEPS * grid)) * grid
    return steps
