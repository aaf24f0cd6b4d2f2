"""Who opens the next version while the old one answers?

A thread, one at a time. Invariant: a version that could not be opened is not tried again at every look:
damage does not heal in seconds, and each try may fetch the whole of it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from engine.errors import (
    ArtifactError,
    NotFoundError,
    StoreError,
    StoreUnavailableError,
    WenmaiError,
)
from engine.index.pointer import PublishedVersion
from engine.index.snapshot import Snapshot
from engine.store.deadline import Deadline

Open = Callable[[PublishedVersion, Deadline], Snapshot]

_FIRST_PAUSE_SECONDS = 5.0
_LONGEST_PAUSE_SECONDS = 600.0


@dataclass(slots=True)
class _Attempt:
    entry: PublishedVersion
    deadline: Deadline
    done: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True, slots=True)
class Failure:
    """A version that could not be opened, and when it is worth another try."""

    entry: PublishedVersion
    error: WenmaiError
    pause_seconds: float
    retry_at: float


class VersionOpener:
    """Opens versions with `open_version`, in this thread or in one beside it.

    Beside it there is time to `prepare` what requests would otherwise wait for.
    """

    def __init__(
        self,
        open_version: Open,
        deadline_seconds: float,
        clock: Callable[[], float],
        prepare: Callable[[Snapshot], None],
    ) -> None:
        self._open = open_version
        self._prepare = prepare
        self._deadline_seconds = deadline_seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._attempt: _Attempt | None = None
        self._opened: tuple[PublishedVersion, Snapshot] | None = None
        self.failure: Failure | None = None

    @property
    def was_abandoned(self) -> bool:
        """Say whether an attempt beside the requests ran out of time.

        Lambda lets a function run only while it answers, so there may never be time beside requests.
        """
        attempt = self._attempt
        return attempt is not None and attempt.deadline.remaining_seconds <= 0.0

    def find(
        self,
        entry: PublishedVersion,
        deadline: Deadline,
        *,
        patient: bool,
        on_done: Callable[[], None],
    ) -> Snapshot | None:
        """Return the snapshot of `entry` if it can be had now; what goes wrong is noted in `failure`.

        Where it was not opened meanwhile, it is opened here for the `patient`, or else begun beside.
        """
        if opened := self.take(entry):
            return opened
        if not self.is_worth_trying(entry):
            return None
        if not patient:
            self.open_beside(entry, on_done)
            return None
        try:
            return self.open_now(entry, deadline)
        except (ArtifactError, StoreError, NotFoundError):
            return None

    def take(self, entry: PublishedVersion) -> Snapshot | None:
        """Return the snapshot of `entry` if it was opened meanwhile."""
        with self._lock:
            if self._opened is None or self._opened[0].prefix != entry.prefix:
                return None
            return self._opened[1]

    def forget(self) -> None:
        """Let go of what was opened: it is being served, or nobody wants it any more."""
        with self._lock:
            self._opened = None

    def is_worth_trying(self, entry: PublishedVersion) -> bool:
        """Say whether `entry` did not fail a short while ago."""
        failure = self.failure
        return (
            failure is None
            or failure.entry.prefix != entry.prefix
            or self._clock() >= failure.retry_at
        )

    def open_now(self, entry: PublishedVersion, deadline: Deadline) -> Snapshot:
        """Open `entry` here; what goes wrong is noted and raised."""
        self._attempt = None
        try:
            snapshot = self._open(entry, deadline)
        except (WenmaiError, OSError) as error:
            raise self.note(entry, _as_ours(error, entry)) from error
        with self._lock:
            self._opened = (entry, snapshot)
            self.failure = None
        return snapshot

    def open_beside(self, entry: PublishedVersion, on_done: Callable[[], None]) -> None:
        """Begin to open `entry` in another thread, unless one is at it in good time."""
        with self._lock:
            attempt = self._attempt
            if attempt and not attempt.done.is_set() and attempt.deadline.remaining_seconds > 0.0:
                return
            attempt = self._attempt = _Attempt(entry, Deadline(self._deadline_seconds, self._clock))

        def run() -> None:
            snapshot, failure = None, None
            try:
                snapshot = self._open(entry, attempt.deadline)
                self._prepare(snapshot)
            except (WenmaiError, OSError) as error:
                failure = _as_ours(error, entry)
            finally:
                attempt.done.set()
            with self._lock:
                # Resumed after the deadline, it may be about a version of long ago.
                if self._attempt is not attempt or attempt.deadline.remaining_seconds <= 0.0:
                    return
                self._attempt = None
                if failure is not None:
                    self.note(entry, failure)
                elif snapshot is not None:
                    self._opened = (entry, snapshot)
                    self.failure = None
            on_done()

        threading.Thread(target=run, name="open-version", daemon=True).start()

    def note(self, entry: PublishedVersion, error: WenmaiError) -> WenmaiError:
        """Remember that `entry` could not be opened; return `error`."""
        last = self.failure
        again = last is not None and last.entry.prefix == entry.prefix
        pause = min(last.pause_seconds * 2, _LONGEST_PAUSE_SECONDS) if last and again else None
        # The store may be back in a moment, and a failed call has read little.
        if pause is None or isinstance(error, StoreUnavailableError):
            pause = _FIRST_PAUSE_SECONDS
        self.failure = Failure(entry, error, pause, self._clock() + pause)
        return error


def _as_ours(error: WenmaiError | OSError, entry: PublishedVersion) -> WenmaiError:
    if isinstance(error, WenmaiError):
        return error
    return StoreError(f"version {entry.version} could not be opened: {error}; try again")
