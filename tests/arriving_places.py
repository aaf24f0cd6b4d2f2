"""A version of which parts can be fetched, and a store that tells and bends what is asked of it.

Each file is larger than a block, and each 64 KB of it differs from every other, so a part that was not
fetched, or was put where another belongs, cannot be missed.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from watched_store import WatchedStore

from engine.errors import StoreUnavailableError
from engine.index.arriving_files import ArrivingFiles
from engine.index.arriving_version import open_arriving, read_contents
from engine.index.cache_folder import CacheFolder
from engine.index.codec import write_array, write_records
from engine.index.manifest import write_manifest
from engine.index.opening import BLOCK_BYTES, write_opening
from engine.store.deadline import elapsing_seconds
from engine.store.local_folder import LocalFolderStore

RECORDS = 4_000
ROWS = 5_000
PREFIX = "version/"


def record(label: int, number: int) -> bytes:
    return f"第{label}版第{number}条".encode() * (1 + number % 7)


def row(label: int, number: int) -> list[int]:
    return [label, number, number * label, 7 - number]


def write_parted_artifact(folder: Path, label: int) -> str:
    """Write a version whose files differ from those of every other label; return its version."""
    folder.mkdir(parents=True)
    bounds = write_records(folder / "texts.bin", (record(label, n) for n in range(RECORDS)))
    write_array(folder / "texts.bounds.npy", np.repeat(bounds, 1))
    write_array(folder / "rows.npy", np.asarray([row(label, n) for n in range(ROWS)], np.int64))
    (folder / "small.json").write_text(f"[{label}]\n", "utf-8")
    (folder / "empty.bin").write_bytes(b"")
    write_opening(folder)
    manifest = write_manifest(
        folder, lexicon_fingerprint="x", counts={"articles": label}, parameters={}
    )
    return manifest.index_version


class BentStore(WatchedStore):
    """Counts reads by key, and does to ranges what `bend` says: (key, read) -> bytes."""

    def __init__(self, folder: Path) -> None:
        super().__init__(LocalFolderStore(folder))
        self.reads: Counter[str] = Counter()
        self.ranges: list[tuple[str, int, int]] = []
        self.bend: Callable[[str, Callable[[], bytes]], bytes] = lambda _key, read: read()
        self._counting = threading.Lock()

    def operate(self, _name: str, key: str, action: Callable[[], Any]) -> Any:
        with self._counting:
            self.reads[key] += 1
        return action()

    def get_range(self, key: str, start: int, length: int) -> bytes:
        name = key.rpartition("/")[2]
        with self._counting:
            self.ranges.append((name, start, length))
        return self.bend(key, lambda: super(BentStore, self).get_range(key, start, length))

    @property
    def blocks(self) -> int:
        """How many blocks were asked for."""
        return sum(-(-length // BLOCK_BYTES) for _, _, length in self.ranges)


def flip(_key: str, read: Callable[[], bytes]) -> bytes:
    data = bytearray(read())
    data[len(data) // 2] ^= 1
    return bytes(data)


def cut(_key: str, read: Callable[[], bytes]) -> bytes:
    return read()[:-1]


def zero(_key: str, read: Callable[[], bytes]) -> bytes:
    return bytes(len(read()))


def fail(_key: str, _read: Callable[[], bytes]) -> bytes:
    raise StoreUnavailableError("no answer")


def dawdle(seconds: float) -> Callable[[str, Callable[[], bytes]], bytes]:
    def slowly(_key: str, read: Callable[[], bytes]) -> bytes:
        time.sleep(seconds)
        return read()

    return slowly


def arriving_files(
    store: BentStore,
    cache: Path,
    *,
    wait_seconds: float = 30.0,
    clock: Callable[[], float] = elapsing_seconds,
) -> ArrivingFiles:
    """Open the version below `PREFIX` of the store by part."""
    files = open_arriving(
        store,
        PREFIX,
        read_contents(store, PREFIX),
        CacheFolder(cache),
        memory_bytes=None,
        wait_seconds=wait_seconds,
    )
    files._clock = clock
    return files
