"""Readers for the suites about following the pointer, and what their tests ask of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from published_place import PublishedPlace
from tiny_artifact import FILES, label_of

from engine.errors import (
    ArtifactDamagedError,
    ObjectNotFoundError,
    StoreError,
    StoreRefusedError,
)
from engine.index.cache_folder import CacheFolder
from engine.index.follower import IndexFollower
from engine.index.index_place import IndexPlace
from engine.index.served import LiveView, Reason
from engine.index.snapshot import Snapshot
from engine.store.local_folder import LocalFolderStore
from engine.store.protocol import StoredObject

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
