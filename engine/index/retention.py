"""Which files in the store does nobody need any more?

Two kinds. *Orphans* of publications that crashed or lost: no pointer ever named them, so no reader can
hold them. *Retired* versions: a reader may have read the last pointer that named one a moment ago.

Invariants, by which a sweep may run, pause or die at any moment, beside any number of others:
- What a pointer names is never deleted. A folder that one pointer does not name, and whose upload is no
  newer than its generation, is named by no later pointer; so even a sweep that slept for a week after
  reading its pointer deletes nothing that somebody named meanwhile.
- An upload in progress aims at a generation that does not exist yet, which tells it from an orphan
  without a clock.
- A retired version outlives the pointer that dropped it by one generation *and* by the grace. A reader
  is done with what its pointer named when its fetch's own deadline is over, a small part of the grace.
  Clocks that disagree by less than the rest do no harm, and a reader that loses a file all the same
  keeps its last good snapshot and reads the pointer again.
- A reader that maps the files where they lie has no such deadline; it holds a lease (`version_lease`).
- The manifest goes first, so what is left of a sweep that died is no version, and goes the next time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.index.manifest import MANIFEST_NAME
from engine.index.pointer import VERSIONS_PREFIX, Pointer, RetiredVersion
from engine.store.protocol import ObjectEntry, Store

GRACE = timedelta(hours=1)
"""Sixty times the longest fetch that a reader allows itself."""

Unheld = Callable[[str], AbstractContextManager[bool]]
"""prefix -> a block that says whether nobody on this machine holds the version, and keeps it so."""

_FOLDER = re.compile(VERSIONS_PREFIX + r"([0-9a-f]{16})/([1-9][0-9]{0,17})/")


@dataclass(frozen=True, slots=True)
class Sweep:
    """The prefixes that were deleted, and those of retired versions that must wait."""

    deleted: tuple[str, ...]
    waiting: tuple[str, ...]


def nobody_holds(_prefix: str) -> AbstractContextManager[bool]:
    """Say that nobody maps the files in place: readers of a bucket work on copies."""
    return nullcontext(enter_result=True)


def sweep(
    store: Store,
    pointer: Pointer,
    now: datetime,
    *,
    grace: timedelta = GRACE,
    unheld: Unheld = nobody_holds,
) -> Sweep:
    """Delete what nobody needs; `pointer` is the current one or any that was."""
    named = {entry.prefix for entry in pointer.named}
    retired = {entry.prefix: entry for entry in pointer.retired}
    deleted: list[str] = []
    waiting: list[str] = []
    for prefix, keys in sorted(_folders(store.list(VERSIONS_PREFIX)).items()):
        if prefix in named or _upload(prefix) > pointer.generation:
            continue
        if prefix in retired and not _is_due(retired[prefix], pointer, now, grace):
            waiting.append(prefix)
            continue
        with unheld(prefix) as free:
            if free:
                _delete(store, keys)
            (deleted if free else waiting).append(prefix)
    return Sweep(tuple(deleted), tuple(waiting))


def find_gone(entries: Iterable[ObjectEntry], pointer: Pointer) -> list[RetiredVersion]:
    """Return the retired versions of which `entries`, a listing of all versions, has no file."""
    present = _folders(entries)
    return [entry for entry in pointer.retired if entry.prefix not in present]


def newest_upload(entries: Iterable[ObjectEntry]) -> int:
    """Return the highest generation that any of the listed files was uploaded for, 0 for none."""
    return max((_upload(prefix) for prefix in _folders(entries)), default=0)


def _is_due(entry: RetiredVersion, pointer: Pointer, now: datetime, grace: timedelta) -> bool:
    return pointer.generation > entry.generation and now - entry.retired_at >= grace


def _folders(entries: Iterable[ObjectEntry]) -> dict[str, list[str]]:
    folders: dict[str, list[str]] = {}
    for entry in entries:
        # What is named otherwise is not ours to delete.
        if found := _FOLDER.match(entry.key):
            folders.setdefault(found.group(), []).append(entry.key)
    return folders


def _upload(prefix: str) -> int:
    found = _FOLDER.fullmatch(prefix)
    return int(found.group(2)) if found else 0


def _delete(store: Store, keys: list[str]) -> None:
    for key in sorted(keys, key=lambda key: (not key.endswith("/" + MANIFEST_NAME), key)):
        store.delete(key)
