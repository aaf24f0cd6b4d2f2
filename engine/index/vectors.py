"""How alike are two articles in subject, at a glance?

A few dozen latent dimensions per article, made by `index_builder.article_vectors`: coarser than the
neighbour lists, but any two articles can be compared. Invariant: every row that `unit` returns has length
1, or is zero where the text says nothing; the dot product of two rows is their cosine.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from engine.folder import Folder
from engine.index.codec import map_array

VECTORS_NAME = "vectors.npy"


class VectorTable:
    """One byte per article and dimension, memory-mapped."""

    def __init__(self, directory: Folder) -> None:
        self._directory = directory

    @cached_property
    def _rows(self) -> npt.NDArray[np.int8]:
        return map_array(self._directory / VECTORS_NAME)

    def unit(self, numbers: Sequence[int] | npt.NDArray[np.uint32]) -> npt.NDArray[np.float32]:
        """Return the rows of articles `numbers`, float32 [len(numbers), dimensions]."""
        return unit_rows(self._rows[np.asarray(numbers, dtype=np.intp)])


def unit_rows(rows: npt.NDArray[np.generic]) -> npt.NDArray[np.float32]:
    """Return `rows` scaled to length 1, float32; zero rows stay zero."""
    real = rows.astype(np.float32)
    lengths = np.sqrt(np.einsum("ij,ij->i", real, real))
    lengths[lengths == 0] = 1.0
    scaled: npt.NDArray[np.float32] = real / lengths[:, np.newaxis]
    return scaled
