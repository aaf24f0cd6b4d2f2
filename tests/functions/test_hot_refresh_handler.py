"""The scheduled function, from events in SQLite to live objects beside a published index."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.counters.protocol import Search, View, Visitor
from engine.counters.sqlite import SqliteCounters
from engine.errors import CountersUnavailableError, IndexUnavailableError, InputError
from engine.index.blocked_words import BLOCKED_WORDS_NAME, encode_blocked_words
from engine.live.change import read_live
from engine.live.hot_list import HOT_LIST
from engine.live.hot_searches import HOT_SEARCHES
from engine.store.local_folder import LocalFolderStore
from functions import hot_refresh, runtime
from functions.settings import Settings
from functions.warm_counters import WarmCounters


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings = Settings(str(tmp_path / "index"), counters_url=str(tmp_path / "counters.sqlite"))
    monkeypatch.setattr(runtime, "settings", settings)
    monkeypatch.setattr(runtime, "warm_counters", WarmCounters(settings))
    store = LocalFolderStore(tmp_path / "index")
    store.put_if_absent(BLOCKED_WORDS_NAME, encode_blocked_words(["代开发票"], []))
    return tmp_path


def test_one_run_turns_events_into_live_objects(place: Path) -> None:
    counters = SqliteCounters(place / "counters.sqlite")
    now = datetime.now(UTC)
    for number in range(4):
        visitor = Visitor(f"v{number}", f"s{number}")
        counters.count(View("41"), visitor, now)
        counters.count(Search("直通车", 7), visitor, now)
        counters.count(Search("代开发票", 7), visitor, now)
    counters.close()
    report = hot_refresh.handler({"source": "aws.events"}, None)
    assert report == {
        "articles": 1,
        "articles_generation": 1,
        "searches": 1,
        "searches_generation": 1,
    }
    store = LocalFolderStore(place / "index")
    assert set(read_live(store, HOT_LIST).scores) == {"41"}
    assert [s.query for s in read_live(store, HOT_SEARCHES).searches] == ["直通车"]


def test_a_run_that_fails_is_logged_and_raised(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(runtime, "warm_counters", WarmCounters(Settings()))
    with pytest.raises(CountersUnavailableError):
        hot_refresh.handler({}, None)
    assert list(LocalFolderStore(place / "index").list("live/")) == []


@pytest.mark.usefixtures("place")
def test_without_an_index_there_is_nothing_to_refresh(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtime, "settings", Settings(str(tmp_path / "elsewhere")))
    with pytest.raises(IndexUnavailableError, match="publish one first"):
        hot_refresh.refresh(datetime.now(UTC))
    monkeypatch.setattr(runtime, "settings", Settings())
    with pytest.raises(InputError, match="WENMAI_INDEX"):
        hot_refresh.refresh(datetime.now(UTC))
