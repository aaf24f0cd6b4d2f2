"""What do weighted lists of impacts add up to, for every article?

Few array operations, whatever the number of lists: what they cost to start is most of the time of a short
query. Invariant: the sum of an article depends on the lists and their order alone, to the last bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.index.postings import Documents, PostingsLists


class Addition:
    """Gathers lists, then adds them up at once."""

    def __init__(self, articles: int) -> None:
        self._articles = articles
        self._documents: list[Documents] = []
        self._impacts: list[npt.NDArray[np.uint8]] = []
        self._lengths: list[int] = []
        self._factors: list[float] = []
        self._rows: list[npt.NDArray[np.floating]] = []

    def add(self, lists: PostingsLists, numbers: Sequence[int], factors: Sequence[float]) -> None:
        """Add the lists `numbers`, one impact step of a list's peak being worth its factor."""
        offsets, peaks, row_of = lists.offsets, lists.peaks, lists.rows
        documents, impacts = lists.documents, lists.impacts
        rows, row_factors = [], []
        for number, factor in zip(numbers, factors, strict=True):
            start, end = offsets[number], offsets[number + 1]
            if start == end:
                rows.append(row_of[number])
                row_factors.append(factor * peaks[number])
            else:
                self._documents.append(documents[start:end])
                self._impacts.append(impacts[start:end])
                self._lengths.append(end - start)
                self._factors.append(factor * peaks[number])
        if rows:
            # Not the matrix product of BLAS, which would wake its threads for so little.
            weights = np.asarray(row_factors, dtype=np.float32)
            self._rows.append(np.einsum("r,rn->n", weights, lists.dense[rows]))

    def add_best(self, worths: Sequence[npt.NDArray[np.float32] | None]) -> None:
        """Add, for each article, the greatest of `worths`, each float32 [articles] or nothing."""
        known = [worth for worth in worths if worth is not None]
        if known:
            self._rows.append(reduce(np.maximum, known))

    def scores(self) -> npt.NDArray[np.float32]:
        """Return the sum of each article, float32 [articles]."""
        if self._documents:
            weights = np.concatenate(self._impacts) * np.repeat(self._factors, self._lengths)
            documents = np.concatenate(self._documents)
            total: npt.NDArray[Any] = np.bincount(documents, weights, self._articles)
        else:
            total = np.zeros(self._articles)
        for row in self._rows:
            total += row
        return total.astype(np.float32)
