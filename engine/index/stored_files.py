"""Are all files of a version in the store, and how do they get there?

Invariant: a file is created once, from bytes that match the manifest, and never replaced; the manifest
comes last, so a folder of files that holds one was uploaded whole.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from engine.errors import (
    ArtifactDamagedError,
    ObjectNotFoundError,
    ObjectTooShortError,
    StoreConflictError,
    StoreUnavailableError,
)
from engine.index.manifest import MANIFEST_NAME, FileEntry, Manifest
from engine.store.protocol import ObjectEntry, Store

PARALLEL_PUTS = 4
"""Bounded by memory: each holds one file. More did not speed up a folder or moto."""

_MAX_ATTEMPTS = 3
_CHUNK_BYTES = 8 << 20


def find_missing(entries: Iterable[ObjectEntry], prefix: str, manifest: Manifest) -> list[str]:
    """Return one line for each file below `prefix` that is not listed, or listed with another size."""
    sizes = {entry.key: entry.size for entry in entries}
    lines = [
        f"{name}: {sizes[prefix + name]} bytes, expected {entry.size}"
        if prefix + name in sizes
        else f"{name}: missing, expected {entry.size} bytes"
        for name, entry in sorted(manifest.files.items())
        if sizes.get(prefix + name) != entry.size
    ]
    if prefix + MANIFEST_NAME not in sizes:
        lines.append(f"{MANIFEST_NAME}: missing")
    return lines


def find_stored_damage(store: Store, prefix: str, manifest: Manifest) -> list[str]:
    """Read every file below `prefix`; return one line for each that differs from the manifest.

    Raises `StoreUnavailableError` when the store does not answer.
    """

    def check(item: tuple[str, FileEntry]) -> str | None:
        name, entry = item
        digest = hashlib.sha256()
        try:
            for start in range(0, entry.size, _CHUNK_BYTES):
                length = min(_CHUNK_BYTES, entry.size - start)
                digest.update(store.get_range(prefix + name, start, length))
        except ObjectNotFoundError:
            return f"{name}: missing, expected {entry.size} bytes"
        except ObjectTooShortError:
            return f"{name}: shorter than {entry.size} bytes"
        if digest.hexdigest() != entry.sha256:
            return f"{name}: content differs (sha256 {digest.hexdigest()[:12]}…)"
        return None

    with ThreadPoolExecutor(PARALLEL_PUTS) as pool:
        lines = pool.map(check, sorted(manifest.files.items()))
        return [line for line in lines if line is not None]


def upload_artifact(
    store: Store,
    folder: Path,
    manifest: Manifest,
    prefix: str,
    on_file: Callable[[], None] = lambda: None,
) -> None:
    """Create every file of the artifact in `folder` below `prefix`, the manifest last.

    What is there already, from an upload that was interrupted, is not sent again. Raises
    `ArtifactDamagedError` when a file differs from the manifest, here or there.
    """
    manifest_bytes = (folder / MANIFEST_NAME).read_bytes()
    present = {entry.key: entry.size for entry in store.list(prefix)}

    def send(item: tuple[str, FileEntry]) -> None:
        name, entry = item
        if present.get(prefix + name) != entry.size:
            _create(store, prefix + name, _read_whole(folder / name, entry))
        on_file()

    with ThreadPoolExecutor(PARALLEL_PUTS) as pool:
        list(pool.map(send, _largest_first(manifest.files)))
    _create(store, prefix + MANIFEST_NAME, manifest_bytes)
    if missing := find_missing(store.list(prefix), prefix, manifest):
        raise ArtifactDamagedError(
            f"{prefix} in the store differs from what was sent: {'; '.join(missing[:5])}. "
            "Nothing points there: delete what lies under it and publish again"
        )


def _create(store: Store, key: str, data: bytes) -> None:
    for attempt in range(1, _MAX_ATTEMPTS + 1):
        try:
            store.put_if_absent(key, data)
        except StoreConflictError:
            return  # an earlier attempt, or another publisher of the same content
        except StoreUnavailableError:
            # It may have arrived all the same: then the next attempt finds it there.
            if attempt == _MAX_ATTEMPTS:
                raise
        else:
            return


def _read_whole(path: Path, entry: FileEntry) -> bytes:
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise ArtifactDamagedError(f"{path.name}: missing; build the index again") from error
    if len(data) != entry.size or hashlib.sha256(data).hexdigest() != entry.sha256:
        raise ArtifactDamagedError(f"{path.name}: differs from the manifest; build the index again")
    return data


def _largest_first(files: Mapping[str, FileEntry]) -> list[tuple[str, FileEntry]]:
    return sorted(files.items(), key=lambda item: (-item[1].size, item[0]))
