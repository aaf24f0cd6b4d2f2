"""What is an article about that was put after the vectors were computed?

The mean of what it is like: the latent dimensions themselves stay with the index builder. Invariant: as
`engine.index.vectors`: rows of length 1, or zero where nothing is known.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from engine.index.vectors import VectorTable, unit_rows
from engine.live.relations import Relation

NEAREST = 8
"""More of them blur what the article is about."""


class LiveVectors(VectorTable):
    """The rows of `base`, followed by those of articles numbered from `first` on."""

    def __init__(
        self, base: VectorTable, first: int, relations: Sequence[Sequence[Relation]]
    ) -> None:
        self._base = base
        self._first = first
        dimensions = base.unit([0]).shape[1] if first else 0
        rows = np.zeros((len(relations), dimensions), dtype=np.float32)
        for place, related in enumerate(relations):
            nearest = [r for r in related if r.article < first][:NEAREST]
            if nearest:
                weights = np.asarray([r.similarity for r in nearest], dtype=np.float32)
                rows[place] = weights @ base.unit([r.article for r in nearest])
        self._put = unit_rows(rows)

    def unit(self, numbers: Sequence[int] | npt.NDArray[np.uint32]) -> npt.NDArray[np.float32]:
        """Return the rows of articles `numbers`, float32 [len(numbers), dimensions]."""
        wanted = np.asarray(numbers, dtype=np.intp)
        put = wanted >= self._first
        rows = np.empty((len(wanted), self._put.shape[1]), dtype=np.float32)
        rows[~put] = self._base.unit(wanted[~put].astype(np.uint32))
        rows[put] = self._put[wanted[put] - self._first]
        return rows
