"""Whatever is wrong with a version or the pointer, a reader serves the last good one and says so."""

from __future__ import annotations

import pytest
from following import (
    NOT_EMPTY,
    Artifact,
    Clock,
    damage,
    follow,
    label,
    reason,
)
from published_place import PublishedPlace
from tiny_artifact import FILES, set_format

from engine.errors import (
    ArtifactDamagedError,
    ArtifactFormatError,
)
from engine.index.manifest import FORMAT_VERSION
from engine.index.pointer_store import read_pointer
from engine.index.rollback import roll_back
from engine.index.served import Reason


@pytest.mark.parametrize("name", [*NOT_EMPTY, "manifest.json"])
def test_a_reader_that_starts_on_a_damaged_version_takes_the_one_before(
    place: PublishedPlace, artifact: Artifact, name: str
) -> None:
    place.publish(artifact(1))
    current = place.publish(artifact(2)).pointer.current
    damage(place, current.prefix + name, None)
    follower = follow(place)
    follower.open_first()
    assert (label(follower), reason(follower)) == (1, Reason.VERSION)


def test_a_reader_that_starts_goes_through_all_versions_in_the_pointers_order(
    place: PublishedPlace, artifact: Artifact
) -> None:
    for number in (1, 2, 3, 4):
        place.publish(artifact(number))
    roll_back(place.open(), place.now)
    seen = read_pointer(place.open())
    assert seen is not None
    expected = [3, 2, 1, 4]
    for entry, number in zip(seen.pointer.named, expected, strict=True):
        follower = follow(place)
        follower.open_first()
        assert label(follower) == number
        for name in FILES:
            damage(place, entry.prefix + name, b"damaged")
        for cached in place.cache.glob("*/manifest.json"):
            cached.unlink()
    with pytest.raises(ArtifactDamagedError):
        follow(place).open_first()


def test_a_warm_reader_keeps_what_it_has_when_the_next_version_is_damaged(
    place: PublishedPlace, artifact: Artifact
) -> None:
    clock, told = Clock(), []
    place.publish(artifact(1))
    follower = follow(place, clock=clock, report=told.append)
    follower.open_first()
    current = place.publish(artifact(2)).pointer.current
    whole = place.open().get(current.prefix + "tags.json").data
    damage(place, current.prefix + "tags.json", whole[:-2] + b"?\n")
    for _ in range(3):
        follower.check(patient=True)
        assert (label(follower), reason(follower)) == (1, Reason.VERSION)
    assert [trouble.reason for trouble in told if trouble] == [Reason.VERSION]
    assert "tags.json" in told[0].detail
    # Damage is not looked at again at once; mended, it is served after a pause.
    damage(place, current.prefix + "tags.json", whole)
    follower.check(patient=True)
    assert label(follower) == 1
    clock.now += 60
    follower.check(patient=True)
    assert (label(follower), reason(follower)) == (2, None)
    assert told[-1] is None


def test_a_damaged_version_is_fetched_less_and_less_often(
    s3_place: PublishedPlace, artifact: Artifact
) -> None:
    clock = Clock()
    s3_place.publish(artifact(1))
    follower = follow(s3_place, clock=clock)
    follower.open_first()
    current = s3_place.publish(artifact(2)).pointer.current
    damage(s3_place, current.prefix + "tags.json", b"[]")
    tries = 0
    for _ in range(360):
        before = follower._opener.failure
        clock.now += 10.0
        follower.check(patient=True)
        tries += follower._opener.failure is not before
        assert label(follower) == 1
    assert 5 <= tries <= 14
    # Another version is tried at once.
    s3_place.publish(artifact(3))
    follower.check(patient=True)
    assert (label(follower), reason(follower)) == (3, None)


def test_a_newer_format_is_refused_and_the_old_version_kept(
    place: PublishedPlace, artifact: Artifact
) -> None:
    place.publish(artifact(1))
    follower = follow(place)
    follower.open_first()
    # What a newer builder would have published: its publisher knows the format, we do not.
    newer, store = artifact(2), place.open()
    pointer = place.publish(newer).pointer
    prefix = pointer.current.prefix
    version = set_format(newer, FORMAT_VERSION + 1)
    damage(place, prefix + "manifest.json", (newer / "manifest.json").read_bytes())
    follower.check(patient=True)
    assert (label(follower), reason(follower)) == (1, Reason.VERSION)
    assert follower.served is not None
    assert follower.served.trouble is not None
    assert "upgrade the reader" in follower.served.trouble.detail
    assert version != pointer.current.version
    cold = follow(place)
    cold.open_first()
    assert (label(cold), reason(cold)) == (1, Reason.VERSION)
    assert store.get("current.json").data


@pytest.mark.parametrize(
    "content", [b"", b"{", b'{"format": 2}', b'{"format": 1, "generation": 9}', b"\xff"]
)
def test_a_pointer_that_cannot_be_understood_changes_nothing_for_a_warm_reader(
    place: PublishedPlace, artifact: Artifact, content: bytes
) -> None:
    place.publish(artifact(1))
    follower = follow(place)
    follower.open_first()
    whole = place.open().get("current.json").data
    damage(place, "current.json", content)
    for _ in range(2):
        follower.check(patient=True)
        assert (label(follower), reason(follower)) == (1, Reason.POINTER)
    with pytest.raises((ArtifactDamagedError, ArtifactFormatError)):
        follow(place).open_first()
    damage(place, "current.json", whole)
    follower.check(patient=True)
    assert reason(follower) is None


def test_a_pointer_that_goes_back_is_not_followed(
    place: PublishedPlace, artifact: Artifact
) -> None:
    place.publish(artifact(1))
    old = place.open().get("current.json").data
    place.publish(artifact(2))
    follower = follow(place)
    follower.open_first()
    damage(place, "current.json", old)
    for _ in range(2):
        follower.check(patient=True)
        assert (label(follower), reason(follower)) == (2, Reason.POINTER)


def test_a_pointer_that_was_deleted_changes_nothing_for_a_warm_reader(
    place: PublishedPlace, artifact: Artifact
) -> None:
    place.publish(artifact(1))
    follower = follow(place)
    follower.open_first()
    damage(place, "current.json", None)
    follower.check(patient=True)
    assert (label(follower), reason(follower)) == (1, Reason.STORE)


def test_the_files_of_another_version_are_not_taken_for_this_one(
    place: PublishedPlace, artifact: Artifact
) -> None:
    first = place.publish(artifact(1)).pointer.current
    second = place.publish(artifact(2)).pointer.current
    for name in (*FILES, "manifest.json"):
        damage(place, second.prefix + name, place.open().get(first.prefix + name).data)
    follower = follow(place)
    follower.open_first()
    assert (label(follower), reason(follower)) == (1, Reason.VERSION)
    assert follower.served is not None
    assert follower.served.entry == first
