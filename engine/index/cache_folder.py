"""Where do fetched versions lie while processes answer from them?

One folder, shared by any number of processes. Invariant: a folder in it that is named after an index
version is whole and was verified byte by byte; everything unfinished carries a longer name and is locked
by the process that fills it. So a process killed half-way leaves nothing that another would trust, and
its remains can be told from work in progress without a clock. A version is removed only when its room is
needed and no living snapshot, here or in another process, holds a lease on it.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.errors import IndexUnavailableError
from engine.index.manifest import MANIFEST_NAME, Manifest
from engine.index.version_lease import exclusive_lease
from engine.store.durable_file import writer_lock

_LOCK_SECONDS = 5.0
_VERSION = re.compile(r"[0-9a-f]{16}")
_UNFINISHED = re.compile(r"[0-9a-f]{16}\..+")


class ReservedFolder:
    """A folder that its process fills; the lock on it goes with the process at the latest."""

    def __init__(self, folder: Path, descriptor: int) -> None:
        self.folder = folder
        self.release = weakref.finalize(self, _release, folder, descriptor)
        """Remove what is left of it and let go of the lock; the second time, do nothing."""


def _release(folder: Path, descriptor: int) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    os.close(descriptor)


class CacheFolder:
    """Keeps whole versions in `path`, which is made when it is first needed."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def find(self, manifest: Manifest) -> Path | None:
        """Return the folder of the version if it is here and whole."""
        folder = self.path / manifest.index_version
        # Sizes only: the folder got its name after its content had been verified.
        whole = (folder / MANIFEST_NAME).is_file() and all(
            (folder / name).is_file() and (folder / name).stat().st_size == entry.size
            for name, entry in manifest.files.items()
        )
        return folder if whole else None

    @contextmanager
    def unfinished(self, manifest: Manifest) -> Iterator[Path]:
        """Yield an empty folder with room for the version; remove what is left of it at the end.

        Raises `IndexUnavailableError` when there is no room, or the cache cannot be written.
        """
        reserved = self.reserve(manifest, manifest.total_bytes)
        try:
            with writing(reserved.folder):
                yield reserved.folder
        finally:
            reserved.release()

    def reserve(self, manifest: Manifest, needed_bytes: int) -> ReservedFolder:
        """Return an empty folder for the version, locked until it is released.

        Raises `IndexUnavailableError` when there is no room, or the cache cannot be written.
        """
        with self._changing():
            self._make_room(needed_bytes)
            folder = self.path / f"{manifest.index_version}.{os.urandom(8).hex()}"
            folder.mkdir(0o700)
            descriptor = os.open(folder, os.O_RDONLY)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        return ReservedFolder(folder, descriptor)

    def adopt(self, whole: Path, manifest: Manifest) -> Path:
        """Let the verified files in `whole`, a reserved folder, be the version; return its folder.

        They keep their names in `whole` too, where somebody may be opening them in this moment.
        """
        if found := self.find(manifest):
            return found
        reserved = self.reserve(manifest, 0)
        try:
            for name in (*manifest.files, MANIFEST_NAME):
                (reserved.folder / name).hardlink_to(whole / name)
            return self.keep(reserved.folder, manifest)
        finally:
            reserved.release()

    def keep(self, unfinished: Path, manifest: Manifest) -> Path:
        """Give the verified folder `unfinished` its version's name and return it."""
        destination = self.path / manifest.index_version
        try:
            unfinished.rename(destination)
        except OSError:
            if self.find(manifest) is None:
                # It has the name but not the content: somebody emptied the cache in part.
                shutil.rmtree(destination)
                unfinished.rename(destination)
        return destination

    @contextmanager
    def _changing(self) -> Iterator[None]:
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            with writer_lock(self.path, _LOCK_SECONDS):
                yield
        except OSError as error:
            raise IndexUnavailableError(
                f"{self.path}: cannot keep an index there ({error}); name a writable folder"
            ) from error

    def _make_room(self, needed_bytes: int) -> None:
        names = sorted(self.path.iterdir(), key=_modified)
        for folder in names:
            if _UNFINISHED.fullmatch(folder.name):
                _remove_if_abandoned(folder)
        for folder in names:
            if free_bytes_at(self.path) >= needed_bytes:
                return
            if _VERSION.fullmatch(folder.name):
                _remove_if_unheld(folder)
        free_bytes = free_bytes_at(self.path)
        if free_bytes < needed_bytes:
            raise IndexUnavailableError(
                f"{self.path}: {free_bytes:,} bytes free, the index needs {needed_bytes:,}; "
                "give the function more ephemeral storage"
            )


def free_bytes_at(path: Path) -> int:
    """Return how many bytes can still be written there."""
    # Not `shutil.disk_usage`: that module loads three compressors, which a cold start would wait for.
    status = os.statvfs(path)
    return status.f_bavail * status.f_frsize


def _modified(folder: Path) -> float:
    # Unfinished folders get their name, or go, without the lock: one that was listed may be gone.
    try:
        return folder.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _remove_if_abandoned(folder: Path) -> None:
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except FileNotFoundError:
        return  # it was finished, or given up, in this very moment
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return  # somebody is filling it
    else:
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(descriptor)


def _remove_if_unheld(folder: Path) -> None:
    with exclusive_lease(folder) as free:
        if free:
            # The manifest first: without it, what is left is no version.
            (folder / MANIFEST_NAME).unlink(missing_ok=True)
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Raise `IndexUnavailableError` for what cannot be written in `folder`."""
    try:
        yield
    except OSError as error:
        raise IndexUnavailableError(
            f"{folder}: writing failed ({error.strerror or error}); give the function more "
            "ephemeral storage"
        ) from error
