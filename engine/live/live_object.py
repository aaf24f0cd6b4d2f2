"""How does a small value that changes between two builds lie in the store?

One object below `live/`: canonical JSON with a format number and the SHA-256 of its content, compressed
where it is long. Invariant: what `decode` returns was written whole by `encode` and has the shape that
the object's own parser asks for; anything else raises and says why.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from engine.errors import ArtifactDamagedError, ArtifactFormatError, LiveObjectFullError
from engine.index.codec import dump_json

Value = TypeVar("Value")

LIVE_FORMAT = 1
"""Raised whenever a reader of the old layout could misread the new one."""

MOST_STORED_BYTES = 4 << 20
"""A reader fetches the whole object after each change, and keeps it in memory."""

_MOST_READ_BYTES = 64 << 20
"""What a compressed object may grow to; what grows beyond it was not written by `encode`."""

_COMPRESSED_FROM_BYTES = 16 << 10
_ZLIB_FIRST_BYTE = b"\x78"
"""Zlib's, where JSON begins with a brace."""


@dataclass(frozen=True, slots=True)
class LiveObject(Generic[Value]):
    """One kind of live object.

    key: where it lies, below `live/`; empty: what it says while nobody has written it;
    to_json: its content as JSON values; from_json: back again, raising any of `KeyError`, `TypeError`,
    `ValueError`, `AttributeError` or `IndexError` for JSON that is no such content.
    """

    key: str
    empty: Value
    to_json: Callable[[Value], Any]
    from_json: Callable[[Any], Value]
    most_stored_bytes: int = MOST_STORED_BYTES

    def encode(self, value: Value) -> bytes:
        """Return the bytes that stand for `value`; equal values give equal bytes.

        Raises `LiveObjectFullError` when they are more than `most_stored_bytes`.
        """
        content = self.to_json(value)
        data = dump_json(
            {"content": content, "format_version": LIVE_FORMAT, "sha256": _digest(content)}
        )
        if len(data) >= _COMPRESSED_FROM_BYTES:
            data = zlib.compress(data, level=6)
        if len(data) > self.most_stored_bytes:
            raise LiveObjectFullError(self.key, len(data), self.most_stored_bytes)
        return data

    def decode(self, data: bytes) -> Value:
        """Return the value in `data`.

        Raises `ArtifactDamagedError` for what `encode` did not write, and `ArtifactFormatError` for
        what a newer or older version of this software wrote.
        """
        envelope = self._read_json(data)
        found = envelope.get("format_version") if isinstance(envelope, dict) else None
        if not isinstance(found, int):
            raise self._damaged("no format_version in it")
        if found != LIVE_FORMAT:
            raise ArtifactFormatError(
                f"{self.key}: written in format {found}, this reader knows format {LIVE_FORMAT}; "
                + ("upgrade the reader" if found > LIVE_FORMAT else "write it again")
            )
        content = envelope.get("content")
        if envelope.get("sha256") != _digest(content):
            raise self._damaged("its content is not what its sha256 says")
        try:
            return self.from_json(content)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            raise self._damaged(f"malformed ({type(error).__name__}: {error})") from error

    def _read_json(self, data: bytes) -> Any:
        try:
            if data[:1] == _ZLIB_FIRST_BYTE:
                inflater = zlib.decompressobj()
                data = inflater.decompress(data, _MOST_READ_BYTES)
                if not inflater.eof or inflater.unused_data:
                    raise self._damaged("cut off, or longer than it may be")
            return json.loads(data)
        except (ValueError, RecursionError, zlib.error) as error:
            raise self._damaged(f"not JSON ({error})") from error

    def _damaged(self, why: str) -> ArtifactDamagedError:
        return ArtifactDamagedError(
            f"{self.key}: {why}; put an earlier version of the object back (docs/operations.md)"
        )


def _digest(content: Any) -> str:
    return hashlib.sha256(dump_json(content)).hexdigest()
