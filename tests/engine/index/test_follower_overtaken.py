"""A look that was overtaken by another, or slept too long, changes nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from following import (
    Artifact,
    Clock,
    follow,
    label,
)
from published_place import PublishedPlace
from tiny_artifact import version_of

from engine.errors import (
    StoreUnavailableError,
)
from engine.index.cache_folder import CacheFolder
from engine.index.follower import IndexFollower
from engine.index.index_place import IndexPlace
from engine.index.served import LiveView
from engine.store.local_folder import LocalFolderStore


def test_an_opening_that_outlives_its_deadline_changes_nothing(
    local_place: PublishedPlace, artifact: Artifact
) -> None:
    clock = Clock()
    local_place.publish(artifact(1))
    second = version_of(artifact(2))
    resumed, begun = threading.Event(), threading.Event()

    class Freezing(LocalFolderStore):
        """Stops in the middle of fetching version 2, as a frozen function does."""

        def get_range(self, key: str, start: int, length: int) -> bytes:
            if second in key and not resumed.is_set():
                begun.set()
                resumed.wait(10)
            return super().get_range(key, start, length)

    assert local_place.folder is not None
    store = Freezing(local_place.folder)
    frozen = IndexPlace(store, store, CacheFolder(local_place.cache))
    follower = IndexFollower(frozen, LiveView(), open_seconds=30, clock=clock)
    follower.open_first()
    local_place.publish(artifact(2))
    follower.check()
    assert begun.wait(10)
    clock.now += 3_600
    assert follower.needs_patience
    opening = follower._opener._attempt
    assert opening is not None
    resumed.set()
    assert opening.done.wait(10)
    assert label(follower) == 1
    follower.check(patient=True)
    assert label(follower) == 2


Between = Callable[[IndexFollower, pytest.MonkeyPatch, Callable[[], None]], None]


def before_its_look_fails(
    follower: IndexFollower, patch: pytest.MonkeyPatch, another: Callable[[], None]
) -> None:
    def fails(*arguments: Any) -> Any:
        patch.undo()
        another()
        raise StoreUnavailableError("no answer")

    patch.setattr("engine.index.follower.look", fails)


def before_it_knows_what_is_opened(
    follower: IndexFollower, patch: pytest.MonkeyPatch, another: Callable[[], None]
) -> None:
    def opens(*_: Any, **__: Any) -> None:
        patch.undo()
        another()

    patch.setattr(follower._opener, "open_beside", opens)


def go_on_after_another_look(
    place: PublishedPlace, artifact: Artifact, between: Between, patch: pytest.MonkeyPatch
) -> None:
    """Let a look be overtaken by a whole other one, in the middle."""
    place.publish(artifact(1))
    follower = follow(place)
    follower.open_first()
    place.publish(artifact(2))
    between(follower, patch, lambda: follower.check(patient=True))
    follower.check()
    assert label(follower) == 2, "what was served came back"


BETWEEN = pytest.mark.parametrize(
    "between", [before_its_look_fails, before_it_knows_what_is_opened]
)


@BETWEEN
def test_a_look_that_was_overtaken_never_brings_an_older_version_back(
    place: PublishedPlace, artifact: Artifact, between: Between, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on_after_another_look(place, artifact, between, monkeypatch)


@BETWEEN
def test_a_reader_that_does_not_notice_being_overtaken_is_caught(
    local_place: PublishedPlace, artifact: Artifact, between: Between
) -> None:
    def replaces_anything(self: IndexFollower, _: Any, following: Any, __: Any) -> bool:
        self.served = following
        return True

    with pytest.MonkeyPatch.context() as defect, pytest.MonkeyPatch.context() as patch:
        defect.setattr(IndexFollower, "_replace", replaces_anything)
        with pytest.raises(AssertionError, match="came back"):
            go_on_after_another_look(local_place, artifact, between, patch)


def test_a_look_past_its_deadline_changes_nothing(
    local_place: PublishedPlace, artifact: Artifact, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    local_place.publish(artifact(1))
    follower = follow(local_place, clock=clock)
    served = follower.open_first()

    def frozen(*_: Any) -> Any:
        clock.now += 3_600
        raise StoreUnavailableError("what an hour ago was true")

    monkeypatch.setattr("engine.index.follower.look", frozen)
    follower.check()
    assert follower.served is served
