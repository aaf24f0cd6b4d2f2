"""Publication, rollback, retention and readers in any order, beside a model of a few lines.

The model is a stack: publishing puts a version on top, rolling back takes what is on top away. Everything
else (pointers, folders, grace, leases, crashes, clocks that disagree) must make no difference to it.

A subclass adds rules for what else moves, as live changes do: it says in `live_view` what readers make of
the live objects, and in `check_reader` what they must show.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import AbstractContextManager, suppress
from datetime import datetime, timedelta
from pathlib import Path

import hypothesis.strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule
from published_place import NOON
from tiny_artifact import label_of, version_of, write_artifact
from watched_store import Died, MortalStore

from engine.errors import InputError, StoreConflictError
from engine.index.cache_folder import CacheFolder
from engine.index.follower import IndexFollower
from engine.index.index_place import IndexPlace
from engine.index.pointer import Pointer
from engine.index.pointer_store import SeenPointer, read_pointer
from engine.index.publication import Retention, publish_artifact
from engine.index.retention import sweep
from engine.index.rollback import require_files, roll_back
from engine.index.served import LiveView
from engine.index.version_lease import exclusive_lease
from engine.store.deadline import Deadline
from engine.store.local_folder import LocalFolderStore

LABELS = st.integers(1, 5)
SKEW_MINUTES = st.integers(-25, 25)
"""Two publishers' clocks differ by at most 50 minutes: less than the grace without a reader's deadline."""

_built: dict[int, Path] = {}
_builds = Path(tempfile.mkdtemp(prefix="wenmai-machine-builds-"))


def built(label: int) -> Path:
    """Return the artifact with this label, written once for all runs."""
    if label not in _built:
        folder = _builds / str(label)
        write_artifact(folder, label)
        _built[label] = folder
    return _built[label]


def remove_builds() -> None:
    shutil.rmtree(_builds, ignore_errors=True)
    _builds.mkdir()
    _built.clear()


class PublicationMachine(RuleBasedStateMachine):
    """What publishers and readers of one local folder do."""

    pointers: Bundle[SeenPointer] = Bundle("pointers")
    readers: Bundle[IndexFollower] = Bundle("readers")
    fetches: Bundle[tuple[Pointer, datetime]] = Bundle("fetches")

    def __init__(self) -> None:
        super().__init__()
        memory = Path("/dev/shm")  # noqa: S108
        self.folder = Path(tempfile.mkdtemp(dir=memory if os.access(memory, os.W_OK) else None))
        self.site = self.folder / "site"
        self.store = LocalFolderStore(self.site)
        self.now = NOON
        self.stack: list[int] = []
        self.rejected: list[int] = []
        self.generation = 0

    def teardown(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    # What a subclass may replace.

    def live_view(self) -> LiveView:
        """Return what readers make of live objects."""
        return LiveView()

    def check_reader(self, reader: IndexFollower) -> None:
        """Raise `AssertionError` unless a reader that has just looked shows what it should."""
        assert reader.served is not None
        assert label_of(reader.served.snapshot) == self.stack[-1]
        assert reader.served.trouble is None
        assert reader.served.generation == self.generation

    def unheld(self, prefix: str) -> AbstractContextManager[bool]:
        return exclusive_lease(self.site / prefix)

    # Publishers.

    def retention(self, keep: int) -> Retention:
        return Retention(keep, unheld=self.unheld)

    @initialize(label=LABELS)
    def first_publication(self, label: int) -> None:
        self.publish(label, 3, 0)

    @rule(label=LABELS, keep=st.integers(2, 4), skew=SKEW_MINUTES)
    def publish(self, label: int, keep: int, skew: int) -> None:
        done = publish_artifact(
            self.store, built(label), self.clock(skew), retention=self.retention(keep)
        )
        self.published(label, keep, done.pointer)

    def published(self, label: int, keep: int, pointer: Pointer) -> None:
        if not self.stack or self.stack[-1] != label:
            self.stack = [*(other for other in self.stack if other != label), label][-keep:]
            self.rejected = [other for other in self.rejected if other != label]
            # What was rolled back keeps only the room that the others leave.
            self.rejected = self.rejected[: keep - len(self.stack)]
            self.generation += 1
        self.agree(pointer)

    @rule(target=pointers)
    def read_the_pointer(self) -> SeenPointer:
        seen = read_pointer(self.store)
        assert seen is not None
        return seen

    @rule(seen=pointers, label=LABELS, skew=SKEW_MINUTES)
    def publish_on_what_was_seen(self, seen: SeenPointer, label: int, skew: int) -> None:
        moved_since = seen.pointer.generation != self.generation
        try:
            done = publish_artifact(
                self.store, built(label), self.clock(skew), seen=seen, retention=self.retention(3)
            )
        except StoreConflictError:
            assert moved_since
        else:
            assert not moved_since or (not done.moved and label == self.stack[-1])
            self.published(label, 3, done.pointer)

    @rule(label=LABELS, step=st.integers(1, 20), skew=SKEW_MINUTES)
    def publisher_dies(self, label: int, step: int, skew: int) -> None:
        store = MortalStore(self.store, step, "after", kill=False)
        with suppress(Died):
            publish_artifact(store, built(label), self.clock(skew), retention=self.retention(3))
        # Whether the pointer had moved is for whoever looks to find out, here as in life.
        seen = read_pointer(self.store)
        assert seen is not None
        if seen.pointer.generation > self.generation:
            self.published(label, 3, seen.pointer)

    @rule(skew=SKEW_MINUTES)
    def go_back(self, skew: int) -> None:
        if len(self.stack) < 2:
            try:
                roll_back(self.store, self.clock(skew))
            except InputError:
                return
            raise AssertionError("there was nothing to go back to")
        pointer = roll_back(self.store, self.clock(skew))
        self.rejected.append(self.stack.pop())
        self.generation += 1
        self.agree(pointer)

    @rule(choice=st.integers(0, 10), skew=SKEW_MINUTES)
    def go_to(self, choice: int, skew: int) -> None:
        others = [*self.stack[:-1], *self.rejected]
        if not others:
            return
        label = others[choice % len(others)]
        pointer = roll_back(self.store, self.clock(skew), version_of(built(label)))
        if label in self.rejected:
            self.rejected.remove(label)
            self.stack.append(label)
        else:
            place = self.stack.index(label)
            self.rejected += reversed(self.stack[place + 1 :])
            del self.stack[place + 1 :]
        self.generation += 1
        self.agree(pointer)

    @rule(seen=pointers, skew=SKEW_MINUTES)
    def a_sweep_goes_on_after_a_long_sleep(self, seen: SeenPointer, skew: int) -> None:
        sweep(self.store, seen.pointer, self.clock(skew), unheld=self.unheld)

    @rule(hours=st.sampled_from([0.3, 0.8, 2.0, 30.0]))
    def time_passes(self, hours: float) -> None:
        self.now += timedelta(hours=hours)

    # Readers.

    @rule(target=readers)
    def reader_starts(self) -> IndexFollower:
        cache = CacheFolder(self.folder / "cache")
        place = IndexPlace(self.store, self.store, cache, self.site)
        reader = IndexFollower(place, self.live_view(), open_seconds=30)
        reader.open_first()
        self.check_reader(reader)
        return reader

    @rule(reader=readers)
    def reader_looks(self, reader: IndexFollower) -> None:
        reader.check(patient=True)
        self.check_reader(reader)

    @rule(reader=readers)
    def reader_answers(self, reader: IndexFollower) -> None:
        assert reader.served is not None
        label_of(reader.served.snapshot)

    @rule(target=fetches)
    def a_slow_reader_reads_the_pointer(self) -> tuple[Pointer, datetime]:
        seen = read_pointer(self.store)
        assert seen is not None
        return seen.pointer, self.now

    @rule(fetch=fetches, choice=st.integers(0, 3))
    def a_slow_reader_fetches(self, fetch: tuple[Pointer, datetime], choice: int) -> None:
        pointer, read_at = fetch
        if self.now - read_at > timedelta(seconds=15):
            return  # past its own deadline it has given up
        cache = self.folder / "slow"
        shutil.rmtree(cache, ignore_errors=True)
        place = IndexPlace(self.store, self.store, CacheFolder(cache))
        entry = pointer.named[choice % len(pointer.named)]
        assert label_of(place.open(entry, Deadline(30))) == entry.articles

    # What always holds.

    @invariant()
    def what_is_named_is_whole(self) -> None:
        seen = read_pointer(self.store)
        if seen is None:
            return
        for entry in seen.pointer.named:
            require_files(self.store, entry)

    @invariant()
    def generations_go_up_by_one(self) -> None:
        seen = read_pointer(self.store)
        assert (seen.pointer.generation if seen else 0) == self.generation

    def clock(self, skew_minutes: int) -> datetime:
        return self.now + timedelta(minutes=skew_minutes)

    def agree(self, pointer: Pointer) -> None:
        named = [entry.articles for entry in pointer.named]
        good = [entry.articles for entry in pointer.named if not entry.rolled_back]
        assert pointer.generation == self.generation
        assert good == self.stack[::-1]
        assert sorted(named) == sorted([*self.stack, *self.rejected])
