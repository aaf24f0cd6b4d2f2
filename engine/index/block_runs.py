"""Which calls bring the missing blocks of a file?

Invariant: the calls for some blocks cover these blocks, each once, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from engine.index.opening import BLOCK_BYTES

LONGEST_RUN_BLOCKS = 128
"""8 MB in one request, as `engine.index.fetch` reads them."""


class Part(NamedTuple):
    """The bytes `start` to `end` of the file `name`."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Runs:
    """What is fetched of one file in one call: first block and number of each run of blocks."""

    name: str
    runs: tuple[tuple[int, int], ...]

    @property
    def blocks(self) -> Iterator[tuple[str, int]]:
        """Yield the file's name with the number of each block."""
        for first, count in self.runs:
            for block in range(first, first + count):
                yield self.name, block

    def ranges(self, size: int) -> list[tuple[int, int]]:
        """Return start and length of each run in a file of `size` bytes."""
        return [
            (first * BLOCK_BYTES, min(count * BLOCK_BYTES, size - first * BLOCK_BYTES))
            for first, count in self.runs
        ]


def calls_for(name: str, blocks: Sequence[int]) -> Iterator[Runs]:
    """Yield `blocks`, ascending, as runs of neighbours, so many in one call as are no long run."""
    runs: list[tuple[int, int]] = []
    start = 0
    for place in range(1, len(blocks) + 1):
        ends = place == len(blocks) or blocks[place] != blocks[place - 1] + 1
        if place - start == LONGEST_RUN_BLOCKS:
            yield Runs(name, ((blocks[start], place - start),))
            start = place
        elif ends:
            runs.append((blocks[start], place - start))
            start = place
    if runs:
        yield Runs(name, tuple(runs))
