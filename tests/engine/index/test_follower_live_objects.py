"""A reader reads live objects with the pointer, and never forgets what was taken down."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from following import (
    Artifact,
    compose_labels,
    follow,
    label,
    reason,
    refusing,
    text_of,
)
from published_place import PublishedPlace

from engine.errors import (
    StoreRefusedError,
    StoreUnavailableError,
)
from engine.index.follower import IndexFollower
from engine.index.served import LiveView, Reason
from engine.store.protocol import StoredObject


def test_live_objects_are_read_with_the_pointer_and_composed_only_when_something_changed(
    place: PublishedPlace, artifact: Artifact
) -> None:
    seen: list[Mapping[str, StoredObject]] = []
    place.publish(artifact(1))
    follower = follow(place, compose_labels(seen))
    follower.open_first()
    assert text_of(follower) == ""
    store = place.open()
    etag = store.put_if_absent("live/changes.json", b"one")
    follower.check()
    assert text_of(follower) == "one"
    store.put_if_absent("live/hot.json", b"hot")
    etag = store.compare_and_swap("live/changes.json", b"two", etag)
    follower.check()
    follower.check()
    assert text_of(follower) == "two,hot"
    assert len(seen) == 3
    place.publish(artifact(2))
    follower.check(patient=True)
    assert (label(follower), text_of(follower), len(seen)) == (2, "two,hot", 4)


def test_a_live_object_that_vanishes_is_not_forgotten(
    place: PublishedPlace, artifact: Artifact
) -> None:
    place.publish(artifact(1))
    follower = follow(place, compose_labels([]))
    place.open().put_if_absent("live/changes.json", b"deleted: 41")
    follower.open_first()
    place.open().delete("live/changes.json")
    follower.check()
    assert (text_of(follower), reason(follower)) == ("deleted: 41", Reason.STORE)


@pytest.mark.parametrize("content", [b"broken", b"bug"])
def test_a_live_object_that_cannot_be_used_leaves_the_last_good_view(
    place: PublishedPlace, artifact: Artifact, content: bytes
) -> None:
    place.publish(artifact(1))
    follower = follow(place, compose_labels([]))
    store = place.open()
    etag = store.put_if_absent("live/changes.json", b"good")
    follower.open_first()
    etag = store.compare_and_swap("live/changes.json", content, etag)
    for _ in range(2):
        follower.check()
        assert (text_of(follower), reason(follower)) == ("good", Reason.LIVE)
    store.compare_and_swap("live/changes.json", b"mended", etag)
    follower.check()
    assert (text_of(follower), reason(follower)) == ("mended", None)


def test_without_the_right_to_list_a_missing_live_object_counts_as_missing(
    local_place: PublishedPlace, artifact: Artifact
) -> None:
    local_place.publish(artifact(1))
    store, place = refusing(local_place)
    follower = IndexFollower(place, compose_labels([]), open_seconds=30)
    follower.open_first()
    assert (text_of(follower), reason(follower)) == ("", None)
    local_place.open().put_if_absent("live/changes.json", b"deleted: 41")
    follower.check()
    assert text_of(follower) == "deleted: 41"
    # What was seen once is there: now a refusal is a failure, and deletions stay deleted.
    for error in (StoreRefusedError, StoreUnavailableError):
        store.failing = error
        follower.check()
        assert (text_of(follower), reason(follower)) == ("deleted: 41", Reason.STORE)
    store.failing = None
    follower.check()
    assert reason(follower) is None


def test_without_the_right_to_list_a_place_without_an_index_is_unavailable(
    local_place: PublishedPlace,
) -> None:
    _, place = refusing(local_place)
    with pytest.raises(StoreRefusedError, match=r"current\.json: 403"):
        IndexFollower(place, LiveView(), open_seconds=30).open_first()


def test_a_reader_does_not_start_without_knowing_what_was_taken_down(
    local_place: PublishedPlace, artifact: Artifact
) -> None:
    local_place.publish(artifact(1))
    store, place = refusing(local_place)
    store.failing = StoreUnavailableError
    with pytest.raises(StoreUnavailableError):
        IndexFollower(place, compose_labels([]), open_seconds=30).open_first()
