"""Which index does this process answer from, and when does it look for a newer one?

Opened when the first request asks, or early, beside the imports (`open_early`); from then on a request that
finds the last look two seconds old starts the next one beside itself and answers from what is there. Lambda
freezes whatever runs beside requests, so the first request after a long sleep would be told what was true
before it: then it waits for the look, but never long. Invariant: a request that is answered from a warm
process waits for the store a bounded time, whatever the store does; and all threads get the same snapshot.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock, Thread

from engine.errors import IndexUnavailableError, InputError, WenmaiError
from engine.index.follower import IndexFollower
from engine.index.index_place import IndexPlace, find_place
from engine.index.manifest import MANIFEST_NAME
from engine.index.pointer import POINTER_KEY
from engine.index.served import LiveView, Report, Served
from engine.index.snapshot import Snapshot
from engine.store.deadline import elapsing_seconds
from functions.settings import INDEX_VARIABLE, Settings

NO_LIVE = LiveView()


@dataclass(frozen=True, slots=True)
class RefreshTiming:
    """How often the store is looked at, and who waits how long for it, in seconds."""

    look_after: float = 2.0
    """A look this old is followed by another, beside the request."""

    wait_after: float = 4.0
    """One this old was held up, by a frozen process or a slow store: the request waits for the next."""

    wait_at_most: float = 1.0
    look_at_most: float = 1.5
    """One call for the pointer or a live object; less than what makes a look old."""

    patient_at_most: float = 5.0
    """Once a version could not be opened beside requests, one of them waits this long for it."""

    call_at_most: float = 5.0
    open_at_most: float = 15.0
    """A whole version: less than the time that the function may take to answer."""

    parts_at_most: float = 8.0
    """All parts together that one request needs of a version which is still arriving."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """How good what is served is: `reason` is None when nothing is wrong with it."""

    reason: str | None
    generation: int | None
    confirmed_seconds: int | None
    """Since the store last confirmed it; None for an index without a pointer."""

    @property
    def degraded(self) -> bool:
        """Say whether something newer should be served, or nobody knows."""
        return self.reason is not None


class WarmSnapshot:
    """Holds the snapshot of the index that the settings name."""

    def __init__(
        self,
        settings: Settings,
        *,
        live: LiveView = NO_LIVE,
        timing: RefreshTiming | None = None,
        clock: Callable[[], float] = elapsing_seconds,
        report: Report = lambda _trouble: None,
        prepare: Callable[[Snapshot], None] = lambda _snapshot: None,
    ) -> None:
        self._settings = settings
        self._live = live
        self._timing = timing or RefreshTiming()
        self._clock = clock
        self._report = report
        self._prepare = prepare
        self._opening = Lock()
        self._beginning = Lock()
        self._follower: IndexFollower | None = None
        self._looking: tuple[Thread, float] | None = None
        self._completing: tuple[Thread, float] | None = None
        self._looked_at = 0.0

    def current(self, files: Sequence[str] = ()) -> Snapshot:
        """Return the snapshot to answer a request from, opening one at the first call.

        `files` will be read whole: where the index is still arriving, they are fetched at the same time.

        Raises `IndexUnavailableError` where there is no index, `StoreUnavailableError` when the
        store does not give it out, `ArtifactError` when what lies there cannot be trusted. Nothing
        of that is kept: the next request tries again.
        """
        follower, served = self._served()
        if follower.has_live_objects:
            self._keep_fresh(follower)
            served = follower.served or served
        if served.base.arriving is not None:
            served = self._keep_arriving(follower, served, files)
        return served.snapshot

    def open_early(self, files: Sequence[str]) -> None:
        """Begin to open the index beside what the process does until its first request comes.

        A failure is left to that request, which tries again and says so.
        """

        def open_index() -> None:
            with suppress(WenmaiError):
                _, served = self._served()
                _expect(served, files)

        Thread(target=open_index, name="open-early", daemon=True).start()

    @property
    def is_open(self) -> bool:
        """Say whether an index was opened yet."""
        return self._follower is not None

    def freshness(self) -> Freshness:
        """Return how good the snapshot is that `current` last gave out."""
        served = self._follower.served if self._follower else None
        if served is None:
            return Freshness(None, None, None)
        reason = served.trouble.reason.value if served.trouble else None
        if served.entry is None:
            return Freshness(reason, None, None)
        confirmed_seconds = max(0, int(self._clock() - served.confirmed_at))
        return Freshness(reason, served.generation, confirmed_seconds)

    def refresh(self) -> None:
        """Look at the store now, and return when what it holds is being served or cannot be had."""
        follower, _ = self._served()
        follower.check(patient=True)
        self._looked_at = self._clock()

    def _served(self) -> tuple[IndexFollower, Served]:
        follower = self._follower
        if follower is not None and follower.served is not None:
            return follower, follower.served
        with self._opening:
            follower = self._follower
            if follower is not None and follower.served is not None:
                return follower, follower.served
            follower = IndexFollower(
                self._find_place(),
                self._live,
                open_seconds=self._timing.open_at_most,
                clock=self._clock,
                report=self._report,
                prepare=self._prepare,
            )
            served = follower.open_first()
            self._looked_at = self._clock()
            self._follower = follower
            return follower, served

    def _keep_arriving(
        self, follower: IndexFollower, served: Served, expected: Sequence[str]
    ) -> Served:
        """Let what was opened by part become whole beside this request, or leave it when it cannot."""
        if served.loss is not None:
            with self._opening:
                now = follower.served or served
                served = follower.leave(now) if now.loss is not None else now
        files = served.base.arriving
        if files is None or files.is_whole:
            return served
        files.begin_request()
        _expect(served, expected)
        # The first answer has the network to itself.
        if files.requests > 1 and files.failure is None:
            self._begin_completing(follower)
        return served

    def _begin_completing(self, follower: IndexFollower) -> None:
        with self._beginning:
            if self._completing is not None:
                thread, gives_up_at = self._completing
                if thread.is_alive() and self._clock() < gives_up_at:
                    return
            thread = Thread(target=follower.complete, name="complete", daemon=True)
            self._completing = thread, self._clock() + self._timing.open_at_most
            thread.start()

    def _keep_fresh(self, follower: IndexFollower) -> None:
        timing = self._timing
        age = self._clock() - self._looked_at
        if age < timing.look_after:
            return
        patient = follower.needs_patience
        look = self._begin_look(follower, patient=patient)
        if patient:
            look.join(timing.patient_at_most)
        elif age >= timing.wait_after:
            look.join(timing.wait_at_most)

    def _begin_look(self, follower: IndexFollower, *, patient: bool) -> Thread:
        with self._beginning:
            if self._looking is not None:
                thread, gives_up_at = self._looking
                # One that a frozen process left behind may hang on a dead connection.
                if thread.is_alive() and self._clock() < gives_up_at:
                    return thread

            def look() -> None:
                follower.check(patient=patient)
                self._looked_at = self._clock()

            thread = Thread(target=look, name="look", daemon=True)
            self._looking = thread, self._clock() + 2 * self._timing.look_at_most
            thread.start()
            return thread

    def _find_place(self) -> IndexPlace:
        url = self._settings.index_url
        if url is None:
            raise IndexUnavailableError(
                f"no index was named; set {INDEX_VARIABLE} to a folder, file:///.. or s3://.."
            )
        try:
            place = find_place(
                url,
                self._settings.cache_folder,
                look_seconds=self._timing.look_at_most,
                call_seconds=self._timing.call_at_most,
                memory_bytes=self._settings.memory_bytes,
                wait_seconds=self._timing.parts_at_most,
            )
        except InputError as error:
            raise IndexUnavailableError(f"{INDEX_VARIABLE}: {error}") from error
        folder = place.local_folder
        if folder is not None and not any(
            (folder / name).is_file() for name in (POINTER_KEY, MANIFEST_NAME)
        ):
            raise IndexUnavailableError(
                f"{folder}: no {POINTER_KEY} and no {MANIFEST_NAME} there, so no index; "
                "build one with: wenmai build SOURCE --out DIR"
            )
        return place


def _expect(served: Served, names: Sequence[str]) -> None:
    files = served.base.arriving
    if files is not None:
        # Whoever reads them is told what is wrong with them.
        with suppress(WenmaiError):
            files.begin(files.whole(name) for name in names if name in files.manifest.files)
