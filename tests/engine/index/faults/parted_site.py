"""A store with versions that a reader opens by part, and what it answers from them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from arriving_places import BentStore, record, write_parted_artifact
from following import Clock
from published_place import NOON

from engine.index.cache_folder import CacheFolder
from engine.index.follower import IndexFollower
from engine.index.index_place import IndexPlace
from engine.index.manifest import read_manifest
from engine.index.publication import publish_artifact
from engine.index.record_file import RecordFile
from engine.index.served import LiveView, Reason, Served

Bend = Callable[[str, Callable[[], bytes]], bytes]


class Site:
    """A store with versions 1, 2, .. and a reader of it that opens them by part."""

    def __init__(self, folder: Path, versions: int = 2) -> None:
        self.folder = folder
        self.store = BentStore(folder / "site")
        self.clock = Clock()
        self.told: list[object] = []
        for label in range(1, versions + 1):
            self.publish(label)

    def publish(self, label: int) -> str:
        built = self.folder / "built" / str(label)
        if not built.exists():
            write_parted_artifact(built, label)
        return publish_artifact(self.store, built, NOON).pointer.current.prefix

    def start(self, live: LiveView | None = None, *, wait_seconds: float = 30.0) -> IndexFollower:
        place = IndexPlace(
            self.store,
            self.store,
            CacheFolder(self.folder / "cache"),
            wait_seconds=wait_seconds,
        )
        follower = IndexFollower(
            place,
            live or LiveView(),
            open_seconds=30,
            clock=self.clock,
            report=self.told.append,
        )
        follower.open_first()
        return follower

    def damage(self, label: int, bend: Bend) -> None:
        """Let every part of the version with this label be bent, wherever it is asked for."""
        version = read_manifest(self.folder / "built" / str(label)).index_version

        def bent(key: str, read: Callable[[], bytes]) -> bytes:
            is_meant = f"/{version}/" in key and key.endswith("/texts.bin")
            return bend(key, read) if is_meant else read()

        self.store.bend = bent

    def mend(self) -> None:
        self.store.bend = lambda _name, read: read()


def served_by(follower: IndexFollower) -> Served:
    assert follower.served is not None
    return follower.served


def label(follower: IndexFollower) -> int:
    return served_by(follower).base.manifest.counts["articles"]


def reason(follower: IndexFollower) -> Reason | None:
    trouble = served_by(follower).trouble
    return trouble.reason if trouble else None


def ask(follower: IndexFollower, number: int) -> bytes:
    """Answer one request as `functions.warm_snapshot` does: leave what went wrong, then read."""
    served = served_by(follower)
    if served.loss is not None:
        served = follower.leave(served)
    snapshot = served.snapshot
    if snapshot.arriving is not None:
        snapshot.arriving.begin_request()
    found = RecordFile(snapshot.directory, "texts")[number]
    assert found == record(snapshot.manifest.counts["articles"], number), "a wrong answer"
    return found
