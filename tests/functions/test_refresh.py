"""When a warm process looks for a newer index, and who waits for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

import pytest
from handler_calls import event_for, invoke
from published_place import PublishedPlace
from tiny_artifact import label_of, write_artifact

from engine.errors import StoreUnavailableError
from engine.index.publication import publish_artifact
from engine.index.snapshot import Snapshot
from engine.store.local_folder import LocalFolderStore
from engine.store.protocol import StoredObject
from functions import runtime
from functions.settings import Settings
from functions.warm_snapshot import RefreshTiming, WarmSnapshot


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def eventually(true: Callable[[], bool]) -> None:
    give_up_at = time.monotonic() + 20
    while not true():
        assert time.monotonic() < give_up_at, "it never came true"
        time.sleep(0.005)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def built(tmp_path: Path) -> Callable[[int], Path]:
    def make(label: int) -> Path:
        folder = tmp_path / "built" / str(label)
        if not folder.exists():
            write_artifact(folder, label)
        return folder

    return make


@pytest.fixture
def warm(local_place: PublishedPlace, built: Callable[[int], Path], clock: Clock) -> WarmSnapshot:
    local_place.publish(built(1))
    warm = WarmSnapshot(Settings(local_place.url, local_place.cache), clock=clock)
    assert label_of(warm.current()) == 1
    return warm


def test_a_look_of_less_than_two_seconds_ago_is_not_repeated(
    warm: WarmSnapshot, local_place: PublishedPlace, built: Callable[[int], Path], clock: Clock
) -> None:
    local_place.publish(built(2))
    clock.now += 1.9
    assert label_of(warm.current()) == 1
    assert warm._looking is None


def test_the_next_version_is_opened_beside_the_requests(
    warm: WarmSnapshot, local_place: PublishedPlace, built: Callable[[int], Path], clock: Clock
) -> None:
    local_place.publish(built(2))
    clock.now += 2.1
    warm.current()
    eventually(lambda: label_of(warm.current()) == 2)
    assert warm.freshness().generation == 2
    assert not warm.freshness().degraded


class Hanging(LocalFolderStore):
    """Answers nothing until it is let go."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.free = threading.Event()
        self.free.set()
        self.asked = 0

    def get_if_changed(self, key: str, etag: str | None) -> StoredObject | None:
        self.asked += 1
        if not self.free.wait(60):
            raise StoreUnavailableError("no answer")
        return super().get_if_changed(key, etag)


@pytest.fixture
def hanging(local_place: PublishedPlace, monkeypatch: pytest.MonkeyPatch) -> Hanging:
    assert local_place.folder is not None
    store = Hanging(local_place.folder)
    monkeypatch.setattr("engine.index.index_place.open_store_pair", lambda *_: (store, store))
    return store


def test_requests_do_not_wait_for_a_store_that_hangs_and_ask_it_once(
    hanging: Hanging, warm: WarmSnapshot, clock: Clock
) -> None:
    hanging.free.clear()
    clock.now += 2.5
    asked = hanging.asked
    begun = time.monotonic()
    for _ in range(100):
        assert label_of(warm.current()) == 1
    # The store hangs for as long as the test runs: any wait for it would not end.
    assert time.monotonic() - begun < 30
    # The thread that looks may be late on a busy machine.
    eventually(lambda: hanging.asked > asked)
    assert hanging.asked == asked + 1
    hanging.free.set()


def test_after_a_long_sleep_the_first_request_waits_for_the_look_but_not_for_ever(
    hanging: Hanging, local_place: PublishedPlace, built: Callable[[int], Path], clock: Clock
) -> None:
    local_place.publish(built(1))
    timing = RefreshTiming(wait_at_most=0.3)
    warm = WarmSnapshot(Settings(local_place.url), clock=clock, timing=timing)
    warm.current()
    clock.now += 3_600
    hanging.free.clear()
    begun = time.monotonic()
    assert label_of(warm.current()) == 1
    assert 0.25 < time.monotonic() - begun < 30
    hanging.free.set()


def test_a_look_that_a_frozen_process_left_behind_does_not_stop_the_next(
    hanging: Hanging, local_place: PublishedPlace, built: Callable[[int], Path], clock: Clock
) -> None:
    local_place.publish(built(1))
    timing = RefreshTiming(wait_at_most=0.05)
    warm = WarmSnapshot(Settings(local_place.url), clock=clock, timing=timing)
    warm.current()
    hanging.free.clear()
    clock.now += 2.5
    warm.current()
    left_behind = warm._looking
    clock.now += 600
    warm.current()
    assert warm._looking is not left_behind
    hanging.free.set()


def test_refresh_returns_when_what_is_published_is_served(
    warm: WarmSnapshot, local_place: PublishedPlace, built: Callable[[int], Path]
) -> None:
    local_place.publish(built(2))
    warm.refresh()
    assert label_of(warm.current()) == 2


def test_the_first_of_many_requests_opens_the_index_and_all_get_it(
    local_place: PublishedPlace, built: Callable[[int], Path]
) -> None:
    local_place.publish(built(1))
    warm = WarmSnapshot(Settings(local_place.url))
    found = []
    threads = [threading.Thread(target=lambda: found.append(warm.current())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1


def test_what_is_opened_beside_the_requests_is_opened_whole(
    sample_index: Path, small_index: Path, local_place: PublishedPlace, clock: Clock
) -> None:
    local_place.publish(sample_index)
    settings = Settings(local_place.url, local_place.cache)
    warm = WarmSnapshot(settings, clock=clock, prepare=Snapshot.open_parts)
    first = warm.current()
    assert "analyzer" not in vars(first), "a cold start opens what its request needs"
    local_place.publish(small_index)
    clock.now += 2.1
    warm.current()
    eventually(lambda: warm.current() is not first)
    parts = {name for name, part in vars(Snapshot).items() if isinstance(part, cached_property)}
    assert len(parts) > 8
    assert parts <= set(vars(warm.current()))


def test_answers_say_which_generation_they_come_from_and_whether_it_is_the_right_one(
    sample_index: Path, local_place: PublishedPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    local_place.publish(sample_index)
    warm = WarmSnapshot(Settings(local_place.url))
    monkeypatch.setattr(runtime, "warm_snapshot", warm)
    status = invoke(*event_for("/v1/status")).body
    assert (status["generation"], status["degraded"], status["reason"]) == (1, False, None)
    assert status["confirmed_s"] == 0
    assert status["generated_at"] == "2026-05-04T20:00:00+08:00"
    assert local_place.folder is not None
    etag = invoke(*event_for("/v1/hot")).headers["ETag"]
    (local_place.folder / "current.json").write_bytes(b"{")
    warm.refresh()
    status = invoke(*event_for("/v1/status")).body
    assert (status["degraded"], status["reason"]) == (True, "pointer-unusable")
    answer = invoke(*event_for("/v1/hot"))
    assert answer.body["degraded"] is True
    assert answer.body["age_s"] > 0
    assert answer.headers["ETag"] != etag


def test_an_index_in_s3_is_followed(
    s3_place: PublishedPlace,
    s3_environment: None,
    built: Callable[[int], Path],
) -> None:
    s3_place.publish(built(1))
    warm = WarmSnapshot(Settings(s3_place.url, s3_place.cache))
    assert label_of(warm.current()) == 1
    publish_artifact(s3_place.open(), built(2), s3_place.now)
    warm.refresh()
    assert label_of(warm.current()) == 2
