"""Every file of a version, damaged in every way, and every object removed: refused, the last good kept.

Local folders are mapped where they lie, so damage done to the files is what readers would see; the same
checks run against copies fetched from S3 (moto stands in).
"""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from published_place import PublishedPlace
from readers import label_served, start_reader
from thorough import THOROUGH, some
from tiny_artifact import FILES, set_format

from engine.errors import ArtifactError, StoreError
from engine.index import fetch, manifest, verified_files
from engine.index.codec import map_array
from engine.index.follower import IndexFollower
from engine.index.manifest import FORMAT_VERSION
from engine.index.pointer import PublishedVersion
from engine.index.served import LiveView, Reason

Artifact = Callable[[int], Path]
NAMES = (*FILES, "manifest.json")
EMPTY = "empty.bin"


def flipped(data: bytes, _other: bytes) -> bytes:
    changed = bytearray(data)
    for offset in range(len(data) // 2, min(len(data), len(data) // 2 + 1)):
        changed[offset] ^= 1
    return bytes(changed)


DAMAGE: dict[str, Callable[[bytes, bytes], bytes | None]] = {
    "flipped": flipped,
    "cut": lambda data, _: data[:-2],
    "emptied": lambda _, __: b"",
    "swapped": lambda _, other: other,
    "zeroed": lambda data, _: bytes(len(data)),
    "removed": lambda _, __: None,
}


@pytest.fixture
def two(place: PublishedPlace, artifact: Artifact) -> PublishedPlace:
    """A place with version 1 before and version 2 current."""
    for label in (1, 2):
        place.publish(artifact(label))
    return place


@contextmanager
def damaged(place: PublishedPlace, key: str, data: bytes | None) -> Iterator[None]:
    store = place.open()
    whole = store.get(key).data
    store.delete(key)
    if data is not None:
        store.put_if_absent(key, data)
    try:
        yield
    finally:
        store.delete(key)
        store.put_if_absent(key, whole)


def versions(place: PublishedPlace) -> tuple[PublishedVersion, PublishedVersion]:
    """Return the current version and the one before."""
    follower = start_reader(place)
    assert follower.served is not None
    assert follower.served.pointer is not None
    current, before = follower.served.pointer.named
    forget_copies(place)
    return current, before


def forget_copies(place: PublishedPlace) -> None:
    shutil.rmtree(place.cache, ignore_errors=True)


def check_refused(place: PublishedPlace, warm: IndexFollower, key: str, data: bytes | None) -> None:
    """With this damage to version 2, whoever starts and whoever runs already serves version 1."""
    with damaged(place, key, data):
        cold = start_reader(place)
        assert label_served(cold) == 1, key
        assert cold.served is not None
        assert cold.served.trouble is not None
        assert cold.served.trouble.reason in {Reason.VERSION, Reason.STORE}
        warm.check(patient=True)
        assert label_served(warm) == 1
    forget_copies(place)


def check_every_kind(place: PublishedPlace) -> None:
    current, before = versions(place)
    store = place.open()
    kinds = itertools.cycle(DAMAGE.items())
    for name in NAMES:
        key, other = current.prefix + name, store.get(before.prefix + name).data
        whole = store.get(key).data
        # Over HTTP one kind for each file, going round; all kinds where it costs nothing.
        some_kinds = 1 if place.folder is None and not THOROUGH else len(DAMAGE)
        for _, damage in itertools.islice(kinds, some_kinds):
            data = damage(whole, other)
            if data == whole or (name == EMPTY and place.folder is None):
                continue  # of an empty file a copy is right whatever the store has
            clock = itertools.count(1_000, 1_000)
            warm = warm_on_the_one_before(place, before, lambda clock=clock: next(clock))
            check_refused(place, warm, key, data)


def warm_on_the_one_before(
    place: PublishedPlace, before: PublishedVersion, clock: Callable[[], float]
) -> IndexFollower:
    """Return a reader that came when version 1 was current and looks again now."""
    follower = IndexFollower(place.for_readers(), LiveView(), open_seconds=10.0**9, clock=clock)
    served = follower.open_first()
    assert served.pointer is not None
    base = place.for_readers().open(before, fetch.Deadline(30))
    follower.served = replace(
        served, snapshot=base, base=base, entry=before, sighting=None,
        pointer=replace(served.pointer, generation=1, current=before),
    )  # fmt: skip
    follower._opener.forget()
    forget_copies(place)
    return follower


def test_every_file_damaged_in_every_way(two: PublishedPlace) -> None:
    check_every_kind(two)


def test_every_byte_of_a_version_counts(local_place: PublishedPlace, artifact: Artifact) -> None:
    for label in (1, 2):
        local_place.publish(artifact(label))
    current, _ = versions(local_place)
    assert local_place.folder is not None
    for name in NAMES:
        path = local_place.folder / current.prefix / name
        whole = path.read_bytes()
        for offset in range(0, len(whole), some(7, 1)):
            for bit in range(0, 8, some(8, 1)):
                data = bytearray(whole)
                data[offset] ^= 1 << bit
                path.write_bytes(data)
                assert label_served(start_reader(local_place)) == 1, (name, offset, bit)
        path.write_bytes(whole)
    assert label_served(start_reader(local_place)) == 2


def test_every_object_removed_in_turn(two: PublishedPlace, tmp_path: Path) -> None:
    warm = IndexFollower(two.for_readers(tmp_path / "warm"), LiveView(), open_seconds=30)
    warm.open_first()
    current, _ = versions(two)
    for key in two.listing():
        forget_copies(two)
        with damaged(two, key, None):
            warm.check(patient=True)
            if two.folder is None:  # a copy; mapped files are the objects themselves
                assert label_served(warm) == 2
            if key == "current.json":
                with pytest.raises((StoreError, ArtifactError)):
                    start_reader(two)
                continue
            harmless = key.endswith(EMPTY) and two.folder is None
            expected = 1 if key.startswith(current.prefix) and not harmless else 2
            assert label_served(start_reader(two)) == expected, key


@pytest.mark.parametrize(("offset", "advice"), [(-1, "rebuild"), (+1, "upgrade the reader")])
def test_readers_meet_older_and_newer_formats_than_theirs(
    two: PublishedPlace, artifact: Artifact, offset: int, advice: str
) -> None:
    warm = start_reader(two)
    foreign = artifact(3)
    done = two.publish(foreign)
    set_format(foreign, FORMAT_VERSION + offset)
    key = done.pointer.current.prefix + "manifest.json"
    with damaged(two, key, (foreign / "manifest.json").read_bytes()):
        warm.check(patient=True)
        for reader in (warm, start_reader(two)):
            assert label_served(reader) == 2
            assert reader.served is not None
            assert reader.served.trouble is not None
            assert reader.served.trouble.reason is Reason.VERSION
            assert advice in reader.served.trouble.detail


def test_only_what_the_manifest_names_is_fetched(two: PublishedPlace, artifact: Artifact) -> None:
    current, _ = versions(two)
    two.open().put_if_absent(current.prefix + "extra.py", b"raise SystemExit")
    follower = start_reader(two)
    assert label_served(follower) == 2
    assert follower.served is not None
    if two.folder is None:
        names = {path.name for path in follower.served.base.directory.iterdir()}
        assert names == set(NAMES)


def test_a_pickle_within_an_array_is_never_run(tmp_path: Path) -> None:
    canary = tmp_path / "canary"

    class Payload:
        def __reduce__(self) -> tuple[object, ...]:
            return (Path.touch, (canary,))

    np.save(tmp_path / "hot.scores.npy", np.array([Payload()], dtype=object), allow_pickle=True)
    with pytest.raises(ArtifactError, match="not a readable"):
        map_array(tmp_path / "hot.scores.npy")
    assert not canary.exists()


# Planted defects.


def test_a_reader_that_skips_the_digests_is_caught(
    two: PublishedPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "_verify", lambda *_: None)
    monkeypatch.setattr(verified_files, "find_damage", lambda *_: [])
    with pytest.raises(AssertionError):
        check_every_kind(two)


def test_a_reader_that_compares_only_sizes_is_caught(
    two: PublishedPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = manifest.describe_file

    class AnyDigest(str):
        """Equals every digest."""

        __slots__ = ()
        __hash__ = str.__hash__

        def __eq__(self, _other: object) -> bool:
            return True

        def __ne__(self, _other: object) -> bool:
            return False

    def sizes_only(path: Path) -> manifest.FileEntry:
        return manifest.FileEntry(real(path).size, AnyDigest())

    monkeypatch.setattr(fetch, "describe_file", sizes_only)
    monkeypatch.setattr(manifest, "describe_file", sizes_only)
    with pytest.raises(AssertionError):
        check_every_kind(two)


def test_a_reader_that_takes_the_manifest_at_its_word_is_caught(
    two: PublishedPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Without the digest over the manifest itself, a flipped count or weight goes unnoticed.
    current, _ = versions(two)
    whole = two.open().get(current.prefix + "manifest.json").data
    changed = whole.replace(b'"articles":2', b'"articles":3')
    assert changed != whole
    with damaged(two, current.prefix + "manifest.json", changed):
        follower = start_reader(two)
        assert label_served(follower) == 1
        forget_copies(two)
        monkeypatch.setattr(manifest, "_digest", lambda _content: current.version)
        with pytest.raises(AssertionError):
            assert label_served(start_reader(two)) == 1
