"""Who still uses a version that lies in a folder of this machine?

A reader maps files where they lie and opens some only when a query needs them, so they must stay. It
holds a shared `flock` on the version's manifest; whoever wants to delete the version takes the exclusive
one first. Invariant: a version with a living holder is never deleted, and the kernel lets go of the lock
of a holder that died, so nothing has to be cleaned up by the clock.
"""

from __future__ import annotations

import fcntl
import os
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.errors import ArtifactDamagedError
from engine.index.manifest import MANIFEST_NAME


class Lease:
    """Keeps a version's files in place for as long as this object lives."""

    __slots__ = ("__weakref__",)

    def __init__(self, descriptor: int) -> None:
        weakref.finalize(self, os.close, descriptor)


def take_lease(folder: Path) -> Lease:
    """Return a lease on the version in `folder`.

    Raises `ArtifactDamagedError` when the version is gone or is being deleted.
    """
    try:
        descriptor = os.open(folder / MANIFEST_NAME, os.O_RDONLY)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ArtifactDamagedError(f"{folder}: no {MANIFEST_NAME} there; publish again") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        # Deleted between opening and locking: the name is gone, though the file can still be read.
        deleted = os.fstat(descriptor).st_nlink == 0
    except BlockingIOError:
        deleted = True
    if deleted:
        os.close(descriptor)
        raise ArtifactDamagedError(f"{folder}: is being deleted; read the pointer again")
    return Lease(descriptor)


@contextmanager
def exclusive_lease(folder: Path) -> Iterator[bool]:
    """Yield whether nobody holds the version in `folder`; then nobody gets a lease inside the block."""
    try:
        descriptor = os.open(folder / MANIFEST_NAME, os.O_RDONLY)
    except (FileNotFoundError, NotADirectoryError):
        yield True  # without its manifest no reader can open it
        return
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)
