"""How do stored texts, already compressed, become the arrays of a shard, and come back?"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

import numpy as np

from engine.errors import ArtifactDamagedError
from engine.index.codec import AnyArray
from index_builder.cache.sealed_file import SealedFile


def to_arrays(texts: Sequence[bytes]) -> dict[str, AnyArray]:
    """Return `texts` as arrays of numbers."""
    bounds = np.fromiter(accumulate(map(len, texts), initial=0), dtype=np.int64)
    return {"bounds": bounds, "data": np.frombuffer(b"".join(texts), dtype=np.uint8)}


class StoredTexts:
    """The texts of one shard by row."""

    def __init__(self, file: SealedFile) -> None:
        """Read the texts in `file`.

        Raises `ArtifactDamagedError` when a section is damaged, or the sections do not fit together.
        """
        self._bounds = file.array("bounds").tolist()
        self._data = file.array("data").data
        if not self._bounds or self._bounds[-1] != len(self._data):
            raise ArtifactDamagedError("texts: the sections do not fit together")

    def __getitem__(self, row: int) -> bytes:
        """Return the text in `row`."""
        return bytes(self._data[self._bounds[row] : self._bounds[row + 1]])
