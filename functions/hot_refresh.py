"""What is hot now?

Invoked every few minutes: reads the counters and writes the live hot list and hot searches, which query
functions pick up within seconds; no rebuild. Invariant: of two runs at once, and of one that fails half-way,
nothing remains but whole objects, the later counted of each kind.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from engine.errors import InputError
from engine.index.blocked_words import published_blocked_words
from engine.index.pointer_store import read_pointer
from engine.recommend.hot_refresh import HotRefresh, refresh_hot
from engine.store.locations import open_store
from functions import runtime
from functions.settings import INDEX_VARIABLE

_CALL_SECONDS = 10.0


def refresh(now: datetime) -> HotRefresh:
    """Refresh the live objects beside the index that the settings name.

    Raises `InputError` where none is named, `IndexUnavailableError` where none lies there, and
    `StoreError` (`CountersUnavailableError` among it) when store or counters fail.
    """
    url = runtime.settings.index_url
    if url is None:
        raise InputError(f"no index was named; set {INDEX_VARIABLE} to file:///.. or s3://..")
    store = open_store(url, deadline_seconds=_CALL_SECONDS)
    # Measured where a schedule runs: an index nobody asks is of an age, too.
    if seen := read_pointer(store):
        runtime.record_index_age(seen.pointer.current.published_at, now)
    blocked = published_blocked_words(store)
    return refresh_hot(store, runtime.warm_counters.current(), blocked.blocks, now)


def handler(_event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Refresh once; what fails is logged and raised, so that the schedule's alarm sees it."""
    try:
        report = asdict(refresh(datetime.now(UTC)))
    except Exception:
        runtime.logger.exception("the hot lists were not refreshed")
        raise
    runtime.logger.info("the hot lists were refreshed", extra=report)
    return report
