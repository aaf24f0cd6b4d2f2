"""What must a reader have before it can read a part of a large file, and believe it?

Invariant: `opening.bin` is a file of the index like any other, named in the manifest with its SHA-256, and
follows from the other files alone. It holds, end to end:

- the SHA-256 (32 bytes) of each `BLOCK_BYTES` of every large file, by name: a part is checked block by block;
- the first and the last `EDGE_BYTES` of every large file: the header of an array, the last of its bounds;
- every small file whole: some fifty of them would otherwise be a request each.

A file is small up to one block. An index without this file is read whole.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.errors import ArtifactDamagedError
from engine.index.manifest import MANIFEST_NAME, FileEntry, Manifest

OPENING_NAME = "opening.bin"

BLOCK_BYTES = 1 << 16
"""A part costs at most two blocks more than it has; digests take 1/2,048 of what they check."""

EDGE_BYTES = 128
"""The header of a .npy file of one or two dimensions, padding included."""

_DIGEST_BYTES = 32


@dataclass(frozen=True, slots=True)
class Opening:
    """The content of an `opening.bin` that was compared with its manifest; see above."""

    digests: Mapping[str, bytes]
    edges: Mapping[str, tuple[bytes, bytes]]
    small: Mapping[str, bytes]

    def require_blocks(self, name: str, first: int, data: bytes | memoryview) -> None:
        """Raise `ArtifactDamagedError` unless `data` are the blocks of file `name` from `first` on."""
        digests = self.digests[name]
        for place, start in enumerate(range(0, len(data), BLOCK_BYTES), first):
            found = hashlib.sha256(data[start : start + BLOCK_BYTES]).digest()
            if found != digests[_DIGEST_BYTES * place : _DIGEST_BYTES * (place + 1)]:
                raise ArtifactDamagedError(
                    f"{name}: the {BLOCK_BYTES:,} bytes from {place * BLOCK_BYTES:,} on differ from "
                    f"what {OPENING_NAME} says of them; publish again"
                )


def write_opening(directory: Path) -> None:
    """Write the `opening.bin` of the index in `directory`, whose other files are complete."""
    sizes = {
        path.name: path.stat().st_size
        for path in directory.iterdir()
        if path.is_file() and path.name not in {MANIFEST_NAME, OPENING_NAME}
    }
    small, large = _by_size(sizes)
    partial = directory / f"{OPENING_NAME}.partial"
    with partial.open("wb") as file:
        for name in large:
            file.writelines(_digests(directory / name))
        for name in large:
            file.writelines(_edges(directory / name, sizes[name]))
        for name in small:
            file.write((directory / name).read_bytes())
    partial.replace(directory / OPENING_NAME)


def decode_opening(data: bytes, manifest: Manifest) -> Opening:
    """Return what the `opening.bin` with these bytes holds.

    Raises `ArtifactDamagedError` when it is not the one that the manifest names.
    """
    found = FileEntry(len(data), hashlib.sha256(data).hexdigest())
    if found != manifest.files.get(OPENING_NAME):
        raise ArtifactDamagedError(
            f"{OPENING_NAME}: {found.size:,} bytes with sha256 {found.sha256[:12]}…, which is not what "
            f"{MANIFEST_NAME} says; publish again"
        )
    sizes = {name: entry.size for name, entry in manifest.files.items() if name != OPENING_NAME}
    small, large = _by_size(sizes)
    taken = 0

    def take(length: int) -> bytes:
        nonlocal taken
        taken += length
        return data[taken - length : taken]

    opening = Opening(
        {name: take(_DIGEST_BYTES * -(-sizes[name] // BLOCK_BYTES)) for name in large},
        {name: (take(EDGE_BYTES), take(EDGE_BYTES)) for name in large},
        {name: take(sizes[name]) for name in small},
    )
    if taken != len(data):
        raise ArtifactDamagedError(
            f"{OPENING_NAME}: {len(data):,} bytes, expected {taken:,}; build the index again"
        )
    return opening


def _by_size(sizes: Mapping[str, int]) -> tuple[list[str], list[str]]:
    names = sorted(sizes)
    return (
        [name for name in names if sizes[name] <= BLOCK_BYTES],
        [name for name in names if sizes[name] > BLOCK_BYTES],
    )


def _digests(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            yield hashlib.sha256(block).digest()


def _edges(path: Path, size: int) -> tuple[bytes, bytes]:
    with path.open("rb") as file:
        first = file.read(EDGE_BYTES)
        file.seek(size - EDGE_BYTES)
        return first, file.read(EDGE_BYTES)
