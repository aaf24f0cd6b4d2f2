"""Will this build fit into a Lambda function, and is there still time?

Asked before anything is built, by the size of the source, and again at each step, by the clock: a function
that is cut off in the middle tells nobody why. Invariant: a refusal names what was found, what was expected
and the way out; nothing was published then.
"""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.errors import GateRefusedError, SourceError
from index_builder.build_report import Progress

MEMORY_PER_SOURCE_BYTE = 24.0
"""A full rebuild of woshipm takes 18.6 above the base (`benchmarks.rebuild_room`); a quarter more than that."""

BASE_MEMORY_BYTES = 300 << 20
DISK_PER_SOURCE_BYTE = 6.0
"""Measured: 3.5 for index and cache, and at most 1 for the source; a third more."""

RESERVED_SECONDS = 45.0
"""What publishing takes in the end, and telling what happened."""

_GZIP_MAGIC = b"\x1f\x8b"
_CHUNK_BYTES = 4 << 20
_ADVICE = "Give the function more, or rebuild on a machine: wenmai rebuild SOURCE --to URL"


@dataclass(frozen=True, slots=True)
class LambdaLimits:
    """What the function has: memory in bytes (None where it is not known), seconds left when asked."""

    memory_bytes: int | None
    remaining_seconds: Callable[[], float]


def require_room(sources: Sequence[Path], work: Path, limits: LambdaLimits) -> int:
    """Return how many bytes of JSON lines the sources hold, if a build of them fits.

    Raises `GateRefusedError` when it does not, `SourceError` when a source cannot be read.
    """
    size = sum(map(_plain_bytes, sources))
    needed = round(BASE_MEMORY_BYTES + MEMORY_PER_SOURCE_BYTE * size)
    if limits.memory_bytes is not None and needed > limits.memory_bytes:
        raise GateRefusedError(
            "memory",
            f"about {needed >> 20:,} MB needed for {size:,} bytes of articles",
            f"{limits.memory_bytes >> 20:,} MB",
            _ADVICE,
        )
    wanted = round(DISK_PER_SOURCE_BYTE * size)
    free = shutil.disk_usage(work).free
    if wanted > free:
        raise GateRefusedError(
            "disk",
            f"about {wanted >> 20:,} MB needed in {work}",
            f"{free >> 20:,} MB free",
            _ADVICE,
        )
    return size


class ProgressWithinTime:
    """Passes progress on, and stops the build when too little time is left to publish it."""

    def __init__(self, progress: Progress, limits: LambdaLimits) -> None:
        self._progress = progress
        self._limits = limits
        self._stage = "the first stage"

    def start(self, stage: str, total: int | None) -> None:
        """Begin `stage`; raises `GateRefusedError` when there is no time for it."""
        self._stage = stage
        self._require_time()
        self._progress.start(stage, total)

    def advance(self, steps: int = 1) -> None:
        """Count steps; raises `GateRefusedError` when there is no time for more."""
        self._require_time()
        self._progress.advance(steps)

    def _require_time(self) -> None:
        left = self._limits.remaining_seconds()
        if left < RESERVED_SECONDS:
            raise GateRefusedError(
                "time",
                f"{left:.0f} s left during {self._stage!r}",
                f"{RESERVED_SECONDS:.0f} s to publish and report",
                "What was worked out is cached: run it again. " + _ADVICE,
            )


def _plain_bytes(path: Path) -> int:
    try:
        with path.open("rb") as file:
            if file.read(2) != _GZIP_MAGIC:
                return path.stat().st_size
        # The trailer's size is modulo 4 GiB and absent after a truncation; reading is quick and true.
        size = 0
        with gzip.open(path, "rb") as lines:
            while chunk := lines.read(_CHUNK_BYTES):
                size += len(chunk)
    except (OSError, EOFError) as error:
        raise SourceError(f"{path}: cannot be read ({error}); copy the file again") from error
    return size
