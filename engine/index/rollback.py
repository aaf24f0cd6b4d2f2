"""How does an earlier version become the current one again?

Nothing is copied: a new generation of the pointer names files that are still there. Invariant: the
pointer moves only to a version whose files were all found with the right sizes.
"""

from __future__ import annotations

from datetime import datetime

from engine.errors import ArtifactDamagedError, InputError, ObjectNotFoundError
from engine.index.manifest import MANIFEST_NAME, decode_manifest
from engine.index.pointer import Pointer, PublishedVersion
from engine.index.pointer_moves import after_rolling_back
from engine.index.pointer_store import move_pointer, read_pointer
from engine.index.stored_files import find_missing
from engine.store.protocol import Store


def roll_back(store: Store, now: datetime, version: str | None = None) -> Pointer:
    """Point to `version`, or to the one before the current; return the new pointer.

    Raises `InputError` when no such version is kept, `ArtifactError` when its files are not all there,
    `StoreConflictError` when somebody else moved the pointer first.
    """
    seen = read_pointer(store)
    if seen is None:
        raise InputError("nothing was published here yet, so there is nothing to go back to")
    pointer = after_rolling_back(seen.pointer, version, now)
    require_files(store, pointer.current)
    return move_pointer(store, seen, pointer).pointer


def require_files(store: Store, entry: PublishedVersion) -> None:
    """Raise `ArtifactDamagedError` unless the store has all files of `entry`, by their sizes."""
    try:
        manifest = decode_manifest(store.get(entry.prefix + MANIFEST_NAME).data)
    except ObjectNotFoundError as error:
        raise _incomplete(entry, [f"{MANIFEST_NAME}: missing"]) from error
    if manifest.index_version != entry.version:
        raise _incomplete(entry, [f"{MANIFEST_NAME}: belongs to {manifest.index_version}"])
    if missing := find_missing(store.list(entry.prefix), entry.prefix, manifest):
        raise _incomplete(entry, missing)


def _incomplete(entry: PublishedVersion, lines: list[str]) -> ArtifactDamagedError:
    return ArtifactDamagedError(
        f"version {entry.version} cannot be served: {'; '.join(lines[:5])}. Choose another with "
        "--version (`wenmai versions` lists them), or publish its index folder again"
    )
