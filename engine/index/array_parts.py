"""Which bytes of a .npy file hold which rows of its array?

Invariant: an array that is still arriving is read only after the rows that are read were asked for.
"""

from __future__ import annotations

from engine.folder import Folder
from engine.index.arriving_files import ArrivingFiles
from engine.index.block_runs import Part
from engine.index.codec import AnyArray, map_array


def arriving(folder: Folder) -> ArrivingFiles | None:
    """Return `folder` if its files may not all be there yet."""
    return folder if isinstance(folder, ArrivingFiles) else None


class ArrayParts:
    """The array in `<folder>/<name>`, mapped; `part` says what to ask for before a row is read."""

    __slots__ = ("_files", "_first", "_name", "_row_bytes", "array")

    def __init__(self, folder: Folder, name: str) -> None:
        """Map the array; raises `ArtifactDamagedError` when it is none."""
        self._name = name
        self._files = arriving(folder)
        path = self._files.sparse(name) if self._files else folder / name
        self.array: AnyArray = map_array(path)
        self._first = path.stat().st_size - self.array.nbytes if self._files else 0
        self._row_bytes = self.array.strides[0]

    def part(self, start: int, end: int) -> Part:
        """Return what holds the rows `start` to `end`."""
        return Part(
            self._name, self._first + start * self._row_bytes, self._first + end * self._row_bytes
        )

    def need(self, start: int, end: int) -> None:
        """Return once the rows `start` to `end` are there; see `ArrivingFiles.need` for errors."""
        if self._files is not None and not self._files.is_whole:
            self._files.need([self.part(start, end)])
