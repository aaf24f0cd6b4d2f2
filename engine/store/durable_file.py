"""How does a file appear under its name whole, lasting, and one writer at a time?

Invariant: whatever these functions make beside the objects has a name that starts with a dot. POSIX
only: `flock`, atomic renames and syncing a folder.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.errors import StoreUnavailableError

LOCK_NAME = ".lock"
TEMPORARY_PREFIX = ".tmp-"
_POLL_SECONDS = 0.002


@contextmanager
def temporary_file(folder: Path, data: bytes) -> Iterator[Path]:
    """Hold a file with these bytes, already on disk, beside its target; rename or link it.

    Beside, because neither a rename nor a link crosses file systems.
    """
    path = folder / f"{TEMPORARY_PREFIX}{os.urandom(8).hex()}"
    try:
        with path.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        yield path
    finally:
        path.unlink(missing_ok=True)


@contextmanager
def writer_lock(folder: Path, deadline_seconds: float) -> Iterator[None]:
    """Hold the folder's one writer lock, against threads and processes alike.

    Raises `StoreUnavailableError` when another writer holds it past the deadline. The kernel frees
    the lock when its holder dies, so the lock file stays and means nothing by itself.
    """
    # A descriptor of its own per holder: flock would not tell threads apart on a shared one.
    descriptor = os.open(folder / LOCK_NAME, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        give_up_at = time.monotonic() + deadline_seconds
        while not _try_lock(descriptor):
            # A blocking flock would wait for ever on a writer that is stopped, not dead.
            if time.monotonic() >= give_up_at:
                raise StoreUnavailableError(
                    f"another writer has held {folder / LOCK_NAME} for {deadline_seconds:g} s; "
                    "find the process that holds it, or try again"
                )
            time.sleep(_POLL_SECONDS)
        yield
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """Create a folder and its parents so that they outlast a power cut."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder last: a rename is on disk only once its folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
