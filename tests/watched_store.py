"""Stores for the suites that break things: each operation passes through one hook."""

from __future__ import annotations

import itertools
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from engine.store.protocol import ObjectEntry, Store, StoredObject

Answer = TypeVar("Answer")


class WatchedStore:
    """Passes every operation on by `operate(name, key, action)`, which subclasses replace."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def operate(self, _name: str, _key: str, action: Callable[[], Answer]) -> Answer:
        return action()

    def get(self, key: str) -> StoredObject:
        return self.operate("get", key, lambda: self._store.get(key))

    def get_range(self, key: str, start: int, length: int) -> bytes:
        return self.operate("get_range", key, lambda: self._store.get_range(key, start, length))

    def get_ranges(self, key: str, ranges: Sequence[tuple[int, int]]) -> list[memoryview]:
        return [memoryview(self.get_range(key, start, length)) for start, length in ranges]

    def get_if_changed(self, key: str, etag: str | None) -> StoredObject | None:
        return self.operate("get_if_changed", key, lambda: self._store.get_if_changed(key, etag))

    def put_if_absent(self, key: str, data: bytes) -> str:
        return self.operate("put_if_absent", key, lambda: self._store.put_if_absent(key, data))

    def compare_and_swap(self, key: str, data: bytes, expected_etag: str | None) -> str:
        return self.operate(
            "compare_and_swap",
            key,
            lambda: self._store.compare_and_swap(key, data, expected_etag),
        )

    def list(self, prefix: str = "") -> Iterator[ObjectEntry]:
        return self.operate("list", prefix, lambda: self._store.list(prefix))

    def delete(self, key: str) -> None:
        return self.operate("delete", key, lambda: self._store.delete(key))


class Died(BaseException):
    """Stands for the death of the process: nothing may catch it, and nothing is done after it."""


class MortalStore(WatchedStore):
    """Lets its process die before or after its nth operation, counted over all threads."""

    def __init__(self, store: Store, step: int, when: str, *, kill: bool) -> None:
        super().__init__(store)
        self._last = step
        self._when = when
        self._kill = kill
        self._numbers = itertools.count(1)
        self._dead = threading.Event()

    def operate(self, _name: str, _key: str, action: Callable[[], Any]) -> Any:
        number = next(self._numbers)
        if self._dead.is_set() or (number == self._last and self._when == "before"):
            self._die()
        answer = action()
        if number == self._last:
            self._die()
        return answer

    def _die(self) -> None:
        if self._kill:
            os.kill(os.getpid(), signal.SIGKILL)
        self._dead.set()
        raise Died
