"""A version is compared once on a machine, and again as soon as one of its files may have changed."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.errors import ArtifactDamagedError
from engine.index import verified_files
from engine.index.manifest import MANIFEST_NAME, Manifest, read_manifest, write_manifest
from engine.index.verified_files import VerifiedFiles

LATER = 10**10  # nanoseconds: when the files of a test have settled


class Comparisons:
    """Counts how often all bytes are read."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        compare = verified_files.find_damage

        def counted(directory: Path, manifest: Manifest) -> list[str]:
            self.count += 1
            return compare(directory, manifest)

        monkeypatch.setattr(verified_files, "find_damage", counted)


@pytest.fixture
def comparisons(monkeypatch: pytest.MonkeyPatch) -> Comparisons:
    return Comparisons(monkeypatch)


@pytest.fixture
def version(tmp_path: Path) -> Path:
    """Return a folder with two files and their manifest."""
    folder = tmp_path / "versions" / "1"
    folder.mkdir(parents=True)
    (folder / "articles.bin").write_text("跨境电商开店", encoding="utf-8")
    (folder / "terms.bin").write_text("开店 运营", encoding="utf-8")
    write_manifest(folder, lexicon_fingerprint="x", counts={"articles": 1}, parameters={})
    return folder


def verified(cache: Path, after: int = LATER) -> VerifiedFiles:
    """Return what a process remembers that starts `after` nanoseconds from now."""
    return VerifiedFiles(cache, lambda: time.time_ns() + after)


def test_a_whole_version_is_compared_once(
    tmp_path: Path, version: Path, comparisons: Comparisons
) -> None:
    for _ in range(3):
        verified(tmp_path / "cache").require_whole(version, read_manifest(version))
    assert comparisons.count == 1


def test_another_cache_or_another_place_is_another_comparison(
    tmp_path: Path, version: Path, comparisons: Comparisons
) -> None:
    verified(tmp_path / "cache").require_whole(version, read_manifest(version))
    verified(tmp_path / "other").require_whole(version, read_manifest(version))
    moved = version.rename(version.with_name("2"))
    verified(tmp_path / "cache").require_whole(moved, read_manifest(moved))
    assert comparisons.count == 3


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[0] ^= 1
    path.write_bytes(data)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def swap(path: Path) -> None:
    content = path.read_bytes()
    path.unlink()
    path.write_bytes(content[::-1])


@pytest.mark.parametrize("name", ["articles.bin", "terms.bin"])
@pytest.mark.parametrize("break_it", [flip, cut, empty, swap, Path.unlink])
def test_a_file_that_changed_after_it_was_found_whole_is_refused(
    tmp_path: Path, version: Path, name: str, break_it: Callable[[Path], object]
) -> None:
    before = (version / name).stat()
    verified(tmp_path / "cache").require_whole(version, read_manifest(version))
    time.sleep(0.02)  # two ticks of a file system's clock
    break_it(version / name)
    if (version / name).exists():
        # Whoever sets the time back does not set back that of the inode.
        os.utime(version / name, ns=(before.st_atime_ns, before.st_mtime_ns))
    for _ in range(2):
        with pytest.raises(ArtifactDamagedError, match=name):
            verified(tmp_path / "cache").require_whole(version, read_manifest(version))


def test_a_version_that_was_written_a_moment_ago_is_not_remembered(
    tmp_path: Path, version: Path, comparisons: Comparisons
) -> None:
    for _ in range(2):
        verified(tmp_path / "cache", after=0).require_whole(version, read_manifest(version))
    assert comparisons.count == 2


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"[" * 100_000, b'{"terms.bin":[1]}'])
def test_a_broken_memory_only_costs_a_comparison(
    tmp_path: Path, version: Path, comparisons: Comparisons, content: bytes
) -> None:
    verified(tmp_path / "cache").require_whole(version, read_manifest(version))
    (memory,) = (tmp_path / "cache").glob("verified-*.json")
    memory.write_bytes(content)
    verified(tmp_path / "cache").require_whole(version, read_manifest(version))
    verified(tmp_path / "cache").require_whole(version, read_manifest(version))
    assert comparisons.count == 2


def test_a_cache_that_cannot_be_written_only_costs_the_comparison(
    tmp_path: Path, version: Path, comparisons: Comparisons
) -> None:
    (tmp_path / "cache").write_text("a file, no folder", encoding="utf-8")
    for _ in range(2):
        verified(tmp_path / "cache").require_whole(version, read_manifest(version))
    assert comparisons.count == 2


def test_memories_do_not_pile_up(tmp_path: Path, version: Path) -> None:
    for number in range(20):
        folder = version.rename(version.with_name(f"v{number}"))
        verified(tmp_path / "cache").require_whole(folder, read_manifest(folder))
        version = folder
    assert len(list((tmp_path / "cache").glob("verified-*.json"))) == 16
    assert (version / MANIFEST_NAME).is_file()
