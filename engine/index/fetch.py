"""How does an index come from a store into a folder where it can be mapped?

Invariant: a folder named after an index version is whole and was verified byte by byte; everything
unfinished carries a temporary name. So any number of processes may share one cache folder, and one
killed half-way leaves nothing that another would trust.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
from pathlib import Path

from engine.errors import ArtifactDamagedError, IndexUnavailableError
from engine.index.manifest import MANIFEST_NAME, FileEntry, Manifest, parse_manifest
from engine.store.protocol import Store

CHUNK_BYTES = 8 << 20
"""One read: small enough to finish within a store's deadline, large enough to be few."""

_VERSION = re.compile(r"[0-9a-f]{16}")


def fetch_artifact(store: Store, prefix: str, cache_folder: Path) -> Path:
    """Copy the artifact below `prefix` ("" or "folder/") into `cache_folder`; return its folder.

    A version that is there already is not read again. Raises `ObjectNotFoundError` where there is
    no artifact, `StoreUnavailableError` when the store fails, `ArtifactDamagedError` or
    `ArtifactFormatError` when it cannot be trusted, `IndexUnavailableError` when it does not fit
    into the cache folder.
    """
    manifest_bytes = store.get(prefix + MANIFEST_NAME).data
    manifest = _parse(manifest_bytes)
    destination = cache_folder / manifest.index_version
    if _is_complete(destination, manifest):
        return destination
    _require_space(cache_folder, manifest)
    unfinished = Path(tempfile.mkdtemp(prefix=f"{manifest.index_version}.", dir=cache_folder))
    try:
        for name, entry in manifest.files.items():
            _copy_file(store, prefix + name, entry, unfinished / name)
        (unfinished / MANIFEST_NAME).write_bytes(manifest_bytes)
        _move_into_place(unfinished, destination, manifest)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return destination


def _parse(manifest_bytes: bytes) -> Manifest:
    try:
        manifest = parse_manifest(json.loads(manifest_bytes))
    except ValueError as error:
        raise ArtifactDamagedError(f"{MANIFEST_NAME}: not JSON ({error}); publish again") from error
    # The version becomes a folder's name: it must not be able to lead anywhere else.
    if not _VERSION.fullmatch(manifest.index_version):
        raise ArtifactDamagedError(
            f"{MANIFEST_NAME}: the index version {manifest.index_version[:40]!r} is no digest of "
            "16 hexadecimal digits; publish again"
        )
    return manifest


def _is_complete(folder: Path, manifest: Manifest) -> bool:
    # Sizes only: the folder got its name after its content had been verified.
    return (folder / MANIFEST_NAME).is_file() and all(
        (folder / name).is_file() and (folder / name).stat().st_size == entry.size
        for name, entry in manifest.files.items()
    )


def _require_space(cache_folder: Path, manifest: Manifest) -> None:
    try:
        cache_folder.mkdir(parents=True, exist_ok=True)
        free_bytes = shutil.disk_usage(cache_folder).free
    except OSError as error:
        raise IndexUnavailableError(
            f"{cache_folder}: cannot keep an index there ({error}); name a writable folder"
        ) from error
    if free_bytes < manifest.total_bytes:
        raise IndexUnavailableError(
            f"{cache_folder}: {free_bytes:,} bytes free, the index needs {manifest.total_bytes:,}; "
            "give the function more ephemeral storage"
        )


def _copy_file(store: Store, key: str, entry: FileEntry, path: Path) -> None:
    digest = hashlib.sha256()
    with path.open("wb") as file:
        for start in range(0, entry.size, CHUNK_BYTES):
            data = store.get_range(key, start, min(CHUNK_BYTES, entry.size - start))
            digest.update(data)
            file.write(data)
    # A transport may hand out a short or stale body without noticing; the manifest does notice.
    if path.stat().st_size != entry.size or digest.hexdigest() != entry.sha256:
        raise ArtifactDamagedError(
            f"{key}: {path.stat().st_size:,} bytes with sha256 {digest.hexdigest()[:12]}…, "
            f"expected {entry.size:,} bytes with {entry.sha256[:12]}…; publish again"
        )


def _move_into_place(unfinished: Path, destination: Path, manifest: Manifest) -> None:
    try:
        unfinished.rename(destination)
    except OSError:
        if _is_complete(destination, manifest):
            return  # another process was faster, with the same bytes
        # What stands there has the name but not the content: somebody emptied the cache in part.
        shutil.rmtree(destination)
        unfinished.rename(destination)
