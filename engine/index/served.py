"""What do requests get, where does it come from, and what is wrong with it?

Invariant: a record is complete and never changes; a reader moves from one to the next by one assignment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from engine.errors import StoreUnavailableError, WenmaiError
from engine.index.object_watch import Sighting
from engine.index.pointer import Pointer, PublishedVersion
from engine.index.snapshot import Snapshot
from engine.store.protocol import StoredObject

Compose = Callable[[Snapshot, Mapping[str, StoredObject], Snapshot | None], Snapshot]
"""(version, live objects by key, what was composed last) -> what requests get."""


class Reason(StrEnum):
    """Why what is served is not all that it should be."""

    STORE = "store-unavailable"
    POINTER = "pointer-unusable"
    VERSION = "version-unusable"
    LIVE = "live-unusable"


@dataclass(frozen=True, slots=True)
class Trouble:
    """A reason with what people need to mend it."""

    reason: Reason
    detail: str


Report = Callable[[Trouble | None], None]
"""Told when the reason changes or concerns another generation; None is recovery."""


@dataclass(frozen=True, slots=True)
class LiveView:
    """Which small objects are read along with the pointer, and what is made of them."""

    keys: tuple[str, ...] = ()
    compose: Compose = lambda base, _objects, _last: base


@dataclass(frozen=True, slots=True)
class Served:
    """What requests get, and all that it was made from."""

    snapshot: Snapshot
    base: Snapshot
    confirmed_at: float
    """When the store was last read, by the follower's clock."""

    entry: PublishedVersion | None = None
    """None where an index lies at the place without a pointer: it stays, whatever lies there later."""

    pointer: Pointer | None = None
    """The newest that this process has understood; it may name a version that cannot be had."""

    sighting: Sighting | None = None
    trouble: Trouble | None = None
    pointer_trouble: Trouble | None = None
    live_trouble: Trouble | None = None

    @property
    def loss(self) -> WenmaiError | None:
        """What is wrong with the files of this version, which are still arriving; None when nothing is."""
        files = self.base.arriving
        return files.failure if files is not None else None

    @property
    def generation(self) -> int | None:
        """The generation of the pointer that is followed."""
        return self.pointer.generation if self.pointer else None

    @property
    def objects(self) -> Mapping[str, StoredObject]:
        """The live objects that were read last, by key."""
        return self.sighting.objects if self.sighting else {}


def trouble_opening(error: WenmaiError) -> Trouble:
    """Return what keeps a version from being served."""
    store = isinstance(error, StoreUnavailableError)
    return Trouble(Reason.STORE if store else Reason.VERSION, str(error))
