"""How does a version answer its first request before all of it was fetched?

Its manifest and its `opening.bin` come first, at the same time; then each file, or part of one, when it is
asked for (`arriving_files`), and the rest beside later requests (`complete`). Invariant: a version gets its
name in the cache only when every file of it was compared with the manifest on disk, as one that was fetched
whole does.
"""

from __future__ import annotations

from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

from engine.errors import (
    ArtifactDamagedError,
    IndexUnavailableError,
    NotFoundError,
    ObjectNotFoundError,
    StoreError,
    WenmaiError,
)
from engine.index.arriving_files import ArrivingFiles
from engine.index.block_runs import Part
from engine.index.cache_folder import CacheFolder, writing
from engine.index.manifest import MANIFEST_NAME, Manifest, decode_manifest, find_damage
from engine.index.opening import OPENING_NAME, decode_opening
from engine.index.room import require_memory
from engine.index.version_lease import Lease, take_lease
from engine.store.deadline import Deadline
from engine.store.protocol import Store

PARALLEL_READS = 4
"""Beside requests, which must find the network free."""

READ_BYTES = 2 << 20
"""Whoever needs a part that is on its way waits for no more than this."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What was read of a version first: its manifest, as bytes too, and its `opening.bin`, if it has one."""

    manifest: Manifest
    manifest_bytes: bytes
    opening_bytes: bytes | None


def read_contents(store: Store, prefix: str) -> Contents:
    """Read manifest and opening of the version below `prefix` at the same time.

    Raises `ArtifactError` when the manifest cannot be trusted, and what the store raises.
    """
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(_read_opening, store, prefix)
        manifest_bytes = store.get(prefix + MANIFEST_NAME).data
        manifest = decode_manifest(manifest_bytes)
        opening = reading.result()
    if OPENING_NAME not in manifest.files:
        return Contents(manifest, manifest_bytes, None)
    if isinstance(opening, ObjectNotFoundError):
        raise ArtifactDamagedError(f"{OPENING_NAME}: {opening}") from opening
    if isinstance(opening, WenmaiError):
        raise opening
    return Contents(manifest, manifest_bytes, opening)


def _read_opening(store: Store, prefix: str) -> bytes | WenmaiError:
    try:
        return store.get(prefix + OPENING_NAME).data
    except (StoreError, NotFoundError) as error:
        return error  # an index of before has none


def open_arriving(
    store: Store,
    prefix: str,
    contents: Contents,
    cache: CacheFolder,
    *,
    memory_bytes: int | None,
    wait_seconds: float,
) -> ArrivingFiles:
    """Return the files of the version, nothing of them fetched yet.

    Raises `ArtifactDamagedError` when the opening is not what the manifest says, `IndexUnavailableError`
    when there is no room for the version.
    """
    manifest = contents.manifest
    assert contents.opening_bytes is not None  # noqa: S101 - else it is fetched whole
    opening = decode_opening(contents.opening_bytes, manifest)
    require_memory(manifest, memory_bytes)
    reserved = cache.reserve(manifest, manifest.total_bytes)
    with writing(reserved.folder):
        (reserved.folder / MANIFEST_NAME).write_bytes(contents.manifest_bytes)
        (reserved.folder / OPENING_NAME).write_bytes(contents.opening_bytes)
    return ArrivingFiles(store, prefix, manifest, opening, reserved, wait_seconds=wait_seconds)


def complete(files: ArrivingFiles, cache: CacheFolder, deadline: Deadline) -> bool:
    """Fetch what is missing, compare all of it with the manifest, keep it; return whether that was done.

    Past the deadline it stops, and the next call goes on from there. What is wrong for good, and what
    cannot be written, stands in `files.failure`; what the store did not give is asked for again.
    """
    pool = ThreadPoolExecutor(PARALLEL_READS, "rest")
    try:
        for name in files.missing_files():
            if not _fetch_rest(files, name, pool, deadline):
                return False
        files.write_small_files()
        # From disk and not from memory: what is mapped is what has to be right.
        if damage := find_damage(files.folder, files.manifest):
            files.refuse(
                ArtifactDamagedError(
                    f"{files.folder}: {len(damage)} file(s) differ from the manifest: "
                    + "; ".join(damage[:5])
                )
            )
            return False
    except IndexUnavailableError as error:
        files.refuse(error)
        return False
    except (WenmaiError, OSError):
        return False
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    files.be_whole(*_keep(files, cache))
    return True


def _keep(files: ArrivingFiles, cache: CacheFolder) -> tuple[Path, Lease] | tuple[None, None]:
    try:
        kept = cache.adopt(files.folder, files.manifest)
        return kept, take_lease(kept)
    except (WenmaiError, OSError):
        return None, None  # the files stay where they are, for this process alone


def _fetch_rest(
    files: ArrivingFiles, name: str, pool: ThreadPoolExecutor, deadline: Deadline
) -> bool:
    size = files.manifest.files[name].size
    together = PARALLEL_READS * READ_BYTES
    for start in range(0, size, together):
        if deadline.remaining_seconds <= 0.0:
            return False
        parts = [
            Part(name, first, min(first + READ_BYTES, size))
            for first in range(start, min(start + together, size), READ_BYTES)
        ]
        pending = set().union(*(files.begin([part], pool) for part in parts))
        done, late = wait(pending, deadline.remaining_seconds, FIRST_EXCEPTION)
        for future in done:
            future.result()
        if late:
            return False
    return True
