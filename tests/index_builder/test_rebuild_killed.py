"""A rebuild or a change that is killed at any step loses nothing, and another try finishes it."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from rebuilt_site import NEW, current, ids_in, pointer_of, rebuild_with
from small_site import NOW

from engine.index.snapshot import open_snapshot
from engine.live.article_changes import ArticleChanges
from engine.live.change import read_live
from engine.live.changes import CHANGES, Folded
from engine.store.local_folder import LocalFolderStore
from index_builder.pipeline import build_index


class DyingStore:
    """Kills its process before the store operation with this number, or after it."""

    def __init__(self, store: LocalFolderStore, step: int, *, after: bool) -> None:
        self._store = store
        self._left = step
        self._after = after

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._store, name)

        def call(*arguments: Any) -> Any:
            # Hundreds of files go up one by one; publication has kill tests of its own.
            if arguments and str(arguments[0]).startswith(("versions/", "cache/")):
                return method(*arguments)
            self._left -= 1
            if self._left == 0 and not self._after:
                os.kill(os.getpid(), signal.SIGKILL)
            try:
                answer = method(*arguments)
                return list(answer) if isinstance(answer, Iterator) else answer
            finally:
                if self._left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        return call


def in_a_process_that_dies(action: Callable[[], object]) -> bool:
    """Run `action` in a child; return whether it was killed. Raises when it failed otherwise."""
    child = os.fork()
    if child == 0:
        try:
            action()
        finally:
            os._exit(sys.exc_info()[0] is not None)
    _, status = os.waitpid(child, 0)
    assert status in {0, signal.SIGKILL}, status
    return status != 0


@pytest.mark.parametrize("after", [False, True])
def test_killed_at_any_store_operation_a_change_is_made_or_not_and_another_try_makes_it(
    tmp_path: Path, after: bool
) -> None:
    step, killed = 0, True
    while killed:
        step += 1
        store = LocalFolderStore(tmp_path / f"{step}")
        ArticleChanges(store, lambda: NOW, lambda: "s1").delete("7")
        dying = DyingStore(store, step, after=after)

        def put(dying: Any = dying) -> None:
            ArticleChanges(dying, lambda: NOW, lambda: "s1").put(NEW)

        killed = in_a_process_that_dies(put)
        found = read_live(store, CHANGES)
        assert found.deleted == {"7"}
        assert set(found.by_id) in ({"7"}, {"7", "n1"})
        ArticleChanges(store, lambda: NOW, lambda: "s1").put(NEW)
        assert set(read_live(store, CHANGES).by_id) == {"7", "n1"}
    assert step > 3


@pytest.mark.parametrize("after", [False, True])
def test_killed_at_any_store_operation_a_rebuild_loses_no_change_and_another_finishes_it(
    tmp_path: Path, after: bool
) -> None:
    build = BuildOnce(tmp_path / "built")

    def prepare(place: Path) -> LocalFolderStore:
        store = LocalFolderStore(place / "site")
        rebuild_with(build, store, place)
        changes = ArticleChanges(store, lambda: NOW, lambda: "s1")
        changes.put(NEW)
        changes.delete("3")
        return store

    # Once without a kill, so that no child has to build.
    rebuild_with(build, prepare(tmp_path / "warm"), tmp_path / "warm")
    step, killed = 0, True
    while killed:
        step += 1
        place = tmp_path / f"{step}"
        store = prepare(place)
        dying: Any = DyingStore(store, step, after=after)
        killed = in_a_process_that_dies(
            lambda dying=dying, place=place: rebuild_with(build, dying, place)
        )
        assert_nothing_lost(store, place)
        rebuild_with(build, store, place)
        assert_nothing_lost(store, place)
        expected = {str(number) for number in range(16)} - {"3"} | {"n1"}
        assert ids_in(current(store, place)) == expected
    assert step > 4


class BuildOnce:
    """Builds each state of the live changes once, and copies it from then on."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._reports: dict[str, Any] = {}

    def __call__(self, options: Any, progress: Any) -> Any:
        state = f"{options.live.changes.sequence}-{len(options.live.changes.by_id)}"
        if state not in self._reports:
            self._reports[state] = build_index(options, progress)
            shutil.copytree(options.out, self._folder / state)
        else:
            shutil.copytree(self._folder / state, options.out)
        return self._reports[state]


def assert_nothing_lost(store: LocalFolderStore, place: Path) -> None:
    """Whatever version a reader takes, what it serves has the article put and not the one deleted."""
    pointer = pointer_of(store)
    found = read_live(store, CHANGES)
    for entry in pointer.named:
        snapshot = open_snapshot(place / "site" / entry.prefix, verify=True)
        live = snapshot.manifest.parameters.get("live") or {}
        over = found.not_in(Folded(live.get("stream", ""), live.get("sequence", 0)))
        gone = {key for key, change in over.items() if change.article is None}
        put = {key for key, change in over.items() if change.article is not None}
        visible = (ids_in(snapshot) | put) - gone
        assert "n1" in visible
        assert "3" not in visible
