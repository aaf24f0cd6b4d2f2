"""How does a plain folder keep objects with the promises of an object store?

Invariant: a key's file always holds one whole object. Bytes reach the disk under a temporary name
and appear under the key by one rename or link, so a process killed at any moment leaves the old or
the new object, and at most a stray temporary file whose dotted name is no key. Readers take no
lock; writers that replace or delete share one `flock`, which the kernel drops when they die.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from engine.errors import (
    InputError,
    ObjectNotFoundError,
    ObjectTooShortError,
    StoreConflictError,
    StoreUnavailableError,
)
from engine.store.durable_file import make_folder, sync_folder, temporary_file, writer_lock
from engine.store.protocol import (
    ObjectEntry,
    StoredObject,
    check_key,
    check_prefix,
    check_range,
    is_key,
)

_MOST_ATTEMPTS = 20
"""So often is a folder made anew that others keep removing."""

_NOTHING_THERE = (FileNotFoundError, IsADirectoryError, NotADirectoryError)
_READ_ONLY = (errno.EACCES, errno.EPERM, errno.EROFS)


class LocalFolderStore:
    """Objects as files under one folder, which the first write creates.

    The etag is the SHA-256 of the bytes: two writes within one clock tick differ, and an object
    that returns to earlier bytes returns to its earlier etag, as on S3. `deadline_seconds` bounds
    the wait for another writer's lock. Deleting the last object of a folder removes the folder, too.
    """

    def __init__(self, folder: Path, *, deadline_seconds: float = 5.0) -> None:
        self._folder = folder
        self._deadline_seconds = deadline_seconds

    def __repr__(self) -> str:
        return f"LocalFolderStore({str(self._folder)!r})"

    def get(self, key: str) -> StoredObject:
        """Read a whole object."""
        check_key(key)
        with self._reading(key):
            data = self._path(key).read_bytes()
        return StoredObject(data, _etag(data))

    def get_range(self, key: str, start: int, length: int) -> bytes:
        """Read exactly `length` bytes from offset `start`."""
        check_key(key)
        check_range(start, length)
        with self._reading(key), self._path(key).open("rb") as file:
            file.seek(start)
            data = file.read(length)
            size = os.fstat(file.fileno()).st_size
        if len(data) != length:
            raise ObjectTooShortError(
                f"{key!r} in folder {self._folder} has {size} bytes; {length} were asked for from "
                f"offset {start}. The file is shorter than its reader expects: publish it again"
            )
        return data

    def get_ranges(self, key: str, ranges: Sequence[tuple[int, int]]) -> list[memoryview]:
        """Read several parts of one object."""
        return [memoryview(self.get_range(key, start, length)) for start, length in ranges]

    def get_if_changed(self, key: str, etag: str | None) -> StoredObject | None:
        """Read an object unless it still has this etag."""
        found = self.get(key)
        return None if found.etag == etag else found

    def put_if_absent(self, key: str, data: bytes) -> str:
        """Create an object."""
        check_key(key)
        path = self._path(key)
        with self._writing(key):
            # Only spares writing a large file in vain; the link below is what decides.
            if path.is_file():
                raise StoreConflictError(f"{key!r} exists already in folder {self._folder}")
            self._put_new(key, data)
        return _etag(data)

    def _put_new(self, key: str, data: bytes) -> None:
        path = self._path(key)
        for attempt in range(_MOST_ATTEMPTS):
            try:
                make_folder(path.parent)
                with temporary_file(path.parent, data) as temporary:
                    # A link refuses to replace, where a rename would.
                    path.hardlink_to(temporary)
                break
            except FileNotFoundError:
                # Somebody deleted the last object of the folder before there was a new one.
                if attempt == _MOST_ATTEMPTS - 1:
                    raise
            except FileExistsError as error:
                if path.is_dir() or not path.parent.is_dir():
                    raise
                raise StoreConflictError(
                    f"{key!r} exists already in folder {self._folder}"
                ) from error
        # Gone again, folder and all, when somebody has deleted it since.
        with suppress(FileNotFoundError):
            sync_folder(path.parent)

    def compare_and_swap(self, key: str, data: bytes, expected_etag: str | None) -> str:
        """Replace the object that has this etag."""
        if expected_etag is None:
            return self.put_if_absent(key, data)
        check_key(key)
        path = self._path(key)
        with self._writing(key):
            try:
                with writer_lock(self._folder, self._deadline_seconds):
                    self._expect(key, expected_etag)
                    with temporary_file(path.parent, data) as temporary:
                        temporary.replace(path)
                    sync_folder(path.parent)
            except _NOTHING_THERE as error:
                raise StoreConflictError(
                    f"{key!r} in folder {self._folder} is gone; expected etag {expected_etag}"
                ) from error
        return _etag(data)

    def list(self, prefix: str = "") -> Iterator[ObjectEntry]:
        """List the objects whose key starts with `prefix`, sorted by key."""
        check_prefix(prefix)
        start = self._folder / prefix.rpartition("/")[0]
        try:
            found = [entry for entry in self._walk(start) if entry.key.startswith(prefix)]
        except OSError as error:
            raise StoreUnavailableError(
                f"folder {self._folder} cannot be listed: {error.strerror}"
            ) from error
        return iter(sorted(found, key=lambda entry: entry.key))

    def delete(self, key: str) -> None:
        """Remove an object, if it is there."""
        check_key(key)
        path = self._path(key)
        with (
            self._writing(key),
            suppress(*_NOTHING_THERE),
            writer_lock(self._folder, self._deadline_seconds),
        ):
            path.unlink()
            sync_folder(path.parent)
            self._remove_empty(path.parent)

    def _remove_empty(self, folder: Path) -> None:
        # The system refuses to remove a folder that holds anything, so nothing can be lost.
        with suppress(OSError):
            while folder != self._folder:
                folder.rmdir()
                folder = folder.parent

    def _path(self, key: str) -> Path:
        return self._folder / key

    def _expect(self, key: str, expected_etag: str) -> None:
        found = _etag(self._path(key).read_bytes())
        if found != expected_etag:
            raise StoreConflictError(
                f"{key!r} in folder {self._folder} has the etag {found}; "
                f"expected {expected_etag}: somebody else wrote first"
            )

    def _walk(self, start: Path) -> Iterator[ObjectEntry]:
        for folder, _, names in os.walk(start, onerror=_unless_gone):
            for name in names:
                path = Path(folder, name)
                key = path.relative_to(self._folder).as_posix()
                # A file may be deleted between its name and its size: then it is not listed.
                with suppress(FileNotFoundError):
                    status = path.stat()
                    if is_key(key) and stat.S_ISREG(status.st_mode):
                        yield ObjectEntry(key, status.st_size)

    @contextmanager
    def _reading(self, key: str) -> Iterator[None]:
        try:
            yield
        except _NOTHING_THERE as error:
            raise ObjectNotFoundError(key, f"folder {self._folder}") from error
        except OSError as error:
            raise StoreUnavailableError(
                f"{key!r} in folder {self._folder} cannot be read: {error.strerror}"
            ) from error

    @contextmanager
    def _writing(self, key: str) -> Iterator[None]:
        try:
            yield
        except (FileExistsError, NotADirectoryError) as error:
            raise InputError(
                f"{key!r} cannot be written to folder {self._folder}: one key is a folder of "
                "another. Choose another key"
            ) from error
        except OSError as error:
            advice = (
                "; the folder is read-only for this user: allow writing or choose another folder"
                if error.errno in _READ_ONLY
                else ""
            )
            raise StoreUnavailableError(
                f"{key!r} cannot be written to folder {self._folder}: {error.strerror}{advice}"
            ) from error


def _etag(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _unless_gone(error: OSError) -> None:
    if not isinstance(error, _NOTHING_THERE):
        raise error
