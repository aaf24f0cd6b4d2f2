"""How does one of several writers change a live object without undoing another's change?

Read, apply, swap; who lost reads again. Invariant: every change that was returned is in the object, and
the object never holds half of one.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from engine.errors import (
    ArtifactDamagedError,
    ObjectNotFoundError,
    StoreConflictError,
)
from engine.live.live_object import LiveObject, Value
from engine.store.protocol import Store


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a writer goes on losing before it gives up; clock and chance are passed in."""

    attempts: int = 40
    deadline_seconds: float = 8.0
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random


FIRST_PAUSE_SECONDS = 0.01
LONGEST_PAUSE_SECONDS = 0.5


def change(
    store: Store,
    live_object: LiveObject[Value],
    function: Callable[[Value], Value],
    *,
    replace_damaged: bool = False,
    patience: Patience | None = None,
) -> Value:
    """Replace the value of `live_object` in `store` by what `function` makes of it; return that.

    `function` may be called several times and must have no other effect; returning the value that it
    was given writes nothing. `replace_damaged` starts from the empty value where what lies there
    cannot be read: for objects that are worked out anew each time.
    Raises `StoreConflictError` when others were faster for too long, `StoreUnavailableError` when the
    store fails (the change may still have happened: make it again), `LiveObjectFullError` when the
    value has become too long, `ArtifactDamagedError` or `ArtifactFormatError` when what lies there
    cannot be read, and whatever `function` raises.
    """
    waiting = patience or Patience()
    give_up = waiting.clock() + waiting.deadline_seconds
    for attempt in range(waiting.attempts):
        if attempt:
            # Doubling and at random, or the same two writers would meet again and again.
            longest = min(FIRST_PAUSE_SECONDS * 2**attempt, LONGEST_PAUSE_SECONDS)
            waiting.sleep(longest * waiting.chance())
            if waiting.clock() >= give_up:
                break
        value, etag = _read(store, live_object, replace_damaged=replace_damaged)
        changed = function(value)
        if changed is value or changed == value:
            return value
        try:
            store.compare_and_swap(live_object.key, live_object.encode(changed), etag)
        except StoreConflictError:
            continue
        return changed
    raise StoreConflictError(
        f"{live_object.key}: others changed it each time it was tried, up to {waiting.attempts} times "
        f"or {waiting.deadline_seconds:g} s; try again"
    )


def read_live(store: Store, live_object: LiveObject[Value]) -> Value:
    """Return the value of `live_object`, its empty value while nobody has written it.

    Raises `StoreUnavailableError`, `ArtifactDamagedError` or `ArtifactFormatError`.
    """
    return _read(store, live_object, replace_damaged=False)[0]


def _read(
    store: Store, live_object: LiveObject[Value], *, replace_damaged: bool
) -> tuple[Value, str | None]:
    try:
        found = store.get(live_object.key)
    except ObjectNotFoundError:
        return live_object.empty, None
    try:
        return live_object.decode(found.data), found.etag
    except ArtifactDamagedError:
        if not replace_damaged:
            raise
        return live_object.empty, found.etag
