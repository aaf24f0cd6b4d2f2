"""Eight publishers at once, round after round: one winner for each generation, the others are told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from published_place import PublishedPlace
from readers import label_served, start_reader
from thorough import some
from tiny_artifact import version_of

from engine.errors import StoreConflictError
from engine.index import pointer_store
from engine.index.pointer_store import SeenPointer, read_pointer
from engine.index.publication import Retention, publish_artifact
from engine.index.rollback import require_files
from engine.store.protocol import Store

Artifact = Callable[[int], Path]
WRITERS = 8
KEEP = Retention(keep=4)


def race(place: PublishedPlace, artifacts: list[Path]) -> dict[int, str]:
    """Let all publish at once; return the winners' versions by the generation that they made."""
    start = threading.Barrier(len(artifacts))
    stores = [place.open() for _ in artifacts]
    winners: list[tuple[int, str]] = []
    losers: list[str] = []

    def publish(number: int) -> None:
        start.wait()
        try:
            done = publish_artifact(stores[number], artifacts[number], place.now, retention=KEEP)
        except StoreConflictError as error:
            losers.append(str(error))
            return
        if done.moved:
            winners.append((done.pointer.generation, done.pointer.current.version))

    with ThreadPoolExecutor(len(artifacts)) as pool:
        list(pool.map(publish, range(len(artifacts))))
    assert all("somebody else moved current.json first" in told for told in losers)
    generations = [generation for generation, _ in winners]
    assert len(set(generations)) == len(generations), "two winners of one generation"
    return dict(winners)


def check_rounds(place: PublishedPlace, artifact: Artifact, rounds: int) -> None:
    made: dict[int, str] = {}
    for turn in range(rounds):
        first = 1 + turn * WRITERS
        winners = race(place, [artifact(first + writer) for writer in range(WRITERS)])
        assert winners
        made |= winners
        seen = read_pointer(place.open())
        assert seen is not None
        pointer = seen.pointer
        assert pointer.generation == max(made) == len(made), "a generation is missing"
        assert pointer.current.version == made[pointer.generation]
        history = [made[g] for g in sorted(made, reverse=True)][: len(pointer.named)]
        assert [entry.version for entry in pointer.named] == history, "a winner was forgotten"
        for entry in pointer.named:
            require_files(place.open(), entry)
    label = label_served(start_reader(place))
    assert version_of(artifact(label)) == made[max(made)]


def test_of_eight_publishers_one_wins_each_generation(
    place: PublishedPlace, artifact: Artifact
) -> None:
    check_rounds(place, artifact, some(6, 60) if place.folder else some(2, 20))


def test_eight_publishers_of_the_same_content_all_succeed(
    place: PublishedPlace, artifact: Artifact
) -> None:
    # Nobody loses: what stands there in the end is what each of them wanted.
    stores, folder = [place.open() for _ in range(WRITERS)], artifact(1)
    with ThreadPoolExecutor(WRITERS) as pool:
        done = list(pool.map(lambda store: publish_artifact(store, folder, place.now), stores))
    assert len({result.pointer.generation for result in done}) == 1
    assert sum(result.moved for result in done) <= 1 or len({r.pointer for r in done}) == 1
    assert label_served(start_reader(place)) == 1


def overwrite(store: Store, _seen: SeenPointer | None, pointer: Any) -> SeenPointer:
    """Move the pointer without looking whether it is the one that was read."""
    data = pointer_store.encode_pointer(pointer)
    while True:
        found = read_pointer(store)
        try:
            etag = store.compare_and_swap("current.json", data, found.etag if found else None)
        except StoreConflictError:
            continue
        return SeenPointer(pointer, etag)


def test_a_publisher_that_overwrites_the_pointer_is_caught(
    local_place: PublishedPlace, artifact: Artifact, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.index.publication.move_pointer", overwrite)
    with pytest.raises(AssertionError, match=r"two winners|missing|forgotten"):
        check_rounds(local_place, artifact, 5)
