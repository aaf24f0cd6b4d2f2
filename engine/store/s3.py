"""How does a bucket keep objects, seen through obstore?

Invariant: one obstore call is one HTTP request; every repetition is decided here. obstore's own
retries would repeat a conditional write whose first attempt had reached the bucket, and report the
writer's own success as somebody else's. Every call ends by the deadline, and every exception of
obstore leaves as one of `engine.errors`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from typing import TYPE_CHECKING, TypeVar

import obstore
from obstore.exceptions import BaseError, NotModifiedError

from engine.errors import (
    InputError,
    ObjectNotFoundError,
    ObjectTooShortError,
    StoreUnavailableError,
)
from engine.store.deadline import call_within
from engine.store.protocol import (
    ObjectEntry,
    StoredObject,
    check_key,
    check_prefix,
    check_range,
    is_key,
)
from engine.store.s3_client import S3Options, make_client
from engine.store.s3_errors import http_status, translate

if TYPE_CHECKING:
    from obstore import GetOptions, PutMode

_MAX_ATTEMPTS = 4
_FIRST_PAUSE_SECONDS = 0.05

Answer = TypeVar("Answer")


class S3Store:
    """Objects under one prefix of one bucket.

    The etag is S3's. A writer needs s3:ListBucket too. A reader gets by with s3:GetObject, but then
    S3 answers 403 for an object that does not exist: `StoreRefusedError`, not `ObjectNotFoundError`.
    """

    def __init__(
        self,
        bucket: str,
        prefix: str = "",
        *,
        options: S3Options | None = None,
        deadline_seconds: float = 5.0,
    ) -> None:
        self._place = f"s3://{bucket}/{prefix}".rstrip("/")
        self._deadline_seconds = deadline_seconds
        try:
            self._client = make_client(bucket, prefix, options or S3Options(), deadline_seconds)
        except BaseError as error:
            raise InputError(
                f"{self._place} cannot be set up: {error}. Check the endpoint and the AWS settings"
            ) from error

    def __repr__(self) -> str:
        return f"S3Store({self._place!r})"

    def with_deadline(self, deadline_seconds: float) -> S3Store:
        """Return this store with another deadline for its calls, through the same connections.

        One attempt still takes as long as this store allows it.
        """
        other = copy(self)
        other._deadline_seconds = deadline_seconds
        return other

    def get(self, key: str) -> StoredObject:
        """Read a whole object."""
        check_key(key)
        return self._call(key, _is_worth_repeating, lambda: self._read(key, None))

    def get_range(self, key: str, start: int, length: int) -> bytes:
        """Read exactly `length` bytes from offset `start`."""
        check_key(key)
        check_range(start, length)
        return self._call(key, _is_worth_repeating, lambda: self._read_range(key, start, length))

    def get_ranges(self, key: str, ranges: Sequence[tuple[int, int]]) -> list[memoryview]:
        """Read several parts of one object, ten requests at a time."""
        check_key(key)
        for start, length in ranges:
            check_range(start, length)
        if not ranges:
            return []
        found = self._call(key, _is_worth_repeating, lambda: self._read_ranges(key, ranges))
        return list(found)

    def get_if_changed(self, key: str, etag: str | None) -> StoredObject | None:
        """Read an object unless it still has this etag."""
        check_key(key)

        def read() -> StoredObject | None:
            try:
                return self._read(key, etag)
            except NotModifiedError:
                return None

        return self._call(key, _is_worth_repeating, read)

    def put_if_absent(self, key: str, data: bytes) -> str:
        """Create an object."""
        return self._write(key, data, "create")

    def compare_and_swap(self, key: str, data: bytes, expected_etag: str | None) -> str:
        """Replace the object that has this etag."""
        return self._write(
            key, data, "create" if expected_etag is None else {"e_tag": expected_etag}
        )

    def list(self, prefix: str = "") -> Iterator[ObjectEntry]:
        """List the objects whose key starts with `prefix`, sorted by key."""
        check_prefix(prefix)
        # obstore's prefixes end at a slash; the rest of ours is compared here.
        folder = prefix.rpartition("/")[0]
        found = self._call(
            prefix,
            _is_worth_repeating,
            lambda: obstore.list(self._client, folder or None).collect(),
        )
        entries = (
            ObjectEntry(entry["path"], entry["size"])
            for entry in found
            if entry["path"].startswith(prefix) and is_key(entry["path"])
        )
        return iter(sorted(entries, key=lambda entry: entry.key))

    def delete(self, key: str) -> None:
        """Remove an object, if it is there."""
        check_key(key)
        try:
            self._call(key, _is_worth_repeating, lambda: obstore.delete(self._client, key))
        except ObjectNotFoundError:
            # S3 itself says 204; some stores that speak its language say 404.
            return

    def _read(self, key: str, known_etag: str | None) -> StoredObject:
        # obstore's stubs allow None here, the library does not.
        options: GetOptions = {} if known_etag is None else {"if_none_match": known_etag}
        result = obstore.get(self._client, key, options=options)
        size, etag = result.meta["size"], result.meta["e_tag"]
        data = result.bytes().to_bytes()
        if len(data) != size:
            raise self._cut_short(key, len(data), size)
        return StoredObject(data, self._need_etag(key, etag))

    def _read_range(self, key: str, start: int, length: int) -> bytes:
        result = obstore.get(self._client, key, options={"range": (start, start + length)})
        data = result.bytes().to_bytes()
        if result.range[0] == start and result.range[1] < start + length:
            raise ObjectTooShortError(
                f"{self._place}/{key} ends at {result.range[1]:,}, {start + length:,} was expected; "
                "it is shorter than its reader expects: publish it again"
            )
        if result.range != (start, start + length) or len(data) != length:
            raise self._cut_short(key, len(data), length)
        return data

    def _read_ranges(self, key: str, ranges: Sequence[tuple[int, int]]) -> Sequence[memoryview]:
        # Merged ranges would be one request where whoever asks has seen to it already.
        found = obstore.get_ranges(
            self._client,
            key,
            starts=[start for start, _ in ranges],
            lengths=[length for _, length in ranges],
            coalesce=0,
        )
        parts = [memoryview(part) for part in found]
        for (start, length), part in zip(ranges, parts, strict=True):
            if len(part) != length:
                raise ObjectTooShortError(
                    f"{self._place}/{key} has {len(part)} of the {length} bytes from {start:,} on; "
                    "it is shorter than its reader expects: publish it again"
                )
        return parts

    def _write(self, key: str, data: bytes, mode: PutMode) -> str:
        check_key(key)

        def write() -> str | None:
            return obstore.put(self._client, key, data, mode=mode, use_multipart=False)["e_tag"]

        return self._need_etag(key, self._call(key, _did_not_happen, write))

    def _call(
        self, key: str, may_repeat: Callable[[BaseError], bool], action: Callable[[], Answer]
    ) -> Answer:
        def repeat() -> Answer:
            return _repeat(action, may_repeat, self._deadline_seconds / 2)

        try:
            return call_within(self._deadline_seconds, repeat)
        except TimeoutError as error:
            raise StoreUnavailableError(f"{self._place}/{key}: {error}; try again") from error
        except (BaseError, FileNotFoundError) as error:
            raise translate(error, key, self._place) from error

    def _cut_short(self, key: str, found: int, expected: int) -> StoreUnavailableError:
        return StoreUnavailableError(
            f"{self._place}/{key}: {found} bytes came, {expected} were expected; "
            "the object is shorter than its reader expects, or the answer was cut: try again"
        )

    def _need_etag(self, key: str, etag: str | None) -> str:
        if etag is None:
            raise StoreUnavailableError(
                f"{self._place}/{key}: the answer names no ETag; conditional writes need a store "
                "that sends one"
            )
        return etag


def _repeat(
    action: Callable[[], Answer], may_repeat: Callable[[BaseError], bool], patience_seconds: float
) -> Answer:
    give_up_at = time.monotonic() + patience_seconds
    pause_seconds = _FIRST_PAUSE_SECONDS
    for _ in range(_MAX_ATTEMPTS - 1):
        try:
            return action()
        except BaseError as error:
            if not may_repeat(error) or time.monotonic() + pause_seconds > give_up_at:
                raise
        time.sleep(pause_seconds)
        pause_seconds *= 2
    return action()


def _is_worth_repeating(error: BaseError) -> bool:
    status = http_status(error)
    return status is None or status == 429 or status >= 500


def _did_not_happen(error: BaseError) -> bool:
    # 409: another conditional write was under way. 503: turned away at the door. Anything else,
    # a lost connection above all, may have reached the bucket.
    return http_status(error) in {409, 503}
