"""What can every object store do, whatever keeps the bytes?

Invariant: an object is replaced as a whole or not at all, and nobody replaces what they have not
seen. There is no unconditional write: a writer either creates a key or names the etag it read.
A write that ends in `StoreUnavailableError` may still have happened; read the key to find out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from engine.errors import InputError

MAX_KEY_BYTES = 512
"""Half of S3's own limit, which leaves room for the prefix under which a store lives."""

# No segment may start with a dot: that excludes "." and "..", and reserves dotted names for what
# the local folder keeps beside the objects. Characters that URLs, shells or file systems treat
# specially are left out, so a key is spelled alike wherever it appears.
_NAME = "[A-Za-z0-9_=-][A-Za-z0-9._=-]{0,254}"
_KEY = re.compile(f"{_NAME}(?:/{_NAME})*")


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object as it was at one moment; `etag` is opaque and changes with the bytes."""

    data: bytes
    etag: str


@dataclass(frozen=True, slots=True)
class ObjectEntry:
    """One line of a listing."""

    key: str
    size: int


class Store(Protocol):
    """Bytes by key.

    Every method may raise `StoreUnavailableError`: no answer, a refusal, or past the deadline.
    Every key is checked by `check_key`. No key may be a folder of another one ("a" beside "a/b"):
    a file system cannot hold both.
    """

    def get(self, key: str) -> StoredObject:
        """Read a whole object, or raise `ObjectNotFoundError`."""
        ...

    def get_range(self, key: str, start: int, length: int) -> bytes:
        """Read exactly `length` >= 1 bytes from offset `start`.

        Raises `ObjectNotFoundError`, `InputError` for a negative start or an empty range, and
        `ObjectTooShortError` where the object ends before the range does.
        """
        ...

    def get_ranges(self, key: str, ranges: Sequence[tuple[int, int]]) -> list[memoryview]:
        """Read several parts of one object, each a start and a length, at the same time, uncopied.

        Raises what `get_range` does when it does so for any of them.
        """
        ...

    def get_if_changed(self, key: str, etag: str | None) -> StoredObject | None:
        """Read an object unless it still has this etag; None means unchanged.

        Raises `ObjectNotFoundError`; with no etag this is `get`.
        """
        ...

    def put_if_absent(self, key: str, data: bytes) -> str:
        """Create an object and return its etag, or raise `StoreConflictError` if it exists."""
        ...

    def compare_and_swap(self, key: str, data: bytes, expected_etag: str | None) -> str:
        """Replace the object that has this etag and return the new etag.

        None expects no object. Raises `StoreConflictError` when somebody else wrote or deleted
        the object first.
        """
        ...

    def list(self, prefix: str = "") -> Iterator[ObjectEntry]:
        """List the objects whose key starts with `prefix`, sorted by key.

        What carries a name that is no key, left there by other programs, is not listed.
        """
        ...

    def delete(self, key: str) -> None:
        """Remove an object; removing what does not exist is no error."""
        ...


def is_key(text: str) -> bool:
    """Say whether this text can name an object."""
    return len(text) <= MAX_KEY_BYTES and _KEY.fullmatch(text) is not None


def check_key(key: str) -> None:
    """Raise `InputError` for what cannot name an object in every store."""
    if not is_key(key):
        shown = key if len(key) <= 80 else key[:80] + "…"
        raise InputError(
            f"the object key {shown!r} is unusable; expected at most {MAX_KEY_BYTES} characters: "
            "names of A-Z a-z 0-9 . _ = - joined by single slashes, none of them starting with a "
            "dot or longer than 255"
        )


def check_prefix(prefix: str) -> None:
    """Raise `InputError` for what no key could start with; "" and "folder/" are prefixes."""
    if prefix:
        check_key(prefix.removesuffix("/"))


def check_range(start: int, length: int) -> None:
    """Raise `InputError` for a range that holds no bytes."""
    if start < 0 or length < 1:
        raise InputError(
            f"the byte range start={start}, length={length} is unusable; "
            "expected a start of 0 or more and a length of 1 or more"
        )
