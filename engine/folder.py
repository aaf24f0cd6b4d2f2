"""Where do the files of an index lie?

In a folder, or still in a store, from which a file comes when it is first asked for. Invariant: what stands
under the path that is returned is the file as its writer wrote it, whole.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol


class Folder(Protocol):
    """A `Path` is one; so is `engine.index.arriving_files.ArrivingFiles`."""

    def __truediv__(self, name: str, /) -> Path:
        """Return the path of the file `name`, which need not exist."""
        ...
