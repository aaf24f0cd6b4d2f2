"""Which articles are nearest to article n, and which words make them so?

Invariant: the neighbours of an article never include itself; each list stands in order of recommendation
(how well it goes with the article, diversified) and is padded with `NOBODY`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from engine.folder import Folder
from engine.index.array_parts import ArrayParts, arriving
from engine.index.record_file import RecordFile

NOBODY = 0xFFFFFFFF
"""Pads a list that is shorter than the others; also pads shared terms."""

BETWEEN_NEIGHBOURS, BETWEEN_TERMS = "\n", "\t"
"""What stands between the shared terms of an article's neighbours; no word holds white space."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A related article, how alike the texts are in 0..1, and the words that say why, strongest first."""

    article: int
    similarity: float
    shared_terms: tuple[str, ...]


class NeighbourTable:
    """Precomputed related articles: a request is a lookup."""

    def __init__(self, directory: Folder) -> None:
        self._directory = directory

    @cached_property
    def _articles(self) -> ArrayParts:
        return ArrayParts(self._directory, "related.articles.npy")

    @cached_property
    def _similarities(self) -> ArrayParts:
        return ArrayParts(self._directory, "related.similarities.npy")

    @cached_property
    def _shared(self) -> RecordFile:
        return RecordFile(self._directory, "related.shared_terms")

    def _expect(self, article: int) -> None:
        files = arriving(self._directory)
        if files is not None:
            rows = [
                table.part(article, article + 1) for table in (self._articles, self._similarities)
            ]
            files.begin(rows)
            self._shared.expect((article,))
            files.need(rows)

    def numbers_of(self, article: int) -> npt.NDArray[np.uint32]:
        """Return the numbers of the neighbours of `article` in order of recommendation."""
        self._articles.need(article, article + 1)
        row = self._articles.array[article]
        numbers: npt.NDArray[np.uint32] = row[row != NOBODY]
        return numbers

    def of(self, article: int) -> Iterator[Neighbour]:
        """Yield the neighbours of `article` in order of recommendation."""
        self._expect(article)
        row = zip(
            self._articles.array[article].tolist(),
            self._similarities.array[article].tolist(),
            self._shared[article].decode("utf-8").split(BETWEEN_NEIGHBOURS),
            strict=True,
        )
        for neighbour, similarity, shared in row:
            if neighbour == NOBODY:
                return
            terms = tuple(shared.split(BETWEEN_TERMS)) if shared else ()
            yield Neighbour(neighbour, similarity, terms)
