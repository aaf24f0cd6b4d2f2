"""How are words read that were read in an earlier build?

A corpus has sixty thousand words worth proposing, and hardly a new one from one night to the next. Invariant:
what comes out is what `read` would give, wherever it came from.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from index_builder.cache.kept_records import make_all
from index_builder.cache.shard_folder import ShardFolder

Ways = list[tuple[str, ...]]
"""Each way to read a word: a syllable for each of its characters."""


def read_all(
    words: Sequence[str], read: Callable[[str], Ways], folder: ShardFolder | None
) -> list[Ways]:
    """Return the ways to read each of `words`; what `folder` does not have is read and kept there.

    Raises `InputError` when the folder cannot be written.
    """
    return make_all(words, read, _encode, _decode, folder)


def _encode(ways: Ways) -> bytes:
    # Syllables are letters alone.
    return "|".join(map(" ".join, ways)).encode("ascii")


def _decode(record: bytes) -> Ways:
    text = record.decode("ascii")
    return [tuple(way.split(" ")) for way in text.split("|")] if text else []
