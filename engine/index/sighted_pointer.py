"""What does a reader make of the pointer and the live objects that it has just seen?

Invariant: generations followed by one process never go back, and a pointer that cannot be understood changes
nothing but what people are told.
"""

from __future__ import annotations

from engine.errors import ArtifactError
from engine.index.object_watch import Sighting
from engine.index.pointer import Pointer, parse_pointer
from engine.index.served import Reason, Served, Trouble


def live_trouble(served: Served, sighting: Sighting) -> Trouble | None:
    """Return what is wrong with the live objects that are served, None when nothing is."""
    if served.live_trouble:
        return served.live_trouble
    if problems := served.snapshot.live_problems:
        return Trouble(Reason.LIVE, "; ".join(problems))
    if sighting.objects_error:
        return Trouble(Reason.STORE, str(sighting.objects_error))
    return None


def pointer_in(sighting: Sighting) -> bytes:
    """Return the pointer of a sighting that looked at it."""
    assert sighting.pointer is not None  # noqa: S101 - it was looked at with its pointer
    return sighting.pointer.data


def understand(served: Served, sighting: Sighting) -> tuple[Pointer, Trouble | None]:
    """Return the pointer to follow after `served`, and why it is not the one just seen, if it is not."""
    followed = served.pointer
    assert followed is not None  # noqa: S101 - whatever has an entry has a pointer
    last = served.sighting.pointer if served.sighting else None
    if last is not None and sighting.pointer is not None and last.etag == sighting.pointer.etag:
        return followed, served.pointer_trouble
    try:
        pointer = parse_pointer(pointer_in(sighting))
    except ArtifactError as error:
        return followed, Trouble(Reason.POINTER, str(error))
    if pointer.generation < followed.generation:
        detail = (
            f"the pointer went back from generation {followed.generation} to {pointer.generation}; "
            "publish again, which makes a newer one"
        )
        return followed, Trouble(Reason.POINTER, detail)
    return pointer, None


def concern(served: Served) -> tuple[Reason | None, int | None]:
    """Return what a report is about: the same is not told twice."""
    return (served.trouble.reason if served.trouble else None), served.generation
