"""A cache that several processes share: what is in use stays, what is left over goes when room is needed."""

from __future__ import annotations

import multiprocessing
import os
import resource
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from published_place import PublishedPlace
from tiny_artifact import version_of

from engine.errors import ArtifactDamagedError, IndexUnavailableError
from engine.index.cache_folder import CacheFolder
from engine.index.manifest import FileEntry, Manifest, read_manifest
from engine.index.pointer import PublishedVersion
from engine.index.room import require_memory
from engine.index.version_lease import exclusive_lease, take_lease
from engine.store.deadline import Deadline

Artifact = Callable[[int], Path]
SPAWN = multiprocessing.get_context("spawn")


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every version take its own size from a disk that holds two of them."""

    def free(path: Path) -> int:
        return 2_500 - sum(1_000 for folder in path.iterdir() if not folder.name.startswith("."))

    monkeypatch.setattr("engine.index.cache_folder.free_bytes_at", free)
    monkeypatch.setattr(Manifest, "total_bytes", property(lambda _: 1_000))


def fetch(place: PublishedPlace, entry: PublishedVersion) -> Any:
    return place.for_readers().open(entry, Deadline(30))


def test_old_versions_make_room_but_not_those_in_use(
    s3_place: PublishedPlace, artifact: Artifact, full_disk: None
) -> None:
    entries = [s3_place.publish(artifact(label)).pointer.current for label in (1, 2, 3, 4)]
    first = fetch(s3_place, entries[0])
    second = fetch(s3_place, entries[1])
    del second
    third = fetch(s3_place, entries[2])
    kept = {path.name for path in s3_place.cache.glob("[0-9a-f]*")}
    assert kept == {version_of(artifact(1)), version_of(artifact(3))}
    with pytest.raises(IndexUnavailableError, match="500 bytes free, the index needs 1,000"):
        fetch(s3_place, entries[3])
    assert {path.name for path in s3_place.cache.glob("[0-9a-f]*")} == kept
    del first
    assert fetch(s3_place, entries[3]).version == version_of(artifact(4))
    assert third.directory.is_dir()


def test_a_version_that_is_there_needs_no_room(
    s3_place: PublishedPlace, artifact: Artifact, full_disk: None
) -> None:
    entries = [s3_place.publish(artifact(label)).pointer.current for label in (1, 2)]
    held = [fetch(s3_place, entry) for entry in entries]
    assert fetch(s3_place, entries[0]).version == held[0].version


def hold_unfinished(cache: str, folder: str, ready: Any, done: Any) -> None:
    with CacheFolder(Path(cache)).unfinished(read_manifest(Path(folder))) as unfinished:
        (unfinished / "half").write_bytes(b"x")
        ready.set()
        done.wait(30)
        os._exit(1)  # killed: nothing is tidied up


def test_what_a_killed_process_left_is_removed_and_what_a_living_one_fills_is_not(
    tmp_path: Path, artifact: Artifact
) -> None:
    cache, manifest = CacheFolder(tmp_path / "cache"), read_manifest(artifact(1))
    ready, done = SPAWN.Event(), SPAWN.Event()
    arguments = (str(cache.path), str(artifact(1)), ready, done)
    process = SPAWN.Process(target=hold_unfinished, args=arguments)
    process.start()
    assert ready.wait(30)
    with cache.unfinished(manifest) as mine:
        assert len([path for path in cache.path.iterdir() if path.is_dir()]) == 2
    done.set()
    process.join()
    with cache.unfinished(manifest) as mine:
        assert [path for path in cache.path.iterdir() if path.is_dir()] == [mine]


def test_a_lease_stands_against_deleting_and_ends_with_its_holder(artifact: Artifact) -> None:
    folder = artifact(1)
    first, second = take_lease(folder), take_lease(folder)
    with exclusive_lease(folder) as free:
        assert not free
    del first
    with exclusive_lease(folder) as free:
        assert not free
    del second
    with exclusive_lease(folder) as free:
        assert free
        with pytest.raises(ArtifactDamagedError, match="is being deleted"):
            take_lease(folder)


def test_a_version_that_is_gone_gives_no_lease(artifact: Artifact, tmp_path: Path) -> None:
    (artifact(1) / "manifest.json").unlink()
    for folder in (artifact(1), tmp_path / "nowhere"):
        with pytest.raises(ArtifactDamagedError, match=r"no manifest\.json there"):
            take_lease(folder)
        with exclusive_lease(folder) as free:
            assert free


def test_a_version_larger_than_the_memory_is_refused(artifact: Artifact) -> None:
    manifest = read_manifest(artifact(1))
    require_memory(manifest, None)
    require_memory(manifest, manifest.total_bytes)
    with pytest.raises(IndexUnavailableError, match="bytes of memory"):
        require_memory(manifest, manifest.total_bytes - 1)


def ask_under_a_limit(answers: Any) -> None:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit = pages * os.sysconf("SC_PAGE_SIZE") + 100_000_000
    resource.setrlimit(resource.RLIMIT_AS, (limit, resource.RLIM_INFINITY))
    told = []
    for size in (1_000_000, 200_000_000):
        manifest = Manifest(1, "0" * 16, "f", {}, {}, {"tags.json": FileEntry(size, "0")})
        try:
            require_memory(manifest, None)
            told.append("fits")
        except IndexUnavailableError as error:
            told.append(str(error))
    answers.put(told)


def test_an_address_space_that_is_too_small_is_noticed_before_anything_is_mapped() -> None:
    answers = SPAWN.SimpleQueue()
    process = SPAWN.Process(target=ask_under_a_limit, args=(answers,))
    process.start()
    fits, refused = answers.get()
    process.join()
    assert fits == "fits"
    assert "needs 200,000,000 bytes of address space" in refused
