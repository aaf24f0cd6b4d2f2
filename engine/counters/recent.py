"""What happened lately, as finely as it matters?

Invariant: every event lies in exactly one row: in an hour of the last three site days, or in a day
before them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from engine.counters.buckets import DAY_SECONDS, DAYS_KEPT, Bucket, bucket_start
from engine.counters.protocol import ArticleCount, Counters, SearchCount

_DAYS_IN_HOURS = 3


def recent_article_counts(
    counters: Counters, now: datetime, days: int = DAYS_KEPT
) -> Iterator[ArticleCount]:
    """Read what articles got in the last `days` site days, today included."""
    first, boundary, end = _spans(now, days)
    if first < boundary:
        yield from counters.article_counts(Bucket.DAY, first, boundary)
    yield from counters.article_counts(Bucket.HOUR, max(first, boundary), end)


def recent_search_counts(
    counters: Counters, now: datetime, days: int = DAYS_KEPT
) -> Iterator[SearchCount]:
    """Read what was searched for in the last `days` site days, today included."""
    first, boundary, end = _spans(now, days)
    if first < boundary:
        yield from counters.search_counts(Bucket.DAY, first, boundary)
    yield from counters.search_counts(Bucket.HOUR, max(first, boundary), end)


def _spans(now: datetime, days: int) -> tuple[datetime, datetime, datetime]:
    today = bucket_start(Bucket.DAY, now)
    first = today - (days - 1) * DAY_SECONDS
    boundary = today - (_DAYS_IN_HOURS - 1) * DAY_SECONDS
    # Just past now: an event of this very second belongs in.
    return _moment(first), _moment(boundary), now + timedelta(seconds=1)


def _moment(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)
