"""Nobody waits for a part longer than a request may, whatever became of the store or of the process."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from arriving_places import (
    RECORDS,
    BentStore,
    arriving_files,
    dawdle,
    fail,
    record,
    write_parted_artifact,
)
from following import Clock

from engine.errors import (
    StoreUnavailableError,
)
from engine.index.arriving_files import ArrivingFiles
from engine.index.block_runs import Part
from engine.index.record_file import RecordFile


@pytest.fixture
def store(tmp_path: Path) -> BentStore:
    write_parted_artifact(tmp_path / "site" / "version", 3)
    return BentStore(tmp_path / "site")


def test_what_did_not_come_is_refused_for_a_while_and_then_asked_for_again(
    store: BentStore, tmp_path: Path
) -> None:
    clock = Clock()
    files = arriving_files(store, tmp_path / "cache", clock=clock)
    texts = RecordFile(files, "texts")
    store.bend = fail
    with pytest.raises(StoreUnavailableError, match="no answer"):
        texts[5]
    store.bend = lambda _name, read: read()
    asked = len(store.ranges)
    with pytest.raises(StoreUnavailableError, match="no answer"):
        texts[5]
    assert len(store.ranges) == asked
    clock.now += 6
    assert texts[5] == record(3, 5)
    assert files.failure is None


def test_a_request_waits_no_longer_than_it_may_however_many_parts_it_needs(
    store: BentStore, tmp_path: Path
) -> None:
    files = arriving_files(store, tmp_path / "cache", wait_seconds=0.3)
    texts = RecordFile(files, "texts")
    store.bend = dawdle(0.2)
    files.begin_request()
    begun = time.monotonic()
    with pytest.raises(StoreUnavailableError, match=r"did not come within 0\.3 s"):
        list(map(texts.__getitem__, (0, RECORDS // 2, RECORDS - 1)))
    assert time.monotonic() - begun < 1.0
    assert isinstance(files.failure, StoreUnavailableError)


def test_what_was_on_its_way_when_the_process_froze_is_asked_for_again(
    store: BentStore, tmp_path: Path
) -> None:
    clock, gone, hanging = Clock(), threading.Event(), threading.Event()
    files = arriving_files(store, tmp_path / "cache", clock=clock)

    def hang(_name: str, read: Callable[[], bytes]) -> bytes:
        if not hanging.is_set():
            hanging.set()
            gone.wait(20)  # a connection that nobody serves any more
        return read()

    store.bend = hang
    files.begin([Part("texts.bin", 0, 10)])
    assert hanging.wait(10)
    clock.now += 3_600
    assert RecordFile(files, "texts")[0] == record(3, 0)
    gone.set()


def test_what_a_frozen_request_ends_with_says_nothing_about_the_version(
    store: BentStore, tmp_path: Path
) -> None:
    clock = Clock()
    files = arriving_files(store, tmp_path / "cache", clock=clock)

    def freeze(_name: str, _read: Callable[[], bytes]) -> bytes:
        clock.now += 3_600
        raise StoreUnavailableError("connection reset")

    store.bend = freeze
    (fetching,) = files.begin([Part("texts.bin", 0, 10)])
    with pytest.raises(StoreUnavailableError):
        fetching.result(10)
    assert files.failure is None


# Planted defect: the check above would notice it.


def test_a_reader_that_waits_for_each_part_anew_is_caught(
    store: BentStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ArrivingFiles, "begin_request", lambda _: None)
    with pytest.raises(pytest.fail.Exception):
        test_a_request_waits_no_longer_than_it_may_however_many_parts_it_needs(store, tmp_path)
