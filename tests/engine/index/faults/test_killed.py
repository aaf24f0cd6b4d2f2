"""Killed at any step of publish, rollback or retention: old or new, nothing else; a rerun converges.

In a local folder the process is really killed, by SIGKILL, in a fork. obstore's threads do not survive a
fork, so on S3 (moto stands in) the death is an exception that nothing catches and after which the store
does nothing any more; all that a publisher leaves behind is in the store, so it comes to the same.
"""

from __future__ import annotations

import os
import signal
import warnings
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from published_place import NOON, PublishedPlace
from readers import label_served, start_reader
from thorough import THOROUGH, some
from tiny_artifact import version_of
from watched_store import Died, MortalStore

from engine.index import publication, retention
from engine.index.manifest import read_manifest
from engine.index.pointer import Pointer, PublishedVersion
from engine.index.pointer_moves import after_publishing, next_generation
from engine.index.pointer_store import move_pointer, read_pointer
from engine.index.publication import Retention, publish_artifact
from engine.index.retention import Sweep, sweep
from engine.index.rollback import require_files, roll_back
from engine.index.stored_files import upload_artifact
from engine.store.protocol import Store

Artifact = Callable[[int], Path]
Operation = Callable[[Store, datetime], Any]

KEEP = Retention(keep=2, grace=timedelta(hours=1))
STEP = pytest.mark.parametrize("when", ["before", "after"])


def killed_at(place: PublishedPlace, step: int, when: str, operation: Operation) -> bool:
    """Run `operation` until its nth store operation; return whether it died there."""
    if place.folder is None:
        try:
            operation(MortalStore(place.open(), step, when, kill=False), place.now)
        except Died:
            return True
        return False
    with warnings.catch_warnings():
        # moto's thread sleeps in its accept() and holds no lock that the child could need.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        operation(MortalStore(place.open(), step, when, kill=True), place.now)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert status in {0, signal.SIGKILL}
    return status != 0


def check_every_kill(
    place: PublishedPlace,
    when: str,
    operation: Operation,
    *,
    old: int,
    new: int,
    prepare: Callable[[], object] = lambda: None,
) -> int:
    """Kill `operation` at each step in turn; return how many steps there were.

    After each death, readers get `old` or `new`; after running it once more, whole, they get `new`.
    """
    # Over HTTP a step takes a second; every third one, and the last, tells as much.
    stride = 1 if place.folder is not None else some(3, 1)
    step, died = 1 - stride, True
    while died:
        step += stride
        prepare()
        warm = start_reader(place)
        assert label_served(warm) == old
        died = killed_at(place, step, when, operation)
        cold = start_reader(place)
        assert label_served(cold) in {old, new}
        assert cold.served is not None
        assert cold.served.trouble is None
        warm.check(patient=True)
        assert label_served(warm) == label_served(cold)
        require_named_files(place)
        operation(place.open(), place.now)
        assert label_served(start_reader(place)) == new
        require_named_files(place)
    return step


def skip_half_on_s3(place: PublishedPlace, when: str) -> None:
    if place.folder is None and when == "before" and not THOROUGH:
        pytest.skip("before a step is after the one before; WENMAI_THOROUGH=1 tries both on S3 too")


def require_named_files(place: PublishedPlace) -> None:
    seen = read_pointer(place.open())
    assert seen is not None
    for entry in seen.pointer.named:
        require_files(place.open(), entry)


def publish_label(artifact: Artifact, label: int) -> Operation:
    return lambda store, now: publish_artifact(store, artifact(label), now, retention=KEEP)


def back_to(place: PublishedPlace, artifact: Artifact, label: int) -> Callable[[], object]:
    """Return how to start over: a place where `label` is current and `label - 1` was before."""

    def prepare() -> None:
        place.pass_time(hours=2)
        for number in (label - 1, label):
            publish_artifact(place.open(), artifact(number), place.now, retention=KEEP)

    return prepare


@STEP
def test_publish_killed_at_any_step(place: PublishedPlace, artifact: Artifact, when: str) -> None:
    skip_half_on_s3(place, when)
    steps = check_every_kill(
        place,
        when,
        publish_label(artifact, 3),
        old=2,
        new=3,
        prepare=back_to(place, artifact, 2),
    )
    assert steps > 10


@STEP
def test_the_first_publication_killed_at_any_step_leaves_nothing_or_all(
    local_place: PublishedPlace, artifact: Artifact, when: str
) -> None:
    step, died = 0, True
    while died:
        step += 1
        for entry in local_place.open().list():
            local_place.open().delete(entry.key)
        died = killed_at(local_place, step, when, publish_label(artifact, 1))
        if read_pointer(local_place.open()) is not None:
            assert label_served(start_reader(local_place)) == 1
        publish_label(artifact, 1)(local_place.open(), local_place.now)
        assert label_served(start_reader(local_place)) == 1


@STEP
def test_rollback_killed_at_any_step(place: PublishedPlace, artifact: Artifact, when: str) -> None:
    skip_half_on_s3(place, when)
    version = version_of(artifact(1))

    def rollback(store: Store, now: datetime) -> None:
        seen = read_pointer(store)
        assert seen is not None
        # What a person does who does not know whether the killed command had worked.
        if seen.pointer.current.version != version:
            roll_back(store, now, version)

    prepare = back_to(place, artifact, 2)
    assert check_every_kill(place, when, rollback, old=2, new=1, prepare=prepare) >= 5


@STEP
def test_retention_killed_at_any_step_deletes_nothing_that_is_named_and_finishes_later(
    place: PublishedPlace, artifact: Artifact, when: str
) -> None:
    for label in (1, 2, 3, 4):
        publish_artifact(place.open(), artifact(label), place.now, retention=KEEP)
    seen = read_pointer(place.open())
    assert seen is not None
    step, died = 0, True
    while died:
        step += 1
        place.pass_time(hours=2)
        died = killed_at(place, step, when, lambda store, now: sweep(store, seen.pointer, now))
        require_named_files(place)
        assert label_served(start_reader(place)) == 4
    # Version 2 was dropped by the pointer itself: it waits for the next generation.
    left = {key.split("/")[1] for key in place.listing() if key.startswith("versions/")}
    assert left == {version_of(artifact(label)) for label in (2, 3, 4)}
    assert step >= 4


@pytest.mark.skipif(not THOROUGH, reason="WENMAI_THOROUGH=1 kills ten times as often")
def test_killed_again_and_again_before_it_converges(
    local_place: PublishedPlace, artifact: Artifact
) -> None:
    label = 1
    publish_artifact(local_place.open(), artifact(1), NOON, retention=KEEP)
    for step in range(1, 200):
        local_place.pass_time(minutes=40)
        publish = publish_label(artifact, label + 1)
        if not killed_at(local_place, step % 13 + 1, "after", publish):
            label += 1
        served = label_served(start_reader(local_place))
        assert served in {label, label + 1}
        label = served
        require_named_files(local_place)


# Planted defects: an implementation that is wrong in one place, which the checks above must refuse.


def pointer_first(store: Store, now: datetime, folder: Path) -> None:
    """Publish in the wrong order: readers are sent to files that are not there yet."""
    seen = read_pointer(store)
    before = seen.pointer if seen else None
    manifest = read_manifest(folder)
    new = PublishedVersion(manifest.index_version, next_generation(before), now, 1)
    move_pointer(store, seen, after_publishing(before, new, 2, now))
    upload_artifact(store, folder, manifest, new.prefix)


def test_a_publication_that_moves_the_pointer_first_is_caught(
    local_place: PublishedPlace, artifact: Artifact
) -> None:
    with pytest.raises(AssertionError):
        check_every_kill(
            local_place,
            "after",
            lambda store, now: pointer_first(store, now, artifact(3)),
            old=2,
            new=3,
            prepare=back_to(local_place, artifact, 2),
        )


def sweep_all_but_the_current(store: Store, pointer: Pointer, *_: Any, **__: Any) -> Sweep:
    """Retain nothing to go back to."""
    for entry in list(store.list("versions/")):
        if not entry.key.startswith(pointer.current.prefix):
            store.delete(entry.key)
    return Sweep((), ())


def test_a_retention_that_deletes_what_is_named_is_caught(
    local_place: PublishedPlace, artifact: Artifact, monkeypatch: pytest.MonkeyPatch
) -> None:
    from engine.errors import ArtifactDamagedError  # noqa: PLC0415

    monkeypatch.setattr(publication, "sweep", sweep_all_but_the_current)
    with pytest.raises((AssertionError, ArtifactDamagedError)):
        check_every_kill(
            local_place,
            "after",
            publish_label(artifact, 3),
            old=2,
            new=3,
            prepare=back_to(local_place, artifact, 2),
        )


def test_a_retention_that_takes_uploads_in_progress_for_orphans_is_caught(
    local_place: PublishedPlace, artifact: Artifact, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_to(local_place, artifact, 2)()
    half = f"versions/{version_of(artifact(3))}/3/tags.json"
    local_place.open().put_if_absent(half, b"x")
    seen = read_pointer(local_place.open())
    assert seen is not None
    sweep(local_place.open(), seen.pointer, local_place.now)
    assert half in local_place.listing()
    monkeypatch.setattr(retention, "_upload", lambda _prefix: 0)
    sweep(local_place.open(), seen.pointer, local_place.now)
    assert half not in local_place.listing()
