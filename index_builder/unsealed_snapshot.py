"""What can be read of an index that is written already, but not sealed yet?

Invariant: what is read comes from the files that readers will map.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from engine.index.segments import Segment, open_segment
from engine.index.snapshot import Snapshot


class UnsealedSnapshot(Snapshot):
    """The parts of a snapshot in `directory` that are written, without a manifest to name them."""

    def __init__(self, directory: Path, articles: int) -> None:
        # Not the base's: there is no manifest, and who asks for it is told so.
        self.directory = directory
        self._count = articles

    @cached_property
    def _segment(self) -> Segment:
        return open_segment(self.directory, self._count)
