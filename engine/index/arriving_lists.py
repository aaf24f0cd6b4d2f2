"""Which parts of which files hold the lists of some terms?

Invariant: once the lists were asked for here, everything that `postings` and `segments` read of them is
there: bounds, peaks, articles and impacts, of titles too. So a term whose lists must be there is asked for
when its number is looked up, and nothing that reads lists has to know of this.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from engine.index.array_parts import ArrayParts
from engine.index.arriving_files import ArrivingFiles
from engine.index.block_runs import Part


class ArrivingLists:
    """Which parts of the files `name` hold a list; `rows` as in `PostingsLists`."""

    def __init__(self, files: ArrivingFiles, name: str, rows: Mapping[int, int]) -> None:
        self._offsets, self._peaks, self._documents, self._impacts, self._dense = (
            ArrayParts(files, f"{name}.{part}.npy")
            for part in ("offsets", "peaks", "documents", "impacts", "dense")
        )
        self._rows = rows

    def bounds(self, numbers: Sequence[int]) -> Iterator[Part]:
        """Yield where the bounds and peaks of the lists `numbers` lie."""
        for number in numbers:
            yield self._offsets.part(number, number + 2)
            yield self._peaks.part(number, number + 1)

    def entries(self, numbers: Sequence[int]) -> Iterator[Part]:
        """Yield where the lists `numbers` lie, whose bounds are there."""
        offsets = self._offsets.array
        for number in numbers:
            start, end = int(offsets[number]), int(offsets[number + 1])
            if start < end:
                yield self._documents.part(start, end)
                yield self._impacts.part(start, end)
            else:
                row = self._rows[number]
                yield self._dense.part(row, row + 1)


class ArrivingSegment:
    """The lists of terms and of titles of a version that is still arriving.

    title_terms: as in `Segment`, there already.
    """

    def __init__(
        self,
        files: ArrivingFiles,
        lists: ArrivingLists,
        titles: ArrivingLists,
        title_terms: npt.NDArray[np.uint32],
    ) -> None:
        self._files = files
        self._lists = lists
        self._titles = titles
        self._title_terms = title_terms

    @property
    def arrives(self) -> bool:
        """Say whether anything may still be missing."""
        return not self._files.is_whole

    def need(self, numbers: Sequence[int]) -> None:
        """Return once the lists of the terms `numbers` are there; see `ArrivingFiles.need` for errors."""
        if self._files.is_whole or not numbers:
            return
        places = np.searchsorted(self._title_terms, numbers).tolist()
        titled = [
            place
            for place, number in zip(places, numbers, strict=True)
            if place < len(self._title_terms) and self._title_terms[place] == number
        ]
        self._files.need([*self._lists.bounds(numbers), *self._titles.bounds(titled)])
        self._files.need([*self._lists.entries(numbers), *self._titles.entries(titled)])
