"""Which snapshot answers now, and is it the one that should?

A look at the store (pointer and live objects) may lead to another version, to another overlay of live
changes over the same version, or to nothing. Invariants:
- What is served changes by one assignment, from one complete record to another; what is looked at and
  opened meanwhile is visible to nobody.
- Generations followed by one process never go back. Time plays no part in it.
- Whatever goes wrong, what was served last stays, and says so (`Served.trouble`). Only a process that has
  never served anything raises, after trying the versions that the pointer names in their order.
- Beside an index in a plain folder, which no pointer names, the live objects alone are followed.
- A version that was opened by part and turns out not to be right, or not to come, is left for the next one
  that the pointer names, and is opened again only whole.
- What follows is made from the record that is served and replaces that very record, or is made again from
  the one that came in between. A look that is past its deadline changes nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace

from engine.errors import (
    ArtifactError,
    IndexUnavailableError,
    NotFoundError,
    ObjectNotFoundError,
    StoreError,
    StoreRefusedError,
    WenmaiError,
)
from engine.index.index_place import IndexPlace
from engine.index.object_watch import Sighting, look
from engine.index.pointer import Pointer, PublishedVersion, parse_pointer
from engine.index.served import (
    LiveView,
    Reason,
    Report,
    Served,
    Trouble,
    trouble_opening,
)
from engine.index.sighted_pointer import concern, live_trouble, pointer_in, understand
from engine.index.snapshot import Snapshot
from engine.index.version_opener import VersionOpener
from engine.store.deadline import Deadline, elapsing_seconds

_PAUSE_SECONDS = 5.0
"""After no other version could be had in the place of one that went wrong."""

_MOST_LOOKS = 3
"""Each repetition means that another look succeeded meanwhile."""


class IndexFollower:
    """Follows the pointer at `place`; `served` is what to answer from, None before `open_first`."""

    def __init__(
        self,
        place: IndexPlace,
        live: LiveView,
        *,
        open_seconds: float,
        clock: Callable[[], float] = elapsing_seconds,
        report: Report = lambda _trouble: None,
        prepare: Callable[[Snapshot], None] = lambda _snapshot: None,
    ) -> None:
        self._place = place
        self._live = live
        self._open_seconds = open_seconds
        self._clock = clock
        self._report = report
        self._opener = VersionOpener(place.open, open_seconds, clock, prepare)
        self._replacing = threading.Lock()
        self._left: dict[str, WenmaiError] = {}
        self._leave_again_at = 0.0
        self.served: Served | None = None

    @property
    def needs_patience(self) -> bool:
        """Say whether the next version gets opened only if a request waits for it."""
        return self._opener.was_abandoned

    def open_first(self) -> Served:
        """Look, open the best version that can be had, and return what is served from now on.

        Raises `IndexUnavailableError` where there is no index, `StoreError` when the store does not
        give it out in time, `ArtifactError` when nothing that lies there can be trusted.
        """
        deadline = Deadline(self._open_seconds, self._clock)
        try:
            sighting = look(self._place.fetch_store, self._live.keys, None)
        except (ObjectNotFoundError, StoreRefusedError) as error:
            return self._serve_first(self._open_beside_no_pointer(error, deadline))
        pointer = parse_pointer(pointer_in(sighting))
        base, entry, trouble = self._open_any(pointer, deadline, {})
        snapshot = self._live.compose(base, sighting.objects, None)
        served = Served(snapshot, base, self._clock(), entry, pointer, sighting, trouble)
        if trouble is None and snapshot.live_problems:
            served = replace(served, trouble=self._trouble_of(served, pointer, sighting))
        return self._serve_first(served)

    def check(self, *, patient: bool = False) -> None:
        """Look, and serve what should be served now; failures are noted in `served`.

        `patient` opens another version here and now instead of beside the requests.
        """
        for _ in range(_MOST_LOOKS):
            served = self.served
            if served is None:
                return
            deadline = Deadline(self._open_seconds, self._clock)
            if served.entry is None:
                following = self._follow_live_objects(served)
            else:
                following = self._follow(served, deadline, patient)
            if self._replace(served, following, deadline):
                return

    def _follow(self, served: Served, deadline: Deadline, patient: bool) -> Served:
        try:
            sighting = look(self._place.store, self._live.keys, served.sighting)
        except (StoreError, ObjectNotFoundError) as error:
            return replace(served, trouble=Trouble(Reason.STORE, str(error)))
        understood = understand(served, sighting)
        base, entry = self._base_for(understood[0], served, deadline, patient)
        return self._after(served, sighting, understood, base, entry)

    def leave(self, lost: Served) -> Served:
        """Serve another version than that of `lost`, whose files went wrong; return what is served then.

        Where no other can be had, `lost` stays, which has no answer for whoever needs what it lacks.
        """
        error = lost.loss
        if error is None or lost.entry is None or self._clock() < self._leave_again_at:
            return self.served or lost
        # As told, without the frames of whoever raised it, which hold the version's files.
        error = type(error)(str(error))
        self._left[lost.entry.prefix] = error
        self._opener.note(lost.entry, error)
        deadline = Deadline(self._open_seconds, self._clock)
        opened: dict[str, Snapshot] = {}
        for _ in range(_MOST_LOOKS):
            try:
                following = self._without_lost(lost, deadline, opened)
            except (ArtifactError, StoreError, NotFoundError):
                self._leave_again_at = self._clock() + _PAUSE_SECONDS
                following = replace(lost, trouble=trouble_opening(error))
            if self._replace(lost, following, deadline):
                break
            lost = self.served or lost
            if lost.loss is None:
                break
        return self.served or lost

    def _without_lost(
        self, lost: Served, deadline: Deadline, opened: dict[str, Snapshot]
    ) -> Served:
        sighting = look(self._place.store, self._live.keys, lost.sighting)
        understood = understand(lost, sighting)
        base, entry, _ = self._open_any(understood[0], deadline, opened)
        opened[entry.prefix] = base
        return self._after(lost, sighting, understood, base, entry)

    def _after(
        self,
        served: Served,
        sighting: Sighting,
        understood: tuple[Pointer, Trouble | None],
        base: Snapshot,
        entry: PublishedVersion | None,
    ) -> Served:
        pointer, pointer_trouble = understood
        following = replace(
            served, pointer=pointer, pointer_trouble=pointer_trouble, confirmed_at=self._clock()
        )
        following = self._composed(following, base, entry, sighting)
        trouble = self._trouble_of(following, pointer, sighting)
        return replace(following, sighting=sighting, trouble=trouble)

    def complete(self) -> None:
        """Fetch the rest of the version that is served, if it is still arriving; for a thread of its own."""
        served = self.served
        files = served.base.arriving if served else None
        if files is not None and not files.is_whole:
            self._place.complete(files, Deadline(self._open_seconds, self._clock))

    @property
    def has_live_objects(self) -> bool:
        """Say whether what is served can change: a bucket's index without a pointer cannot."""
        served = self.served
        return served is not None and (
            served.entry is not None or self._place.local_folder is not None
        )

    def _open_beside_no_pointer(self, missing: WenmaiError, deadline: Deadline) -> Served:
        base = self._open_unpublished(missing, deadline)
        sighting = None
        if self._place.local_folder is not None:
            sighting = look(self._place.store, self._live.keys, None, with_pointer=False)
        snapshot = self._live.compose(base, sighting.objects if sighting else {}, None)
        return Served(snapshot, base, self._clock(), sighting=sighting)

    def _follow_live_objects(self, served: Served) -> Served:
        """Look at the live objects beside an index in a plain folder; the index itself stays."""
        if self._place.local_folder is None:
            return served
        try:
            sighting = look(self._place.store, self._live.keys, served.sighting, with_pointer=False)
        except StoreError as error:
            return replace(served, trouble=Trouble(Reason.STORE, str(error)))
        following = self._composed(
            replace(served, confirmed_at=self._clock()), served.base, None, sighting
        )
        trouble = live_trouble(following, sighting)
        return replace(following, sighting=sighting, trouble=trouble)

    def _open_any(
        self, pointer: Pointer, deadline: Deadline, opened: Mapping[str, Snapshot]
    ) -> tuple[Snapshot, PublishedVersion, Trouble | None]:
        first: WenmaiError | None = None
        for entry in pointer.named:
            if left := self._left.get(entry.prefix):
                first = first or left
                continue
            try:
                base = opened.get(entry.prefix) or self._place.open_first(entry, deadline)
            except (ArtifactError, StoreError, NotFoundError) as error:
                first = first or error
                if entry is pointer.current:
                    self._opener.note(entry, error)
                continue
            return base, entry, trouble_opening(first) if first else None
        raise first or IndexUnavailableError("the pointer names no version")

    def _open_unpublished(self, missing: WenmaiError, deadline: Deadline) -> Snapshot:
        try:
            return self._place.open_unpublished(deadline)
        except (ObjectNotFoundError, StoreRefusedError) as error:
            if isinstance(error, StoreRefusedError):
                raise missing from error
            raise IndexUnavailableError(
                f"no index lies there; publish one first ({missing})"
            ) from error

    def _base_for(
        self, pointer: Pointer, served: Served, deadline: Deadline, patient: bool
    ) -> tuple[Snapshot, PublishedVersion | None]:
        wanted = pointer.current
        held = served.base, served.entry
        is_wanted = served.entry is not None and served.entry.prefix == wanted.prefix
        if is_wanted and not served.loss:
            self._opener.forget()
            return held
        opened = self._opener.find(wanted, deadline, patient=patient, on_done=self.check)
        return (opened, wanted) if opened else held

    def _composed(
        self,
        served: Served,
        base: Snapshot,
        entry: PublishedVersion | None,
        sighting: Sighting,
    ) -> Served:
        if base is served.base and sighting.objects == served.objects:
            return served
        try:
            snapshot = self._live.compose(base, sighting.objects, served.snapshot)
        except Exception as error:  # noqa: BLE001 - told by `trouble`; the last good one must stay
            trouble = Trouble(Reason.LIVE, f"{type(error).__name__}: {error}")
            return replace(served, live_trouble=trouble)
        return replace(served, snapshot=snapshot, base=base, entry=entry, live_trouble=None)

    def _trouble_of(self, served: Served, pointer: Pointer, sighting: Sighting) -> Trouble | None:
        if served.pointer_trouble:
            return served.pointer_trouble
        failure = self._opener.failure
        behind = served.entry is None or served.entry.prefix != pointer.current.prefix
        if behind and failure and failure.entry.prefix == pointer.current.prefix:
            return trouble_opening(failure.error)
        return live_trouble(served, sighting)

    def _serve_first(self, served: Served) -> Served:
        with self._replacing:
            if self.served is not None:
                return self.served
            self.served = served
        if served.trouble is not None:
            self._report(served.trouble)
        return served

    def _replace(self, before: Served, following: Served, deadline: Deadline) -> bool:
        """Serve `following`, which was made from `before`; return whether there is nothing to repeat."""
        with self._replacing:
            # Whatever was made from a record that is served no more would bring back parts of it.
            if self.served is not before:
                return False
            # Lambda may have frozen this look for an hour: what it saw is not true any more.
            if deadline.remaining_seconds <= 0.0:
                return True
            self.served = following
        if concern(before) != concern(following):
            self._report(following.trouble)
        return True
