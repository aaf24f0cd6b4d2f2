"""What is kept out of public lists, and where the list is found in a store."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.errors import ArtifactDamagedError, IndexUnavailableError
from engine.index.blocked_words import (
    BLOCKED_WORDS_NAME,
    BlockedWords,
    decode_blocked_words,
    encode_blocked_words,
    published_blocked_words,
)
from engine.index.pointer import POINTER_KEY, Pointer, PublishedVersion, encode_pointer
from engine.index.snapshot import open_snapshot
from engine.store.local_folder import LocalFolderStore

MOMENT = datetime(2026, 5, 4, tzinfo=UTC)


@pytest.mark.parametrize("query", ["代开发票", "哪里 代开 发票", "手机13800138000", "加qq 123456"])
def test_spam_and_personal_data_are_blocked_however_spaced(sample_index: Path, query: str) -> None:
    assert open_snapshot(sample_index).blocked_words.blocks(query)


@pytest.mark.parametrize("query", ["电子发票怎么开", "直通车 降价", "2026年618"])
def test_what_sellers_rightly_ask_is_not_blocked(sample_index: Path, query: str) -> None:
    assert not open_snapshot(sample_index).blocked_words.blocks(query)


def test_an_empty_list_blocks_nothing() -> None:
    assert not BlockedWords([], []).blocks("代开发票")


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"words":[],"patterns":["("]}', b"\xff"])
def test_a_malformed_list_is_damage(data: bytes) -> None:
    with pytest.raises(ArtifactDamagedError, match="blocked_words"):
        decode_blocked_words(data)


def test_the_list_of_the_current_version_counts(tmp_path: Path) -> None:
    store = LocalFolderStore(tmp_path)
    with pytest.raises(IndexUnavailableError, match="publish one first"):
        published_blocked_words(store)
    store.put_if_absent(BLOCKED_WORDS_NAME, encode_blocked_words(["甲"], []))
    assert published_blocked_words(store).blocks("甲乙")
    current = PublishedVersion("0123456789abcdef", 1, MOMENT, articles=2)
    store.put_if_absent(current.prefix + BLOCKED_WORDS_NAME, encode_blocked_words(["乙"], []))
    store.put_if_absent(POINTER_KEY, encode_pointer(Pointer(1, current, MOMENT)))
    assert not published_blocked_words(store).blocks("甲")
    assert published_blocked_words(store).blocks("乙")
