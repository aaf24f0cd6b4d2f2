"""How does a call end on time when the library underneath keeps several clocks?

Invariant: the caller waits no longer than the deadline. Time-outs of HTTP clients count per request
and per attempt; pages of a listing, retries and credential look-ups add up beyond any of them.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from engine.errors import StoreUnavailableError

Answer = TypeVar("Answer")


_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def elapsing_seconds() -> float:
    """Return seconds since some fixed moment, the time that the machine slept included.

    Lambda freezes a process between requests, and the monotonic clock may stand still meanwhile.
    """
    return time.clock_gettime(_CLOCK)


class Deadline:
    """A moment by which something must have ended, for work that is made of many calls."""

    def __init__(self, seconds: float, clock: Callable[[], float] = elapsing_seconds) -> None:
        self.seconds = seconds
        self._clock = clock
        self._ends_at = clock() + seconds

    @property
    def remaining_seconds(self) -> float:
        """Return how much time is left, never less than 0."""
        return max(0.0, self._ends_at - self._clock())

    def require(self, what: str) -> None:
        """Raise `StoreUnavailableError` when the deadline has passed."""
        if self.remaining_seconds <= 0.0:
            raise StoreUnavailableError(
                f"{what} was given {self.seconds:g} s, and they are over; it is tried again later"
            )


class _Call(threading.Thread, Generic[Answer]):
    def __init__(self, action: Callable[[], Answer]) -> None:
        # A daemon, so that an abandoned call cannot keep a finished program alive.
        super().__init__(name="store-call", daemon=True)
        self._action = action
        self._answer: list[Answer] = []
        self._error: BaseException | None = None

    def run(self) -> None:
        try:
            self._answer.append(self._action())
        except BaseException as error:  # noqa: BLE001 - raised again where the caller waits
            self._error = error

    def take(self) -> Answer:
        if self._error is not None:
            raise self._error
        return self._answer[0]


def call_within(deadline_seconds: float, action: Callable[[], Answer]) -> Answer:
    """Return what `action` returns, or raise `TimeoutError` once the deadline has passed.

    The action runs in a thread of its own (about 0.2 ms); past the deadline it is abandoned, not
    stopped, so it must end by itself some time.
    """
    call = _Call(action)
    call.start()
    call.join(deadline_seconds)
    if call.is_alive():
        raise TimeoutError(f"no answer within {deadline_seconds:g} s")
    return call.take()
