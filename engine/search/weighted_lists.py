"""Which lists does a query add up in one segment, and what is an impact step of each worth?

Lists and rows (`engine.index.postings`), of terms and of titles alike. Invariant: what a step is worth is a
multiple of the grid that all sums of the query share, a power of two.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import frexp, ldexp
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from engine.index.postings import IMPACT_STEPS, Documents, PostingsLists
from engine.index.segments import Segment
from engine.search.leaders import Sums

_ROW_BITS = 23
"""Rows are added up in single precision, which holds whole numbers of 24 bits: twice as fast. What a step of a
row is worth is right to a 30,000th of what all rows are worth."""


class Worth(NamedTuple):
    """Articles, each once, and what each gets; nothing for the others."""

    articles: Documents
    sums: Sums


class WeightedLists:
    """The lists of some terms with their weights, each for one of several sums (slot 0 where there is one).

    bound: what no article can get more than from all of them, up to rounding; impacts and documents: those of
    each list that is no row, with its greatest weight in `peaks`.
    """

    __slots__ = (
        "_dense",
        "_row_peaks",
        "_row_slots",
        "_slots",
        "bound",
        "documents",
        "impacts",
        "peaks",
    )

    def __init__(self) -> None:
        self.bound = 0.0
        self.documents: list[Documents] = []
        self.impacts: list[npt.NDArray[np.uint8]] = []
        self.peaks: list[float] = []
        self._slots: list[int] = []
        self._dense: list[tuple[npt.NDArray[np.uint8], list[int]]] = []
        self._row_peaks: list[float] = []
        self._row_slots: list[int] = []

    @property
    def rows(self) -> int:
        """Return how many of the lists are kept as rows."""
        return len(self._row_peaks)

    def add(
        self,
        segment: Segment,
        weights: Iterable[tuple[str, float]],
        title_growth: float,
        slots: Sequence[int] | None = None,
    ) -> None:
        """Add the lists of terms, each times its weight, and `title_growth` times what titles say.

        slots: for which sum each term is, 0 where not given.
        """
        get = segment.terms.get
        numbers, factors, chosen = [], [], []
        for at, (term, weight) in enumerate(weights):
            number = get(term)
            if number is not None:
                numbers.append(number)
                factors.append(weight)
                chosen.append(slots[at] if slots else 0)
        self._add(segment.lists, numbers, factors, chosen)
        if title_growth:
            places, titled = segment.title_lists(numbers)
            if places:
                growths = [title_growth * factors[at] for at in titled]
                self._add(segment.titles, places, growths, [chosen[at] for at in titled])
        self.bound = sum(self.peaks) + sum(self._row_peaks)

    def steps(self, grid: float) -> Sums:
        """Return what an impact step of each list is worth."""
        return _snapped(self.peaks, grid)

    def sum_of_all(self, size: int, grid: float) -> Sums:
        """Return what lists and rows add up to, float64 [size], whatever their slots."""
        total = summed(self.worth_of_lists(self.steps(grid), range(len(self.documents))), size)
        self.add_rows(total, grid)
        return total

    def sums(self, slots: int, size: int, grid: float) -> Sums:
        """Return what lists and rows of each slot add up to, float64 [slots, size].

        All in double precision: there are few rows among the names of words.
        """
        totals = np.zeros((slots, size))
        if self.documents:
            # One addition for all: the articles of a slot follow those of the one before.
            ((articles, worths),) = self.worth_of_lists(
                self.steps(grid), range(len(self.documents))
            )
            starts = np.array(self._slots).repeat(list(map(len, self.documents))) * size
            counted: npt.NDArray[Any] = np.bincount(articles + starts, worths, slots * size)
            totals = counted.reshape(slots, size)
        steps = _snapped(self._row_peaks, grid).tolist()
        found = iter(zip(self._row_slots, steps, strict=True))
        for dense, rows in self._dense:
            for row in rows:
                slot, step = next(found)
                totals[slot, : dense.shape[1]] += dense[row] * step
        return totals

    def part(self, slot: int) -> WeightedLists:
        """Return the lists of one slot alone."""
        part = WeightedLists()
        for at, other in enumerate(self._slots):
            if other == slot:
                part.documents.append(self.documents[at])
                part.impacts.append(self.impacts[at])
                part.peaks.append(self.peaks[at])
                part._slots.append(0)
        places = [(dense, row) for dense, rows in self._dense for row in rows]
        for (dense, row), peak, other in zip(places, self._row_peaks, self._row_slots, strict=True):
            if other == slot:
                part._dense.append((dense, [row]))
                part._row_peaks.append(peak)
                part._row_slots.append(0)
        return part

    def worth_of_lists(self, steps: Sums, chosen: Sequence[int]) -> list[Worth]:
        """Return what the `chosen` lists are worth as one: an article may be there several times."""
        if not len(chosen):
            return []
        if len(chosen) == 1:
            (at,) = chosen
            return [Worth(self.documents[at], self.impacts[at] * steps[at])]
        documents, impacts = self.documents, self.impacts
        if len(chosen) < len(documents):
            documents = [documents[at] for at in chosen]
            impacts = [impacts[at] for at in chosen]
            steps = steps[np.array(chosen)]
        weights = np.concatenate(impacts) * steps.repeat(list(map(len, documents)))
        return [Worth(np.concatenate(documents), weights)]

    def worth(self, size: int, grid: float) -> Worth:
        """Return what `sums` has of one slot, as the articles that get anything."""
        if len(self.documents) == 1 and not self._row_peaks:
            return Worth(self.documents[0], self.impacts[0] * self.steps(grid))
        (total,) = self.sums(1, size, grid)
        articles = total.nonzero()[0]
        return Worth(articles.astype(np.uint32), total[articles])

    def add_rows(self, total: Sums, grid: float) -> None:
        """Add the rows to `total`, which may be longer than they are."""
        if not self._dense:
            return
        steps, done = self._row_steps(grid).astype(np.float32), 0
        for dense, rows in self._dense:
            if len(rows) == 1:
                total[: dense.shape[1]] += dense[rows[0]] * steps[done]
            else:
                # Not the matrix product of BLAS, which would wake its threads for so little.
                chosen = dense.take(rows, axis=0)
                total[: dense.shape[1]] += np.einsum(
                    "rn,r->n", chosen, steps[done : done + len(rows)]
                )
            done += len(rows)

    def rows_at(self, articles: npt.NDArray[np.intp], grid: float) -> Sums:
        """Return what the rows add up to in each of `articles`, float64."""
        total = np.zeros(len(articles))
        steps, done = self._row_steps(grid), 0
        for dense, rows in self._dense:
            worths = steps[done : (done := done + len(rows))]
            total += worths @ dense[np.array(rows)[:, None], articles]
        return total

    def bound_of_rows(self, grid: float) -> float:
        """Return what the rows add to an article at most."""
        return float(self._row_steps(grid).sum()) * IMPACT_STEPS

    def _row_steps(self, grid: float) -> Sums:
        rough = ldexp(1.0, frexp(sum(self._row_peaks))[1] - _ROW_BITS)
        return _snapped(self._row_peaks, max(rough, grid))

    def _add(
        self,
        lists: PostingsLists,
        numbers: Sequence[int],
        factors: Sequence[float],
        slots: Sequence[int],
    ) -> None:
        documents, impacts, rows = lists.documents, lists.impacts, []
        places = zip(numbers, factors, slots, *lists.spans(numbers), strict=True)
        for number, factor, slot, start, end, peak in places:
            if start == end:
                rows.append(lists.rows[number])
                self._row_peaks.append(factor * peak)
                self._row_slots.append(slot)
            else:
                self.documents.append(documents[start:end])
                self.impacts.append(impacts[start:end])
                self.peaks.append(factor * peak)
                self._slots.append(slot)
        if rows:
            self._dense.append((lists.dense, rows))


def summed(worths: Sequence[Worth], size: int) -> Sums:
    """Return what `worths` add up to in each article, float64 [size]."""
    worths = [
        worth for worth in worths if len(worth.articles)
    ]  # of nothing, bincount makes integers
    if not worths:
        return np.zeros(size)
    if len(worths) == 1:
        (articles, sums) = worths[0]
    else:
        articles = np.concatenate([worth.articles for worth in worths])
        sums = np.concatenate([worth.sums for worth in worths])
    total: npt.NDArray[Any] = np.bincount(articles, sums, size)
    return total


def greatest(worths: Sequence[Worth]) -> list[Worth]:
    """Return what adds up to the greatest of `worths` in each article.

    The first as it is, and of each other one what it has more than those before it.
    """
    found: list[Worth] = []
    for articles, sums in worths:
        if not len(articles):
            continue
        # Each of those before is worth no more than all of them together: their sum so far is the greatest.
        before = np.zeros(len(articles))
        for known in found:
            places = known.articles.searchsorted(articles)
            has = known.articles.take(places, mode="clip") == articles
            before += np.where(has, known.sums.take(places, mode="clip"), 0.0)
        found.append(Worth(articles, np.maximum(sums - before, 0.0)))
    return found


def _snapped(peaks: Sequence[float], grid: float) -> Sums:
    """Return what an impact step of each list is worth, as a multiple of `grid`."""
    steps: Sums = np.rint(np.array(peaks) / (IMPACT_STEPS * grid)) * grid
    return steps
