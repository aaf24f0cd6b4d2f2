"""What does every handler of this process share?

The composition root: settings, logger, metrics, the warm snapshot, and what events need. Invariant: apart
from how modules are imported (`late_modules`, `powertools`), this is the only module of the room that does
anything when it is imported; what is made here lives as long as the process.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from engine.index.served import LiveView, Trouble
from engine.index.snapshot import Snapshot
from engine.live.overlay import LIVE_KEYS, compose
from functions.event_tokens import EventTokens, Purpose
from functions.first_files import EARLY_FILES
from functions.index_metrics import IndexMetrics
from functions.powertools import Logger, Metrics
from functions.request_records import RequestRecords
from functions.settings import read_settings
from functions.warm_counters import WarmCounters
from functions.warm_snapshot import Freshness, WarmSnapshot

METRICS_NAMESPACE = "Wenmai"

settings = read_settings(os.environ)

logger = Logger(
    service=settings.service,
    level=settings.log_level,
    # ASCII only: Powertools' default would lose a line that holds a lone surrogate.
    json_serializer=partial(json.dumps, default=str, separators=(",", ":")),
)


def _report(trouble: Trouble | None) -> None:
    if trouble is None:
        logger.info("the index is up to date again")
    else:
        logger.error(
            "the last good index is served",
            extra={"reason": trouble.reason.value, "detail": trouble.detail},
        )


warm_snapshot = WarmSnapshot(
    settings,
    live=LiveView(LIVE_KEYS, compose),
    report=_report,
    prepare=Snapshot.open_parts,
)

if settings.handler in EARLY_FILES and (settings.index_url or "").startswith("s3://"):
    # Waiting for a store takes no processor, which the imports that follow need.
    warm_snapshot.open_early(EARLY_FILES[settings.handler])

warm_counters = WarmCounters(settings)

event_tokens = EventTokens(settings.token_keys)

_metrics = Metrics(namespace=METRICS_NAMESPACE, service=settings.service)

_index_metrics = IndexMetrics(_metrics)

_records = RequestRecords(logger, settings.service, METRICS_NAMESPACE)


def current_snapshot(files: Sequence[str] = ()) -> Snapshot:
    """Return the index that this process answers from; see `WarmSnapshot.current` for errors."""
    return warm_snapshot.current(files)


def look_again() -> None:
    """Look at the store now, in a process that serves an index; in any other this does nothing."""
    if warm_snapshot.is_open:
        warm_snapshot.refresh()


def freshness() -> Freshness:
    """Return how good the index is that `current_snapshot` last returned."""
    return warm_snapshot.freshness()


def issue_token(purpose: Purpose, subject: str) -> str | None:
    """Return a token that events about what is being answered can show; None without keys."""
    return event_tokens.issue(purpose, subject, datetime.now(UTC))


def log_request(facts: Mapping[str, Any]) -> None:
    """Write a line of the log: a request was answered, and the `facts` about it."""
    _records.log(facts)


def record_request(
    route: str, latency_ms: float, *, tier: str | None, total: int | None, not_modified: bool
) -> None:
    """Write a line of metrics: how long `route` took, and whether a search found nothing.

    `not_modified`: whether the caller had the answer already. `route` and `tier` become dimensions, so
    they must come from closed lists.
    """
    if settings.metrics_enabled:
        _records.measure(route, latency_ms, tier=tier, total=total, not_modified=not_modified)
        _index_metrics.record_freshness(freshness())


def record_index_age(published_at: datetime, now: datetime) -> None:
    """Write a line of metrics: how old the index is."""
    if settings.metrics_enabled:
        _index_metrics.record_age(published_at, now)
