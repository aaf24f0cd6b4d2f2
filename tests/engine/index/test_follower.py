"""A reader serves what the pointer names, or the last good version and says so."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from published_place import NOON, PublishedPlace
from tiny_artifact import FILES, label_of, set_format, version_of

from engine.errors import (
    ArtifactDamagedError,
    ArtifactFormatError,
    IndexUnavailableError,
    ObjectNotFoundError,
    StoreError,
    StoreRefusedError,
    StoreUnavailableError,
)
from engine.index.cache_folder import CacheFolder
from engine.index.follower import IndexFollower
from engine.index.index_place import IndexPlace
from engine.index.manifest import FORMAT_VERSION
from engine.index.pointer_store import read_pointer
from engine.index.publication import Retention
from engine.index.rollback import roll_back
from engine.index.served import LiveView, Reason
from engine.index.snapshot import Snapshot
from engine.store.local_folder import LocalFolderStore
from engine.store.protocol import Store, StoredObject

Artifact = Callable[[int], Path]

NOT_EMPTY = tuple(name for name in FILES if name != "empty.bin")
"""Of an empty file every byte is known without reading it, so a copy is right even if it is missing."""


class Clock:
    """A clock that stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def follow(place: PublishedPlace, live: LiveView | None = None, **options: Any) -> IndexFollower:
    return IndexFollower(place.for_readers(), live or LiveView(), open_seconds=30, **options)


def label(follower: IndexFollower) -> int:
    assert follower.served is not None
    return label_of(follower.served.snapshot)


def reason(follower: IndexFollower) -> Reason | None:
    assert follower.served is not None
    return follower.served.trouble.reason if follower.served.trouble else None


def damage(place: PublishedPlace, key: str, data: bytes | None) -> None:
    """Replace an object behind everybody's back; None removes it."""
    store = place.open()
    store.delete(key)
    if data is not None:
        store.put_if_absent(key, data)


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


def compose_labels(seen: list[Mapping[str, StoredObject]]) -> LiveView:
    """Return a view that notes what it was given and marks what it makes."""

    class Overlaid(Snapshot):
        def __init__(self, base: Snapshot, text: str) -> None:
            super().__init__(base.directory, base.manifest, base.generated_at)
            self.base = base
            self.text = text

    def compose(
        base: Snapshot, objects: Mapping[str, StoredObject], _last: Snapshot | None
    ) -> Snapshot:
        seen.append(objects)
        text = b",".join(objects[key].data for key in sorted(objects)).decode()
        if "broken" in text:
            raise ArtifactDamagedError("live/changes.json: broken")
        if "bug" in text:
            raise ZeroDivisionError("a bug")
        return Overlaid(base, text)

    return LiveView(("live/changes.json", "live/hot.json"), compose)


def text_of(follower: IndexFollower) -> str:
    assert follower.served is not None
    return str(follower.served.snapshot.text)  # type: ignore[attr-defined]


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


class Refusing(LocalFolderStore):
    """Answers as S3 does to a reader without s3:ListBucket, and fails on cue."""

    failing: type[StoreError] | None = None

    def get_if_changed(self, key: str, etag: str | None) -> StoredObject | None:
        if self.failing is not None and key.startswith("live/"):
            raise self.failing(f"{key}: on cue")
        try:
            return super().get_if_changed(key, etag)
        except ObjectNotFoundError as error:
            raise StoreRefusedError(f"{key}: 403") from error

    def get(self, key: str) -> StoredObject:
        try:
            return super().get(key)
        except ObjectNotFoundError as error:
            raise StoreRefusedError(f"{key}: 403") from error


def refusing(local_place: PublishedPlace) -> tuple[Refusing, IndexPlace]:
    assert local_place.folder is not None
    store = Refusing(local_place.folder)
    return store, IndexPlace(store, store, CacheFolder(local_place.cache))


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
