"""A reader serves what the pointer names, and keeps what it serves for as long as a request needs it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from following import (
    Artifact,
    compose_labels,
    follow,
    label,
    reason,
    text_of,
)
from published_place import NOON, PublishedPlace
from tiny_artifact import label_of, version_of

from engine.errors import (
    ArtifactDamagedError,
    IndexUnavailableError,
)
from engine.index.follower import IndexFollower
from engine.index.index_place import IndexPlace
from engine.index.publication import Retention
from engine.index.rollback import roll_back
from engine.index.served import LiveView
from engine.store.protocol import Store


def test_a_reader_follows_the_pointer(place: PublishedPlace, artifact: Artifact) -> None:
    place.publish(artifact(1))
    follower = follow(place)
    follower.open_first()
    assert (label(follower), reason(follower)) == (1, None)
    place.publish(artifact(2))
    follower.check(patient=True)
    assert (label(follower), reason(follower)) == (2, None)
    roll_back(place.open(), place.now)
    follower.check(patient=True)
    assert (label(follower), reason(follower)) == (1, None)
    assert follower.served is not None
    assert follower.served.generation == 3


def test_a_version_says_when_it_was_published_not_when_it_was_fetched(
    place: PublishedPlace, artifact: Artifact
) -> None:
    place.publish(artifact(1))
    place.pass_time(days=3)
    assert follow(place).open_first().snapshot.generated_at == NOON


def test_a_request_keeps_its_snapshot_while_the_next_one_is_served(
    place: PublishedPlace, artifact: Artifact
) -> None:
    place.publish(artifact(1))
    follower = follow(place)
    mine = follower.open_first().snapshot
    for number in (2, 3, 4):
        place.publish(artifact(number))
        follower.check(patient=True)
    assert label_of(mine) == 1
    assert label(follower) == 4


def test_an_unchanged_store_costs_one_conditional_get_and_opens_nothing(
    local_place: PublishedPlace, artifact: Artifact
) -> None:
    local_place.publish(artifact(1))
    asked: list[tuple[str, str]] = []

    class Counting:
        def __init__(self, store: Store) -> None:
            self._store = store

        def __getattr__(self, name: str) -> Any:
            def call(key: str, *arguments: Any) -> Any:
                asked.append((name, key))
                return getattr(self._store, name)(key, *arguments)

            return call

    place = local_place.for_readers()
    counting = IndexPlace(
        Counting(place.store), Counting(place.store), place.cache, place.local_folder
    )
    follower = IndexFollower(counting, LiveView(("live/hot.json",)), open_seconds=30)
    first = follower.open_first()
    asked.clear()
    follower.check()
    assert sorted(asked) == [
        ("get_if_changed", "current.json"),
        ("get_if_changed", "live/hot.json"),
    ]
    assert follower.served is not None
    assert follower.served.snapshot is first.snapshot


def test_a_version_larger_than_the_memory_is_refused_before_it_is_fetched(
    place: PublishedPlace, artifact: Artifact
) -> None:
    place.publish(artifact(1))
    reader = place.for_readers(memory_bytes=10)
    with pytest.raises(IndexUnavailableError, match="10 bytes of memory"):
        IndexFollower(reader, LiveView(), open_seconds=30).open_first()
    assert not place.cache.exists() or not list(place.cache.glob("[0-9a-f]*"))


def test_a_mapped_version_is_not_deleted_under_its_reader(
    local_place: PublishedPlace, artifact: Artifact
) -> None:
    from engine.index.version_lease import exclusive_lease  # noqa: PLC0415

    folder = local_place.folder
    assert folder is not None
    retention = Retention(
        keep=2, grace=timedelta(0), unheld=lambda prefix: exclusive_lease(folder / prefix)
    )
    local_place.publish(artifact(1), retention)
    follower = follow(local_place)
    snapshot = follower.open_first().snapshot
    del follower
    for number in range(2, 7):
        local_place.publish(artifact(number), retention)
    assert label_of(snapshot) == 1
    del snapshot
    local_place.publish(artifact(7), retention)
    assert not any(version_of(artifact(1)) in key for key in local_place.listing())


def test_a_place_without_an_index_says_so(place: PublishedPlace) -> None:
    with pytest.raises((IndexUnavailableError, ArtifactDamagedError), match=r"manifest|no index"):
        follow(place).open_first()


def test_an_index_without_a_pointer_is_served_as_it_lies(
    place: PublishedPlace, artifact: Artifact
) -> None:
    store = place.open()
    for path in artifact(1).iterdir():
        store.put_if_absent(path.name, path.read_bytes())
    follower = follow(place, compose_labels([]))
    follower.open_first()
    assert (label(follower), reason(follower), text_of(follower)) == (1, None, "")
    assert isinstance(follower.served.snapshot.generated_at, datetime)  # type: ignore[union-attr]
