"""How does a version come from a store into a folder where it can be mapped?

Invariant: every byte is compared with the manifest, and the manifest with its own name, before the folder
gets that name; and the whole ends by its deadline, however many requests it takes and however slowly each
of them drips.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from pathlib import Path

from engine.errors import ArtifactDamagedError, ObjectTooShortError, StoreUnavailableError
from engine.index.cache_folder import CacheFolder
from engine.index.manifest import MANIFEST_NAME, Manifest, decode_manifest, describe_file
from engine.index.room import require_memory
from engine.store.deadline import Deadline
from engine.store.protocol import Store

CHUNK_BYTES = 8 << 20
"""One read: small enough to finish within a store's deadline, large enough to be few."""

PARALLEL_READS = 8
"""One stream from S3 carries 50 to 90 MB/s, a function's network several of them."""


def fetch_artifact(
    store: Store,
    prefix: str,
    cache: CacheFolder,
    deadline: Deadline,
    *,
    version: str | None = None,
    memory_bytes: int | None = None,
    manifest_bytes: bytes | None = None,
) -> Path:
    """Copy the artifact below `prefix` ("" or "folder/") into `cache`; return its folder.

    A version that is there already is not read again, nor a manifest that was read before
    (`manifest_bytes`). Raises `ObjectNotFoundError` where there is no artifact, `StoreUnavailableError`
    when the store fails or the deadline passes, `ArtifactDamagedError` or `ArtifactFormatError` when it
    cannot be trusted or is not `version`, `IndexUnavailableError` when it does not fit into the cache
    folder or into `memory_bytes`.
    """
    if manifest_bytes is None:
        manifest_bytes = store.get(prefix + MANIFEST_NAME).data
    manifest = decode_manifest(manifest_bytes)
    if version is not None and manifest.index_version != version:
        raise ArtifactDamagedError(
            f"{prefix}{MANIFEST_NAME}: belongs to version {manifest.index_version}, expected "
            f"{version}; publish again"
        )
    require_memory(manifest, memory_bytes)
    if found := cache.find(manifest):
        return found
    with cache.unfinished(manifest) as folder:
        _copy_files(store, prefix, manifest, folder, deadline)
        (folder / MANIFEST_NAME).write_bytes(manifest_bytes)
        deadline.require(f"fetching {prefix}")
        return cache.keep(folder, manifest)


def _copy_files(
    store: Store, prefix: str, manifest: Manifest, folder: Path, deadline: Deadline
) -> None:
    for name, entry in manifest.files.items():
        with (folder / name).open("wb") as file:
            file.truncate(entry.size)

    def copy(name: str, start: int, length: int) -> None:
        deadline.require(f"fetching {prefix}")
        try:
            data = store.get_range(prefix + name, start, length)
        except ObjectTooShortError as error:
            raise ArtifactDamagedError(f"{name}: {error}") from error
        with (folder / name).open("r+b") as file:
            os.pwrite(file.fileno(), data, start)

    pool = ThreadPoolExecutor(PARALLEL_READS)
    try:
        _finish([pool.submit(copy, *chunk) for chunk in _chunks(manifest)], deadline, prefix)
        # From disk and not from memory: what will be mapped is what has to be right.
        _finish(
            [pool.submit(_verify, folder, manifest, name) for name in manifest.files],
            deadline,
            prefix,
        )
    finally:
        # Not waited for: a read that hangs ends by its store's deadline, and finds the folder gone.
        pool.shutdown(wait=False, cancel_futures=True)


def _finish(futures: list[Future[None]], deadline: Deadline, prefix: str) -> None:
    done, pending = wait(futures, deadline.remaining_seconds, FIRST_EXCEPTION)
    for future in done:
        future.result()
    if pending:
        raise StoreUnavailableError(
            f"fetching {prefix} took longer than {deadline.seconds:g} s; it is tried again later"
        )


def _chunks(manifest: Manifest) -> Iterator[tuple[str, int, int]]:
    for name, entry in manifest.files.items():
        for start in range(0, entry.size, CHUNK_BYTES):
            yield name, start, min(CHUNK_BYTES, entry.size - start)


def _verify(folder: Path, manifest: Manifest, name: str) -> None:
    found, expected = describe_file(folder / name), manifest.files[name]
    # A transport may hand out a short or stale body without noticing; the manifest does notice.
    if found != expected:
        raise ArtifactDamagedError(
            f"{name}: {found.size:,} bytes with sha256 {found.sha256[:12]}…, "
            f"expected {expected.size:,} bytes with {expected.sha256[:12]}…; publish again"
        )
