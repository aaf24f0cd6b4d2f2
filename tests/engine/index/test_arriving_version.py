"""A version that was opened by part becomes one that was fetched whole, whatever happens in between."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from arriving_places import (
    PREFIX,
    BentStore,
    arriving_files,
    dawdle,
    fail,
    flip,
    record,
    write_parted_artifact,
)
from watched_store import Died

from engine.errors import ArtifactDamagedError, IndexUnavailableError, ObjectNotFoundError
from engine.index import arriving_version
from engine.index.arriving_version import complete, open_arriving, read_contents
from engine.index.cache_folder import CacheFolder
from engine.index.fetch import fetch_artifact
from engine.index.manifest import find_damage, read_manifest, write_manifest
from engine.index.record_file import RecordFile
from engine.index.version_lease import exclusive_lease
from engine.store.deadline import Deadline


@pytest.fixture
def store(tmp_path: Path) -> BentStore:
    write_parted_artifact(tmp_path / "site" / "version", 3)
    return BentStore(tmp_path / "site")


@pytest.fixture
def cache(tmp_path: Path) -> CacheFolder:
    return CacheFolder(tmp_path / "cache")


def kept(cache: CacheFolder) -> list[str]:
    """Return the names under which whole versions lie."""
    return sorted(path.name for path in cache.path.glob("[0-9a-f]*") if "." not in path.name)


def test_what_is_completed_is_what_would_have_been_fetched_whole(
    store: BentStore, cache: CacheFolder, tmp_path: Path
) -> None:
    files = arriving_files(store, cache.path)
    texts = RecordFile(files, "texts")
    assert texts[5] == record(3, 5)
    assert kept(cache) == []
    assert complete(files, cache, Deadline(30))
    assert kept(cache) == [files.manifest.index_version]
    folder = cache.path / files.manifest.index_version
    assert find_damage(folder, read_manifest(folder)) == []
    whole = fetch_artifact(store, PREFIX, CacheFolder(tmp_path / "other"), Deadline(30))
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        path.name for path in whole.iterdir()
    )
    asked = len(store.ranges)
    assert texts[3_999] == record(3, 3_999)
    assert len(store.ranges) - asked == 0
    # The next process that starts finds it.
    assert fetch_artifact(store, PREFIX, cache, Deadline(30)) == folder


def test_nothing_is_fetched_twice(store: BentStore, cache: CacheFolder) -> None:
    files = arriving_files(store, cache.path)
    RecordFile(files, "texts").expect([0, 2_000, 3_999])
    assert complete(files, cache, Deadline(30))
    spans = sorted(store.ranges)
    ends = [(name, start + length) for name, start, length in spans]
    for (name, end), (following, start, _) in zip(ends, spans[1:], strict=False):
        assert name != following or end <= start


def test_past_its_deadline_it_stops_and_the_next_one_goes_on(
    store: BentStore, cache: CacheFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arriving_version, "READ_BYTES", 1 << 16)
    monkeypatch.setattr(arriving_version, "PARALLEL_READS", 1)
    files = arriving_files(store, cache.path)
    store.bend = dawdle(0.05)
    assert not complete(files, cache, Deadline(0.12))
    assert files.failure is None
    store.bend = lambda _name, read: read()
    before = len(store.ranges)
    assert 1 <= before < 8
    assert complete(files, cache, Deadline(30))
    assert kept(cache) == [files.manifest.index_version]


def test_a_store_that_fails_beside_requests_is_asked_again_and_nothing_is_said(
    store: BentStore, cache: CacheFolder
) -> None:
    files = arriving_files(store, cache.path)
    store.bend = fail
    assert not complete(files, cache, Deadline(30))
    assert files.failure is None
    store.bend = lambda _name, read: read()
    assert complete(files, cache, Deadline(30))


def test_damage_that_is_found_beside_requests_is_told(store: BentStore, cache: CacheFolder) -> None:
    files = arriving_files(store, cache.path)
    assert RecordFile(files, "texts")[5] == record(3, 5)
    store.bend = lambda key, read: flip(key, read) if key.endswith("rows.npy") else read()
    assert not complete(files, cache, Deadline(30))
    assert isinstance(files.failure, ArtifactDamagedError)
    assert kept(cache) == []


def test_what_changed_on_disk_after_it_came_is_not_kept(
    store: BentStore, cache: CacheFolder
) -> None:
    files = arriving_files(store, cache.path)
    path = files / "rows.npy"
    data = bytearray(path.read_bytes())
    data[100_000] ^= 1
    path.write_bytes(data)
    assert not complete(files, cache, Deadline(30))
    assert isinstance(files.failure, ArtifactDamagedError)
    assert kept(cache) == []


def test_two_processes_that_complete_the_same_version_agree_on_one_folder(
    store: BentStore, cache: CacheFolder
) -> None:
    first, second = arriving_files(store, cache.path), arriving_files(store, cache.path)
    assert complete(first, cache, Deadline(30))
    assert complete(second, cache, Deadline(30))
    assert kept(cache) == [first.manifest.index_version]
    for files in (first, second):
        assert RecordFile(files, "texts")[7] == record(3, 7)


def test_a_completed_version_is_not_deleted_under_its_reader(
    store: BentStore, cache: CacheFolder
) -> None:
    files = arriving_files(store, cache.path)
    assert complete(files, cache, Deadline(30))
    with exclusive_lease(cache.path / files.manifest.index_version) as free:
        assert not free
    del files


def test_a_version_that_another_needs_the_room_of_stays_readable_where_it_arrives(
    store: BentStore, cache: CacheFolder
) -> None:
    files = arriving_files(store, cache.path)
    texts = RecordFile(files, "texts")
    # Whoever makes room removes what nobody holds; this is locked by the process that fills it.
    with pytest.raises(IndexUnavailableError):
        cache.reserve(files.manifest, 10**18)
    assert texts[5] == record(3, 5)
    assert complete(files, cache, Deadline(30))


def test_a_version_is_refused_before_it_is_opened_where_there_is_no_room(
    store: BentStore, cache: CacheFolder
) -> None:
    with pytest.raises(IndexUnavailableError, match="10 bytes of memory"):
        open_arriving(
            store,
            PREFIX,
            read_contents(store, PREFIX),
            cache,
            memory_bytes=10,
            wait_seconds=1,
        )


def test_an_index_without_an_opening_has_none(store: BentStore, tmp_path: Path) -> None:
    folder = tmp_path / "site" / "version"
    (folder / "opening.bin").unlink()
    with pytest.raises(ArtifactDamagedError, match=r"opening\.bin"):
        read_contents(store, PREFIX)  # its manifest names one
    write_manifest(folder, lexicon_fingerprint="x", counts={}, parameters={})
    assert read_contents(store, PREFIX).opening_bytes is None


def test_no_version_is_a_missing_object(store: BentStore) -> None:
    with pytest.raises(ObjectNotFoundError, match=r"manifest\.json"):
        read_contents(store, "nothing/")


def dies_at(step: int, site: Path, cache: Path) -> None:
    """Answer and complete until the store was asked `step` times, then die as kill -9 does."""
    store = BentStore(site)

    def die(_name: str, read: Callable[[], bytes]) -> bytes:
        if len(store.ranges) == step:
            os.kill(os.getpid(), signal.SIGKILL)
        return read()

    store.bend = die
    arriving_version.READ_BYTES = 1 << 16
    arriving_version.PARALLEL_READS = 2
    files = arriving_files(store, cache)
    RecordFile(files, "texts").expect([0, 2_000, 3_999])
    complete(files, CacheFolder(cache), Deadline(30))
    raise Died


@pytest.mark.parametrize("step", [1, 3, 5, 8])
def test_a_process_killed_half_way_leaves_nothing_that_another_would_trust(
    tmp_path: Path, cache: CacheFolder, step: int
) -> None:
    write_parted_artifact(tmp_path / "site" / "version", 3)
    process = multiprocessing.get_context("spawn").Process(
        target=dies_at, args=(step, tmp_path / "site", cache.path)
    )
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    assert kept(cache) == []
    assert len(list(cache.path.glob("*.*"))) >= 1  # its remains
    files = arriving_files(BentStore(tmp_path / "site"), cache.path)
    assert [path for path in cache.path.glob("[0-9a-f]*.*") if path != files.folder] == []
    assert complete(files, cache, Deadline(30))
    assert kept(cache) == [files.manifest.index_version]


# Planted defects.


def test_a_version_that_gets_its_name_before_it_is_compared_is_caught(
    store: BentStore, cache: CacheFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arriving_version, "find_damage", lambda *_: [])
    with pytest.raises(AssertionError):
        test_what_changed_on_disk_after_it_came_is_not_kept(store, cache)


def test_a_completion_without_a_deadline_is_caught(
    store: BentStore, cache: CacheFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Deadline, "remaining_seconds", property(lambda _: 1_000.0))
    with pytest.raises(AssertionError):
        test_past_its_deadline_it_stops_and_the_next_one_goes_on(store, cache, monkeypatch)
