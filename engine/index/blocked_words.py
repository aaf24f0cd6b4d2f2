"""Which queries are never shown to others?

Written from lexicon/blocked_words.txt at build time. Invariant: what is blocked is blocked however it is
spaced; who may be shown is decided by this list alone, never who may search.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from engine.errors import ArtifactDamagedError, IndexUnavailableError, ObjectNotFoundError
from engine.folder import Folder
from engine.index.codec import dump_json
from engine.index.pointer import POINTER_KEY, parse_pointer
from engine.store.protocol import Store

BLOCKED_WORDS_NAME = "blocked_words.json"


class BlockedWords:
    """Normalised words and patterns that keep a query out of public lists."""

    def __init__(self, words: Sequence[str], patterns: Sequence[str]) -> None:
        self._words = tuple(words)
        self._patterns = [re.compile(pattern) for pattern in patterns]

    def blocks(self, query: str) -> bool:
        """Say whether the normalised `query` must not be shown."""
        joined = "".join(query.split())
        return any(word in joined for word in self._words) or any(
            pattern.search(query) for pattern in self._patterns
        )


def encode_blocked_words(words: Sequence[str], patterns: Sequence[str]) -> bytes:
    """Return the bytes that `decode_blocked_words` reads."""
    return dump_json({"patterns": list(patterns), "words": list(words)})


def decode_blocked_words(data: bytes) -> BlockedWords:
    """Return the blocked words in `data`; raises `ArtifactDamagedError` when they are malformed."""
    try:
        content = json.loads(data)
        return BlockedWords(
            [str(word) for word in content["words"]],
            [str(pattern) for pattern in content["patterns"]],
        )
    except (ValueError, KeyError, TypeError, RecursionError, re.error) as error:
        raise ArtifactDamagedError(
            f"{BLOCKED_WORDS_NAME}: malformed ({error}); rebuild the index"
        ) from error


def open_blocked_words(directory: Folder) -> BlockedWords:
    """Return the blocked words of the index in `directory`; raises `ArtifactDamagedError`."""
    try:
        return decode_blocked_words((directory / BLOCKED_WORDS_NAME).read_bytes())
    except FileNotFoundError as error:
        raise ArtifactDamagedError(
            f"{BLOCKED_WORDS_NAME}: the file is missing; rebuild the index"
        ) from error


def published_blocked_words(store: Store) -> BlockedWords:
    """Return the blocked words of the index that is current in `store`, or lies there unpublished.

    Raises `IndexUnavailableError` where there is no index, `StoreUnavailableError` or `ArtifactError`.
    """
    try:
        prefix = parse_pointer(store.get(POINTER_KEY).data).current.prefix
    except ObjectNotFoundError:
        prefix = ""
    try:
        return decode_blocked_words(store.get(prefix + BLOCKED_WORDS_NAME).data)
    except ObjectNotFoundError as error:
        raise IndexUnavailableError(
            f"no index with a list of blocked words lies there ({error}); publish one first"
        ) from error
