"""What a reader must have before it can read a part of a file, and believe it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from arriving_places import write_parted_artifact
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import ArtifactDamagedError
from engine.index.manifest import read_manifest, write_manifest
from engine.index.opening import (
    BLOCK_BYTES,
    EDGE_BYTES,
    OPENING_NAME,
    Opening,
    decode_opening,
    write_opening,
)


def opening_of(folder: Path) -> Opening:
    return decode_opening((folder / OPENING_NAME).read_bytes(), read_manifest(folder))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built") / "1"
    write_parted_artifact(folder, 1)
    return folder


def test_small_files_are_in_it_whole_and_large_ones_with_their_edges(folder: Path) -> None:
    opening = opening_of(folder)
    assert opening.small == {"empty.bin": b"", "small.json": b"[1]\n", "texts.bounds.npy": (
        folder / "texts.bounds.npy"
    ).read_bytes()}  # fmt: skip
    assert opening.digests.keys() == opening.edges.keys() == {"rows.npy", "texts.bin"}
    for name, (first, last) in opening.edges.items():
        data = (folder / name).read_bytes()
        assert (first, last) == (data[:EDGE_BYTES], data[-EDGE_BYTES:])


def test_each_block_of_a_large_file_has_its_digest(folder: Path) -> None:
    opening, data = opening_of(folder), (folder / "rows.npy").read_bytes()
    blocks = [data[start : start + BLOCK_BYTES] for start in range(0, len(data), BLOCK_BYTES)]
    assert len(blocks) == 3
    assert opening.digests["rows.npy"] == b"".join(hashlib.sha256(b).digest() for b in blocks)
    for number, block in enumerate(blocks):
        opening.require_blocks("rows.npy", number, block)
    opening.require_blocks("rows.npy", 1, blocks[1] + blocks[2])


def test_a_block_in_the_place_of_another_is_refused(folder: Path) -> None:
    opening, data = opening_of(folder), (folder / "rows.npy").read_bytes()
    with pytest.raises(ArtifactDamagedError, match=r"rows\.npy: the 65,536 bytes from 65,536 on"):
        opening.require_blocks("rows.npy", 1, data[:BLOCK_BYTES])


@given(place=st.integers(0, 10**6), bit=st.integers(0, 7))
def test_a_changed_bit_anywhere_is_refused(folder: Path, place: int, bit: int) -> None:
    opening, data = opening_of(folder), bytearray((folder / "texts.bin").read_bytes())
    data[place % len(data)] ^= 1 << bit
    with pytest.raises(ArtifactDamagedError):
        opening.require_blocks("texts.bin", 0, bytes(data))


@pytest.mark.parametrize("change", [lambda d: d[:-1], lambda d: d + b"x", lambda d: b"x" + d[1:]])
def test_an_opening_that_is_not_the_manifests_is_refused(folder: Path, change: object) -> None:
    data = change((folder / OPENING_NAME).read_bytes())  # type: ignore[operator]
    with pytest.raises(ArtifactDamagedError, match=r"opening\.bin"):
        decode_opening(data, read_manifest(folder))


def test_an_opening_with_bytes_too_many_is_refused_though_the_manifest_agrees(
    tmp_path: Path,
) -> None:
    write_parted_artifact(tmp_path / "1", 1)
    with (tmp_path / "1" / OPENING_NAME).open("ab") as file:
        file.write(b"x")
    write_manifest(tmp_path / "1", lexicon_fingerprint="x", counts={}, parameters={})
    with pytest.raises(ArtifactDamagedError, match="bytes, expected"):
        opening_of(tmp_path / "1")


def test_the_same_files_give_the_same_opening(tmp_path: Path, folder: Path) -> None:
    write_parted_artifact(tmp_path / "again", 1)
    same = (tmp_path / "again" / OPENING_NAME).read_bytes()
    assert same == (folder / OPENING_NAME).read_bytes()
    write_opening(tmp_path / "again")  # though there is one already
    assert (tmp_path / "again" / OPENING_NAME).read_bytes() == same
