"""How do groups of near-duplicates become the arrays that a reader maps?

Invariant: both directions tell the same story; the copies of article n stand between offsets n and n + 1.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.index.codec import write_array
from engine.index.duplicates import COPIES_NAME, COPIES_OFFSETS_NAME, ORIGINALS_NAME


def write_duplicates(directory: Path, originals: npt.NDArray[np.int32]) -> int:
    """Write who copies whom, given each article's original, int32 [n]; return the number of copies."""
    copies = np.flatnonzero(originals != np.arange(len(originals))).astype(np.int32)
    copied = originals[copies]
    offsets = np.zeros(len(originals) + 1, dtype=np.uint32)
    np.cumsum(np.bincount(copied, minlength=len(originals)), out=offsets[1:])
    write_array(directory / ORIGINALS_NAME, originals)
    write_array(directory / COPIES_NAME, copies[np.argsort(copied, kind="stable")])
    write_array(directory / COPIES_OFFSETS_NAME, offsets)
    return len(copies)
