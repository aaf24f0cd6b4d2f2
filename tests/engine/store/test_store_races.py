"""Several writers of one key: one wins, the others are told, and nothing is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import store_writer

from engine.errors import StoreConflictError
from engine.store.local_folder import LocalFolderStore
from engine.store.protocol import Store

WRITERS = 8
ROUNDS = 20


def race(write: Callable[[int], str]) -> list[tuple[int, str]]:
    """Let all writers go at once; return who won, with the etag each was given."""
    start = threading.Barrier(WRITERS)
    winners: list[tuple[int, str]] = []

    def run(writer: int) -> None:
        start.wait()
        try:
            winners.append((writer, write(writer)))
        except StoreConflictError:
            return

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(run, range(WRITERS)))
    return winners


def test_of_eight_writers_that_swap_one_object_exactly_one_wins(
    open_again: Callable[[], Store],
) -> None:
    stores = [open_again() for _ in range(WRITERS)]
    etag = stores[0].put_if_absent("current.json", b"start")
    for turn in range(ROUNDS):

        def swap(writer: int, turn: int = turn, etag: str = etag) -> str:
            data = b"%d by %d" % (turn, writer)
            return stores[writer].compare_and_swap("current.json", data, etag)

        winners = race(swap)
        assert len(winners) == 1
        writer, etag = winners[0]
        found = stores[0].get("current.json")
        assert (found.data, found.etag) == (b"%d by %d" % (turn, writer), etag)


def test_of_eight_writers_that_create_one_object_exactly_one_wins(
    open_again: Callable[[], Store],
) -> None:
    stores = [open_again() for _ in range(WRITERS)]
    for turn in range(ROUNDS):
        key = f"versions/{turn}/manifest.json"

        def create(writer: int, key: str = key) -> str:
            return stores[writer].put_if_absent(key, b"by %d" % writer)

        winners = race(create)
        assert len(winners) == 1
        assert stores[0].get(key).data == b"by %d" % winners[0][0]


def test_no_update_is_lost_between_threads(open_again: Callable[[], Store]) -> None:
    open_again().put_if_absent("counter", b"0")

    def count(store: Store) -> None:
        for _ in range(5):
            store_writer.add_one(store)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(count, [open_again() for _ in range(4)]))
    assert open_again().get("counter").data == b"20"


def test_no_update_is_lost_between_processes(tmp_path: Path) -> None:
    store = LocalFolderStore(tmp_path)
    store.put_if_absent("counter", b"0")
    processes = [store_writer.start("increment", tmp_path, "25") for _ in range(4)]
    for process in processes:
        process.communicate(timeout=30)
    assert [process.returncode for process in processes] == [0, 0, 0, 0]
    assert store.get("counter").data == b"100"
    assert [entry.key for entry in store.list()] == ["counter"]


def test_a_delete_beside_swaps_is_never_undone(open_again: Callable[[], Store]) -> None:
    stores = [open_again() for _ in range(WRITERS)]
    for turn in range(5):
        key = f"object-{turn}"
        etag = stores[0].put_if_absent(key, b"start")

        def write(writer: int, key: str = key, etag: str = etag) -> str:
            if writer == 0:
                stores[0].delete(key)
                return "deleted"
            return stores[writer].compare_and_swap(key, b"by %d" % writer, etag)

        winners = dict(race(write))
        # The swap comes before the delete or not at all, so the object is always gone.
        assert len(winners) <= 2
        assert [entry.key for entry in stores[0].list(key)] == []
