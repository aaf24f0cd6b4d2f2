"""How does an index become the one that readers take?

read the pointer -> upload the files below a prefix of their own -> look that all are there -> move the
pointer -> sweep. Invariant: readers see the old version or the new one. Killed at any step, a publication
leaves the pointer on one of the two and at most an orphan that a later sweep collects; run again, it
finishes what it had begun.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from engine.errors import ArtifactDamagedError, InputError, StoreConflictError, StoreError
from engine.index.manifest import Manifest, read_manifest
from engine.index.pointer import VERSIONS_PREFIX, Pointer, PublishedVersion
from engine.index.pointer_moves import after_publishing, next_generation
from engine.index.pointer_store import (
    SeenPointer,
    move_pointer,
    read_pointer,
    require_unmoved,
)
from engine.index.retention import (
    GRACE,
    Sweep,
    Unheld,
    find_gone,
    newest_upload,
    nobody_holds,
    sweep,
)
from engine.index.stored_files import find_missing, upload_artifact
from engine.store.protocol import ObjectEntry, Store

DEFAULT_KEEP = 5
LEAST_KEEP = 2
"""The current version and one to go back to."""


@dataclass(frozen=True, slots=True)
class Retention:
    """How many versions the pointer names, and how long a dropped one stays for slow readers."""

    keep: int = DEFAULT_KEEP
    grace: timedelta = GRACE
    unheld: Unheld = nobody_holds

    def __post_init__(self) -> None:
        """Refuse to keep nothing to go back to."""
        if self.keep < LEAST_KEEP:
            raise InputError(f"keep is {self.keep}; expected {LEAST_KEEP} or more versions")


@dataclass(frozen=True, slots=True)
class Publication:
    """What a publication did; `moved` is false where this version was the current one already."""

    pointer: Pointer
    moved: bool
    uploaded: bool
    sweep: Sweep
    sweep_error: StoreError | None = None
    """Why sweeping stopped; the version is published all the same."""


def publish_artifact(
    store: Store,
    folder: Path,
    now: datetime,
    *,
    seen: SeenPointer | None = None,
    retention: Retention | None = None,
    again: bool = False,
    on_file: Callable[[], None] = lambda: None,
) -> Publication:
    """Make the index in `folder` the current version of `store`.

    `seen` is the pointer that the caller's decision rests on; if another one stands there by now, the
    publication loses. `again` uploads the files anew though the store has them, to mend damage.
    Raises `StoreConflictError` when another publisher was faster, `ArtifactError` when the folder holds
    no whole index, and what the store raises. Then the pointer is as it was.
    """
    retention = retention or Retention()
    manifest = read_manifest(folder)
    seen = seen or read_pointer(store)
    try:
        done = _move(store, _Wish(folder, manifest, now, retention.keep, again, on_file), seen)
    except StoreConflictError:
        found = read_pointer(store)
        if again or found is None or found.pointer.current.version != manifest.index_version:
            raise
        # Two publishers of the same content: what stands there is what this one wanted.
        return Publication(found.pointer, False, False, Sweep((), ()))
    try:
        swept = sweep(store, done.pointer, now, grace=retention.grace, unheld=retention.unheld)
    except StoreError as error:
        return replace(done, sweep_error=error)
    return replace(done, sweep=swept)


@dataclass(frozen=True, slots=True)
class _Wish:
    """What somebody wants published, and how."""

    folder: Path
    manifest: Manifest
    now: datetime
    keep: int
    again: bool
    on_file: Callable[[], None]


def _move(store: Store, wish: _Wish, seen: SeenPointer | None) -> Publication:
    manifest = wish.manifest
    before = seen.pointer if seen else None
    entries = list(store.list(VERSIONS_PREFIX))
    present = None if wish.again else _find_whole(before, manifest, entries)
    if before is not None and present is not None and present == before.current:
        require_unmoved(store, seen, present)
        return Publication(before, False, False, Sweep((), ()))
    upload = present.upload if present else next_generation(before, newest_upload(entries))
    new = PublishedVersion(manifest.index_version, upload, wish.now, manifest.counts["articles"])
    if present is None:
        try:
            upload_artifact(store, wish.folder, manifest, new.prefix, wish.on_file)
        except ArtifactDamagedError:
            # Somebody who moved the pointer meanwhile takes these files for an orphan's, and rightly.
            require_unmoved(store, seen, new)
            raise
    gone = find_gone(entries, before) if before else []
    moved = move_pointer(store, seen, after_publishing(before, new, wish.keep, wish.now, gone))
    return Publication(moved.pointer, True, present is None, Sweep((), ()))


def _find_whole(
    pointer: Pointer | None, manifest: Manifest, entries: list[ObjectEntry]
) -> PublishedVersion | None:
    for entry in pointer.named if pointer else ():
        if entry.version == manifest.index_version:
            return None if find_missing(entries, entry.prefix, manifest) else entry
    return None
