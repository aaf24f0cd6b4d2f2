"""How is one of many records of different lengths read?

Invariant: what is returned is the record as `codec.write_records` was given it; where the files are still
arriving, the parts that hold it are asked for first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from engine.errors import ArtifactDamagedError
from engine.folder import Folder
from engine.index.array_parts import ArrayParts, arriving
from engine.index.block_runs import Part
from engine.index.codec import map_bytes


class RecordFile:
    """Reads records by number from `<name>.bin`, whose bounds are in `<name>.bounds.npy`."""

    __slots__ = ("_bounds", "_bounds_parts", "_data", "_files", "_name")

    def __init__(self, folder: Folder, name: str) -> None:
        """Map the files; raises `ArtifactDamagedError` when they do not fit together."""
        self._name = f"{name}.bin"
        self._files = arriving(folder)
        self._data = map_bytes(
            self._files.sparse(self._name) if self._files else folder / self._name
        )
        self._bounds_parts = ArrayParts(folder, f"{name}.bounds.npy")
        # A memoryview gives plain ints: two of an array's own scalars cost more than the record.
        self._bounds = self._bounds_parts.array.data
        if len(self._bounds) == 0 or self._bounds[-1] != len(self._data):
            raise ArtifactDamagedError(
                f"{self._name}: holds {len(self._data)} bytes, its bounds end at "
                f"{self._bounds[-1] if len(self._bounds) else 'nothing'}; rebuild the index"
            )

    def __len__(self) -> int:
        """Return how many records there are."""
        return len(self._bounds) - 1

    def __getitem__(self, number: int) -> bytes:
        """Return record `number`, 0 <= number < len(self)."""
        if self._files is not None:
            self.expect((number,))
        return bytes(self._data[self._bounds[number] : self._bounds[number + 1]])

    def expect(self, numbers: Iterable[int]) -> None:
        """Have the records `numbers` here, fetched at the same time where they still arrive."""
        expect_records([self], numbers)

    def expect_all(self) -> None:
        """Have every record here, as whoever searches among them needs it."""
        if self._files is not None and not self._files.is_whole:
            self._files.need(
                [self._files.whole(self._name), self._bounds_parts.part(0, len(self) + 1)]
            )

    def _bounds_of(self, numbers: Sequence[int]) -> Iterator[Part]:
        return (self._bounds_parts.part(number, number + 2) for number in numbers)

    def _parts_of(self, numbers: Sequence[int]) -> Iterator[Part]:
        bounds = self._bounds
        return (Part(self._name, bounds[number], bounds[number + 1]) for number in numbers)


def expect_records(records: Sequence[RecordFile], numbers: Iterable[int]) -> None:
    """Have the records `numbers` of several files of one folder here, fetched at the same time."""
    files = records[0]._files
    if files is None or files.is_whole:
        return
    wanted = list(numbers)
    files.need(part for each in records for part in each._bounds_of(wanted))
    files.need(part for each in records for part in each._parts_of(wanted))
