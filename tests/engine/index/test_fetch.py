from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from tiny_artifact import write_artifact

from engine.errors import (
    ArtifactDamagedError,
    ArtifactFormatError,
    IndexUnavailableError,
    ObjectNotFoundError,
    StoreUnavailableError,
)
from engine.index import fetch
from engine.index.cache_folder import CacheFolder
from engine.index.fetch import fetch_artifact
from engine.index.manifest import MANIFEST_NAME, find_damage, read_manifest, write_manifest
from engine.store.deadline import Deadline
from engine.store.local_folder import LocalFolderStore


@pytest.fixture
def published(tmp_path: Path) -> Path:
    folder = tmp_path / "published"
    folder.mkdir()
    (folder / "tags.json").write_text('["直通车"]', encoding="utf-8")
    (folder / "postings.npy").write_bytes(bytes(range(256)) * 100)
    (folder / "empty.bin").write_bytes(b"")
    write_manifest(folder, lexicon_fingerprint="f", counts={"articles": 1}, parameters={})
    return folder


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def fetched(place: Path, cache: Path, **options: Any) -> Path:
    deadline = options.pop("deadline", None) or Deadline(30)
    return fetch_artifact(LocalFolderStore(place), "", CacheFolder(cache), deadline, **options)


def names(cache: Path) -> list[str]:
    return sorted(path.name for path in cache.iterdir() if path.name != ".lock")


def test_an_artifact_arrives_whole(published: Path, cache: Path) -> None:
    folder = fetched(published, cache)
    manifest = read_manifest(folder)
    assert folder == cache / manifest.index_version
    assert find_damage(folder, manifest) == []
    assert manifest == read_manifest(published)
    assert names(cache) == [folder.name]


def test_a_prefix_leads_to_an_artifact_in_a_folder(published: Path, cache: Path) -> None:
    store = LocalFolderStore(published.parent)
    assert fetch_artifact(store, "published/", CacheFolder(cache), Deadline(30)).is_dir()


def test_a_file_larger_than_one_read_is_put_together(
    published: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "CHUNK_BYTES", 1_000)
    folder = fetched(published, cache)
    assert (folder / "postings.npy").read_bytes() == (published / "postings.npy").read_bytes()


def test_a_version_that_is_there_is_not_read_again(published: Path, cache: Path) -> None:
    first = fetched(published, cache)
    for name in ("tags.json", "postings.npy", "empty.bin"):
        (published / name).unlink()
    assert fetched(published, cache) == first


def test_a_cache_that_lost_a_file_is_filled_again(published: Path, cache: Path) -> None:
    folder = fetched(published, cache)
    (folder / "tags.json").unlink()
    assert fetched(published, cache) == folder
    assert find_damage(folder, read_manifest(folder)) == []


def flipped(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def lengthened(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"x")


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


@pytest.mark.parametrize("name", ["tags.json", "postings.npy"])
@pytest.mark.parametrize("damage", [flipped, emptied, cut, Path.unlink])
def test_nothing_damaged_gets_a_name(
    published: Path, cache: Path, name: str, damage: Callable[[Path], None]
) -> None:
    damage(published / name)
    with pytest.raises((ArtifactDamagedError, StoreUnavailableError, ObjectNotFoundError)):
        fetched(published, cache)
    assert names(cache) == []


def test_bytes_beyond_the_declared_size_are_not_read(published: Path, cache: Path) -> None:
    lengthened(published / "tags.json")
    folder = fetched(published, cache)
    assert find_damage(folder, read_manifest(folder)) == []


def test_no_artifact_is_a_missing_object(tmp_path: Path, cache: Path) -> None:
    with pytest.raises(ObjectNotFoundError, match=r"manifest\.json"):
        fetched(tmp_path / "nothing", cache)


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("index_version", "../../etc", ArtifactDamagedError),
        ("index_version", "", ArtifactDamagedError),
        ("files", {"../outside": {"size": 1, "sha256": "0"}}, ArtifactDamagedError),
        ("format_version", 99, ArtifactFormatError),
    ],
)
def test_a_manifest_cannot_lead_anywhere_else(
    published: Path, cache: Path, field: str, value: object, error: type[Exception]
) -> None:
    path = published / MANIFEST_NAME
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), field: value}), "utf-8")
    with pytest.raises(error):
        fetched(published, cache)
    assert not (published.parent / "outside").exists()


def test_a_manifest_that_is_no_json_is_refused(published: Path, cache: Path) -> None:
    (published / MANIFEST_NAME).write_bytes(b"\xff{")
    with pytest.raises(ArtifactDamagedError, match="not JSON"):
        fetched(published, cache)


def test_an_index_that_does_not_fit_is_refused_before_it_is_read(
    published: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.index.cache_folder.free_bytes_at", lambda _path: 1_000)
    with pytest.raises(IndexUnavailableError, match="1,000 bytes free"):
        fetched(published, cache)
    assert names(cache) == []


def test_a_cache_folder_that_cannot_be_made_is_named(published: Path) -> None:
    with pytest.raises(IndexUnavailableError, match="cannot keep an index there"):
        fetched(published, published / "tags.json" / "cache")


def test_many_at_once_agree_on_one_folder(published: Path, cache: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        folders = set(pool.map(lambda _: fetched(published, cache), range(16)))
    assert len(folders) == 1
    assert len(names(cache)) == 1


def test_a_folder_that_vanishes_while_room_is_made_disturbs_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_artifact(tmp_path / "built", 1)
    manifest = read_manifest(tmp_path / "built")
    cache = CacheFolder(tmp_path / "cache")
    gone = tmp_path / "cache" / f"{manifest.index_version}.gone"
    gone.mkdir(parents=True)
    listed = list((tmp_path / "cache").iterdir())
    gone.rmdir()
    monkeypatch.setattr(Path, "iterdir", lambda _: iter(listed))
    with cache.unfinished(manifest) as folder:
        assert folder.is_dir()
