"""An artifact is exactly what its manifest says, or it is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.errors import ArtifactDamagedError, ArtifactFormatError
from engine.index.manifest import (
    FORMAT_VERSION,
    Manifest,
    find_damage,
    parse_manifest,
    read_manifest,
    write_manifest,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "words.documents.npy").write_bytes(b"\x00\x01\x02\x03")
    (tmp_path / "tags.json").write_text('["盗图"]', encoding="utf-8")
    return tmp_path


def _write(folder: Path) -> Manifest:
    return write_manifest(
        folder, lexicon_fingerprint="abc", counts={"articles": 2}, parameters={"views": {}}
    )


def test_a_manifest_reads_back_as_written_and_names_every_file(folder: Path) -> None:
    written = _write(folder)
    assert read_manifest(folder) == written
    assert set(written.files) == {"words.documents.npy", "tags.json"}
    assert written.total_bytes == 4 + len('["盗图"]'.encode())
    assert find_damage(folder, written) == []


def test_equal_content_has_an_equal_version_whenever_it_is_written(folder: Path) -> None:
    first = _write(folder)
    again = _write(folder)
    assert first == again
    (folder / "tags.json").write_text('["降权"]', encoding="utf-8")
    assert _write(folder).index_version != first.index_version


@pytest.mark.parametrize(
    ("damage", "line"),
    [
        (lambda path: path.unlink(), "missing, expected 4 bytes"),
        (lambda path: path.write_bytes(b""), "0 bytes, expected 4"),
        (lambda path: path.write_bytes(b"\x00\x01\x02"), "3 bytes, expected 4"),
        (lambda path: path.write_bytes(b"\x00\x01\x02\x07"), "content differs"),
    ],
)
def test_any_damage_to_a_file_is_named(folder: Path, damage: object, line: str) -> None:
    manifest = _write(folder)
    damage(folder / "words.documents.npy")  # type: ignore[operator]
    (found,) = find_damage(folder, manifest)
    assert found.startswith(f"words.documents.npy: {line}")


@pytest.mark.parametrize(
    ("found", "advice"), [(FORMAT_VERSION + 1, "upgrade the reader"), (0, "rebuild")]
)
def test_a_foreign_format_is_refused_with_what_to_do(folder: Path, found: int, advice: str) -> None:
    _write(folder)
    content = json.loads((folder / "manifest.json").read_text("utf-8"))
    with pytest.raises(ArtifactFormatError, match=advice):
        parse_manifest({**content, "format_version": found})


@pytest.mark.parametrize("name", ["../escape", "/absolute", "a/b", "", ".", "manifest.json"])
def test_a_file_name_cannot_leave_the_folder(folder: Path, name: str) -> None:
    _write(folder)
    content = json.loads((folder / "manifest.json").read_text("utf-8"))
    content["files"] = {name: {"size": 1, "sha256": "0"}}
    with pytest.raises(ArtifactDamagedError, match="not a plain name"):
        parse_manifest(content)


@pytest.mark.parametrize(
    "content",
    [
        None,
        [],
        {},
        {"format_version": "1"},
        {"format_version": FORMAT_VERSION},
        {"format_version": FORMAT_VERSION, "files": 3},
    ],
)
def test_a_malformed_manifest_is_damage_not_a_crash(content: object) -> None:
    with pytest.raises(ArtifactDamagedError):
        parse_manifest(content)


def test_a_folder_without_a_manifest_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ArtifactDamagedError, match="wenmai build"):
        read_manifest(tmp_path)
