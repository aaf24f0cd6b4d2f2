"""Which counters does this process write to?

Opened when the first event comes, then kept. Invariant: a failure to open is never kept, and a process
that counts nothing loads neither SQLite nor boto3.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from engine.errors import CountersUnavailableError, InputError
from functions.settings import COUNTERS_VARIABLE, Settings

if TYPE_CHECKING:
    from engine.counters.protocol import Counters


class WarmCounters:
    """Holds the counters that the settings name."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = Lock()
        self._counters: Counters | None = None

    def current(self) -> Counters:
        """Return the counters, opening them at the first call.

        Raises `CountersUnavailableError`.
        """
        if self._counters is None:
            with self._lock:
                if self._counters is None:
                    self._counters = self._open()
        return self._counters

    def _open(self) -> Counters:
        if self._settings.counters_url is None:
            raise CountersUnavailableError(
                f"no counters were named; set {COUNTERS_VARIABLE} to a file or dynamodb://table"
            )
        from functions.counters_location import open_counters  # noqa: PLC0415 - see the invariant

        try:
            return open_counters(self._settings.counters_url, source_cap=self._settings.source_cap)
        except InputError as error:
            raise CountersUnavailableError(f"{COUNTERS_VARIABLE}: {error}") from error
