"""How is the pointer read and moved in a store?

Invariant: a pointer moves from the very one that its mover had read, or not at all; a mover whose answer
was lost learns by reading again whether it had won.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors import ObjectNotFoundError, StoreConflictError, StoreUnavailableError
from engine.index.pointer import (
    POINTER_KEY,
    Pointer,
    PublishedVersion,
    encode_pointer,
    parse_pointer,
)
from engine.store.protocol import Store

_MAX_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class SeenPointer:
    """A pointer, and the etag by which it can be replaced."""

    pointer: Pointer
    etag: str


def read_pointer(store: Store) -> SeenPointer | None:
    """Return the pointer, None where nothing was ever published.

    Raises `ArtifactError` for one that cannot be understood, and what the store raises.
    """
    try:
        found = store.get(POINTER_KEY)
    except ObjectNotFoundError:
        return None
    return SeenPointer(parse_pointer(found.data), found.etag)


def move_pointer(store: Store, seen: SeenPointer | None, pointer: Pointer) -> SeenPointer:
    """Replace the pointer that was seen (None: there was none) by `pointer`.

    Raises `StoreConflictError`, saying what stands there instead, when somebody else was faster.
    """
    data = encode_pointer(pointer)
    expected_etag = seen.etag if seen else None
    for attempt in range(1, _MAX_ATTEMPTS + 1):
        try:
            return SeenPointer(pointer, store.compare_and_swap(POINTER_KEY, data, expected_etag))
        except (StoreConflictError, StoreUnavailableError) as error:
            # Lost, or won with the answer lost on the way: what stands there now tells.
            found = read_pointer(store)
            if found is not None and encode_pointer(found.pointer) == data:
                return found
            if (found.etag if found else None) != expected_etag:
                raise _lost(found, pointer.generation, pointer.current.version) from error
            if attempt == _MAX_ATTEMPTS:
                raise
    raise AssertionError("unreachable: the last attempt returns or raises")


def require_unmoved(store: Store, seen: SeenPointer | None, wanted: PublishedVersion) -> None:
    """Raise `StoreConflictError` when another pointer than `seen` stands there by now."""
    found = read_pointer(store)
    if (found.etag if found else None) != (seen.etag if seen else None):
        raise _lost(found, wanted.upload, wanted.version)


def _lost(found: SeenPointer | None, generation: int, version: str) -> StoreConflictError:
    if found is None:
        return StoreConflictError(
            f"{POINTER_KEY} was deleted while generation {generation} was being made; "
            "find out who deletes it, then publish again"
        )
    other = found.pointer
    return StoreConflictError(
        f"somebody else moved {POINTER_KEY} first: found generation {other.generation} with version "
        f"{other.current.version} ({other.moved_at.isoformat()}); this was to be generation "
        f"{generation} with version {version}. Nothing was changed; if yours "
        "should still be the current one, run the command again"
    )
