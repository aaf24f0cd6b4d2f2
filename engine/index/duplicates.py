"""Which article is this one a repost of, and who else copied it?

Found at build time by `index_builder.near_duplicates`. Invariant: every article has one original, which
is its own original: the earliest published of its group, or the article itself where nobody copied it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from engine.folder import Folder
from engine.index.codec import map_array

ORIGINALS_NAME = "duplicates.originals.npy"
COPIES_NAME = "duplicates.copies.npy"
COPIES_OFFSETS_NAME = "duplicates.copies.offsets.npy"


class DuplicateTable:
    """Near-duplicates by article number, memory-mapped: a question is a look-up."""

    def __init__(self, directory: Folder) -> None:
        self._directory = directory

    @cached_property
    def originals(self) -> npt.NDArray[np.int32]:
        """The original of each article, int32 [n]; folding hits is `originals[hits]`."""
        return map_array(self._directory / ORIGINALS_NAME)

    def original_of(self, article: int) -> int:
        """Return the earliest article with nearly the same text: `article` itself if there is none."""
        return int(self.originals[article])

    def copies_of(self, article: int) -> tuple[int, ...]:
        """Return the later copies of `article`, ascending; none if it is itself a copy."""
        start, end = self._offsets[article : article + 2].tolist()
        return tuple(self._copies[start:end].tolist())

    def others_of(self, articles: Sequence[int]) -> list[set[int]]:
        """Return for each of `articles` the others of its group."""
        originals = self.originals[articles]
        alone = originals == articles
        alone &= self._offsets[originals + 1] == self._offsets[originals]
        if alone.all():
            return [set() for _ in articles]
        return self._others_of_each(articles)

    def _others_of_each(self, articles: Sequence[int]) -> list[set[int]]:
        groups = [
            {original, *self.copies_of(original)} for original in map(self.original_of, articles)
        ]
        return [group - {article} for group, article in zip(groups, articles, strict=True)]

    @cached_property
    def _copies(self) -> npt.NDArray[np.int32]:
        return map_array(self._directory / COPIES_NAME)

    @cached_property
    def _offsets(self) -> npt.NDArray[np.uint32]:
        return map_array(self._directory / COPIES_OFFSETS_NAME)
