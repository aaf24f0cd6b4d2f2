"""One contract for changing live objects, on a local folder and on S3 (moto stands in)."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import live_counter
import pytest
from live_counter import COUNTER, NOTES

import engine
from engine.errors import (
    ArtifactDamagedError,
    LiveObjectFullError,
    StoreConflictError,
)
from engine.live.change import Patience, change, read_live
from engine.store.local_folder import LocalFolderStore
from engine.store.protocol import Store, StoredObject


def add_one(count: int) -> int:
    return count + 1


class RivalStore:
    """A store in which somebody else always writes between a read and the write that follows."""

    def __init__(self, store: Store, times: int) -> None:
        self._store = store
        self._times = times

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    def get(self, key: str) -> StoredObject:
        found = self._store.get(key)
        if self._times:
            self._times -= 1
            self._store.compare_and_swap(
                key, COUNTER.encode(COUNTER.decode(found.data) + 100), found.etag
            )
        return found


def test_object_that_nobody_wrote_has_its_empty_value(store: Store) -> None:
    assert read_live(store, COUNTER) == 0


def test_change_to_the_same_value_writes_nothing(store: Store) -> None:
    change(store, COUNTER, add_one)
    before = store.get(COUNTER.key).etag
    assert change(store, COUNTER, lambda count: count) == 1
    assert store.get(COUNTER.key).etag == before


def test_loser_of_a_race_reads_again_and_undoes_nothing(store: Store) -> None:
    change(store, COUNTER, add_one)
    assert change(RivalStore(store, 3), COUNTER, add_one) == 302  # type: ignore[arg-type]
    assert read_live(store, COUNTER) == 302


def test_writer_that_always_loses_gives_up_after_its_attempts(store: Store) -> None:
    change(store, COUNTER, add_one)
    with pytest.raises(StoreConflictError, match=r"live/counter.json.*try again"):
        change(
            RivalStore(store, 99),  # type: ignore[arg-type]
            COUNTER,
            add_one,
            patience=Patience(attempts=3),
        )
    assert read_live(store, COUNTER) == 301


def test_writer_that_always_loses_gives_up_at_its_deadline(tmp_path: Path) -> None:
    store = LocalFolderStore(tmp_path)
    change(store, COUNTER, add_one)
    now = [0.0]

    def sleep(seconds: float) -> None:
        now[0] += 0.4

    with pytest.raises(StoreConflictError):
        change(
            RivalStore(store, 99),  # type: ignore[arg-type]
            COUNTER,
            add_one,
            patience=Patience(99, 1.0, clock=lambda: now[0], sleep=sleep, chance=lambda: 1.0),
        )
    assert read_live(store, COUNTER) == 301


def test_changes_of_several_threads_all_count(open_again: Callable[[], Store]) -> None:
    def count(store: Store) -> None:
        for _ in range(4):
            change(store, COUNTER, add_one, patience=Patience(400, 30))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(count, [open_again() for _ in range(4)]))
    assert read_live(open_again(), COUNTER) == 16


def test_changes_of_several_processes_all_count(tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": str(Path(engine.__path__[0]).parent)}
    processes = [
        subprocess.Popen(
            [sys.executable, live_counter.__file__, str(tmp_path), "10"], env=environment
        )
        for _ in range(3)
    ]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    assert read_live(LocalFolderStore(tmp_path), COUNTER) == 30


def test_damaged_object_is_not_written_over(store: Store) -> None:
    store.put_if_absent(COUNTER.key, b"no JSON")
    with pytest.raises(ArtifactDamagedError, match="put an earlier version"):
        change(store, COUNTER, add_one)
    assert store.get(COUNTER.key).data == b"no JSON"


def test_object_that_is_worked_out_anew_replaces_a_damaged_one(store: Store) -> None:
    store.put_if_absent(COUNTER.key, b"no JSON")
    assert change(store, COUNTER, add_one, replace_damaged=True) == 1
    assert read_live(store, COUNTER) == 1


def test_value_that_does_not_fit_leaves_the_old_one(store: Store) -> None:
    change(store, NOTES, lambda _: {"甲": "电商"})
    long = {str(number): str(number * 7919) for number in range(20_000)}
    with pytest.raises(LiveObjectFullError):
        change(store, NOTES, lambda _: long)
    assert read_live(store, NOTES) == {"甲": "电商"}
