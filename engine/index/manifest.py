"""What does an index consist of, and is what lies there really it?

Invariant: `manifest.json` names every other file of the artifact with its size and SHA-256, and holds
nothing that differs between two builds of the same input (no clock, no host, no path). The index
version is a digest of the whole content, so equal versions mean equal bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import ArtifactDamagedError, ArtifactFormatError
from engine.index.codec import dump_json, load_json

FORMAT_VERSION = 3
"""Raised whenever a reader of the old layout could misread the new one (docs/index-format.md)."""

MANIFEST_NAME = "manifest.json"

_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class FileEntry:
    """Size in bytes and SHA-256 (hex) of one file of the artifact."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The table of contents of one index version."""

    format_version: int
    index_version: str
    lexicon_fingerprint: str
    counts: Mapping[str, int]
    parameters: Mapping[str, Any]
    files: Mapping[str, FileEntry]

    @property
    def total_bytes(self) -> int:
        """Return the size of all files named here, in bytes."""
        return sum(entry.size for entry in self.files.values())


def describe_file(path: Path) -> FileEntry:
    """Return size and SHA-256 of the file at `path`."""
    digest = hashlib.sha256()
    size = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
            size += len(chunk)
    return FileEntry(size, digest.hexdigest())


def write_manifest(
    directory: Path,
    *,
    lexicon_fingerprint: str,
    counts: Mapping[str, int],
    parameters: Mapping[str, Any],
) -> Manifest:
    """Describe every file in `directory` and write its manifest last, atomically."""
    files = {
        path.name: describe_file(path)
        for path in sorted(directory.iterdir())
        if path.is_file() and path.name != MANIFEST_NAME
    }
    content: dict[str, Any] = {
        "format_version": FORMAT_VERSION,
        "lexicon_fingerprint": lexicon_fingerprint,
        "counts": dict(counts),
        "parameters": dict(parameters),
        "files": {name: {"size": e.size, "sha256": e.sha256} for name, e in files.items()},
    }
    content["index_version"] = _digest(content)
    partial = directory / (MANIFEST_NAME + ".partial")
    partial.write_bytes(dump_json(content))
    partial.replace(directory / MANIFEST_NAME)
    return read_manifest(directory)


def read_manifest(directory: Path) -> Manifest:
    """Read the manifest of the artifact in `directory`.

    Raises `ArtifactDamagedError` when there is none or it is malformed, `ArtifactFormatError` when
    it was written in a format that this reader does not know.
    """
    path = directory / MANIFEST_NAME
    if not path.is_file():
        raise ArtifactDamagedError(
            f"{directory}: no {MANIFEST_NAME} there, so this is no index; "
            "build one with: wenmai build SOURCE --out DIR"
        )
    return parse_manifest(load_json(path))


def decode_manifest(data: bytes) -> Manifest:
    """Return the manifest in `data`, the bytes of its file; see `parse_manifest` for what it raises."""
    try:
        content = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ArtifactDamagedError(
            f"{MANIFEST_NAME}: not JSON ({error}); publish it again"
        ) from error
    return parse_manifest(content)


def parse_manifest(content: Any) -> Manifest:
    """Return the manifest in `content`, a decoded JSON value.

    Raises `ArtifactDamagedError` when it is malformed, `ArtifactFormatError` for a foreign format.
    """
    found = content.get("format_version") if isinstance(content, dict) else None
    if not isinstance(found, int):
        raise ArtifactDamagedError(f"{MANIFEST_NAME}: no format_version in it; rebuild the index")
    if found != FORMAT_VERSION:
        raise ArtifactFormatError(
            f"{MANIFEST_NAME}: written in format {found}, this reader knows format "
            f"{FORMAT_VERSION}; " + ("upgrade the reader" if found > FORMAT_VERSION else "rebuild")
        )
    try:
        files = {
            str(name): FileEntry(int(entry["size"]), str(entry["sha256"]))
            for name, entry in content["files"].items()
        }
        manifest = Manifest(
            format_version=found,
            index_version=str(content["index_version"]),
            lexicon_fingerprint=str(content["lexicon_fingerprint"]),
            counts={str(k): int(v) for k, v in content["counts"].items()},
            parameters=dict(content["parameters"]),
            files=files,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ArtifactDamagedError(
            f"{MANIFEST_NAME}: malformed ({type(error).__name__}: {error}); rebuild the index"
        ) from error
    for name in files:
        # A name is joined to a folder: it must not be able to leave it.
        if name != Path(name).name or name in {"", ".", "..", MANIFEST_NAME}:
            raise ArtifactDamagedError(
                f"{MANIFEST_NAME}: names the file {name!r}, not a plain name"
            )
    expected = _digest({key: value for key, value in content.items() if key != "index_version"})
    if manifest.index_version != expected:
        raise ArtifactDamagedError(
            f"{MANIFEST_NAME}: calls itself {manifest.index_version[:40]!r}, its content is "
            f"{expected}; rebuild the index, or publish it again"
        )
    return manifest


def _digest(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(dump_json(content)).hexdigest()[:16]


def find_damage(directory: Path, manifest: Manifest) -> list[str]:
    """Return one line for each file that is missing or differs from the manifest; none when whole."""
    damage = []
    for name, expected in sorted(manifest.files.items()):
        path = directory / name
        if not path.is_file():
            damage.append(f"{name}: missing, expected {expected.size} bytes")
            continue
        found = describe_file(path)
        if found.size != expected.size:
            damage.append(f"{name}: {found.size} bytes, expected {expected.size}")
        elif found.sha256 != expected.sha256:
            damage.append(f"{name}: content differs (sha256 {found.sha256[:12]}…)")
    return damage
