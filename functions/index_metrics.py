"""What do alarms and the dashboard know of the index that is served?

Its age, when a process moved on to another generation, and whether something older than it should be is
served. Invariant: each is one series of numbers, whatever is asked of whichever function; what is usual
writes no line.
"""

from __future__ import annotations

from datetime import datetime

from functions.powertools import Metrics, MetricUnit
from functions.warm_snapshot import Freshness


class IndexMetrics:
    """Writes the metrics `refreshed`, `degraded` and `index_age_s`."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._generation: int | None = None

    def record_freshness(self, freshness: Freshness) -> None:
        """Write a line if the index changed since the last call, or is not what it should be."""
        before, self._generation = self._generation, freshness.generation or self._generation
        refreshed = None not in (before, freshness.generation) and before != freshness.generation
        if refreshed:
            self._metrics.add_metric("refreshed", MetricUnit.Count, 1.0)
        if freshness.degraded:
            self._metrics.add_metric("degraded", MetricUnit.Count, 1.0)
        if refreshed or freshness.degraded:
            self._write()

    def record_age(self, published_at: datetime, now: datetime) -> None:
        """Write how many seconds ago the index was published."""
        age_seconds = max(0.0, (now - published_at).total_seconds())
        self._metrics.add_metric("index_age_s", MetricUnit.Seconds, age_seconds)
        self._write()

    def _write(self) -> None:
        self._metrics.flush_metrics()
        # Flushing clears only what it wrote, and POWERTOOLS_DEV keeps it from writing.
        self._metrics.clear_metrics()
