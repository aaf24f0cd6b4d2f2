"""From events in real counters to the live objects in a real store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.counters.protocol import Search, View, Visitor
from engine.counters.sqlite import SqliteCounters
from engine.live.change import read_live
from engine.live.hot_list import HOT_KEY, HOT_LIST
from engine.live.hot_searches import HOT_SEARCHES
from engine.recommend.hot_refresh import HotRefresh, refresh_hot
from engine.store.local_folder import LocalFolderStore

NOW = datetime(2026, 5, 4, 4, 30, tzinfo=UTC)


def nothing_blocked(_query: str) -> bool:
    return False


@pytest.fixture
def store(tmp_path: Path) -> LocalFolderStore:
    return LocalFolderStore(tmp_path / "store")


@pytest.fixture
def counters(tmp_path: Path) -> Iterator[SqliteCounters]:
    opened = SqliteCounters(tmp_path / "counters.sqlite")
    yield opened
    opened.close()


def read(counters: SqliteCounters, article_id: str, visitors: int, now: datetime = NOW) -> None:
    for number in range(visitors):
        counters.count(View(article_id), Visitor(f"v{number}", f"s{number}"), now)


def test_events_become_live_objects(store: LocalFolderStore, counters: SqliteCounters) -> None:
    read(counters, "41", 3)
    read(counters, "42", 1)
    for number in range(4):
        counters.count(Search("直通车", 7), Visitor(f"v{number}", f"s{number}"), NOW)
    counters.count(Search("张三的电话", 7), Visitor("v1", "s1"), NOW)
    assert refresh_hot(store, counters, nothing_blocked, NOW) == HotRefresh(2, 1, 1, 1)
    hot = read_live(store, HOT_LIST)
    assert hot.counted_at_seconds == int(NOW.timestamp())
    assert all(a > b for a, b in zip(hot.scores["41"], hot.scores["42"], strict=True))
    (search,) = read_live(store, HOT_SEARCHES).searches
    assert (search.query, search.count) == ("直通车", 4)


def test_nothing_new_writes_nothing(store: LocalFolderStore, counters: SqliteCounters) -> None:
    read(counters, "41", 2)
    refresh_hot(store, counters, nothing_blocked, NOW)
    etag = store.get(HOT_KEY).etag
    again = refresh_hot(store, counters, nothing_blocked, NOW + timedelta(minutes=5))
    assert (again.articles_generation, store.get(HOT_KEY).etag) == (1, etag)
    read(counters, "41", 9, NOW + timedelta(minutes=6))
    later = refresh_hot(store, counters, nothing_blocked, NOW + timedelta(minutes=10))
    assert later.articles_generation == 2


def test_a_refresh_that_counted_earlier_does_not_replace_a_later_one(
    store: LocalFolderStore, counters: SqliteCounters
) -> None:
    read(counters, "41", 2)
    refresh_hot(store, counters, nothing_blocked, NOW)
    later = read_live(store, HOT_LIST)
    read(counters, "42", 2)
    refresh_hot(store, counters, nothing_blocked, NOW - timedelta(minutes=1))
    assert read_live(store, HOT_LIST) == later


def test_a_damaged_object_is_replaced(store: LocalFolderStore, counters: SqliteCounters) -> None:
    read(counters, "41", 2)
    store.put_if_absent(HOT_KEY, b"damaged")
    refresh_hot(store, counters, nothing_blocked, NOW)
    assert set(read_live(store, HOT_LIST).scores) == {"41"}


def test_quiet_counters_leave_the_store_empty(
    store: LocalFolderStore, counters: SqliteCounters
) -> None:
    assert refresh_hot(store, counters, nothing_blocked, NOW) == HotRefresh(0, 0, 0, 0)
    assert list(store.list()) == []
