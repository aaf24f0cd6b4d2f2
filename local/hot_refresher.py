"""Who refreshes the hot list on one machine?

On AWS a schedule does. Invariant: the refresher never ends a server or delays a request; what fails is
logged and tried again at the next turn.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

REFRESH_SECONDS = 15.0
"""Sooner than on AWS: whoever tries something out on one machine wants to see it."""

_logger = logging.getLogger("wenmai.hot_refresher")


@contextmanager
def refreshing(
    refresh: Callable[[], object], every_seconds: float = REFRESH_SECONDS
) -> Iterator[None]:
    """Call `refresh` at once and then `every_seconds` until the block ends."""
    stop = Event()

    def run() -> None:
        while True:
            try:
                refresh()
            except Exception:
                _logger.exception("the hot lists were not refreshed")
            if stop.wait(every_seconds):
                return

    thread = Thread(target=run, name="hot-refresh", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(every_seconds)
