"""Into which stretch of time does an event fall?

Invariant: a bucket is named by the epoch second at which it starts; hours lie whole within one day,
and a day is the site's calendar day, midnight to midnight in China Standard Time.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum

from engine.documents import SITE_TIMEZONE

HOURS_KEPT_DAYS = 8
"""How long single hours can at least be read."""

DAYS_KEPT = 120
"""How long days can be read: four half-lives of the longest hot window, a month."""

DAY_SECONDS = 86_400

_ZONE_SECONDS = int(SITE_TIMEZONE.utcoffset(None).total_seconds())


class Bucket(StrEnum):
    """The two lengths of time that are counted."""

    HOUR = "hour"
    DAY = "day"

    @property
    def seconds(self) -> int:
        """The bucket's length."""
        return 3_600 if self is Bucket.HOUR else DAY_SECONDS

    @property
    def kept_days(self) -> int:
        """For how many days such buckets can at least be read."""
        return HOURS_KEPT_DAYS if self is Bucket.HOUR else DAYS_KEPT


def bucket_start(bucket: Bucket, moment: datetime) -> int:
    """Return the epoch second at which the bucket around the aware `moment` starts."""
    return start_of_bucket(bucket, int(moment.timestamp()))


def start_of_bucket(bucket: Bucket, second: int) -> int:
    """Return the epoch second at which the bucket around an epoch second starts."""
    return second - (second + _ZONE_SECONDS) % bucket.seconds


def covered_span(bucket: Bucket, since: datetime, until: datetime) -> tuple[int, int]:
    """Return the half-open span of epoch seconds that the wanted buckets cover.

    The first bucket holds `since`, all start before `until`, none is older than what is kept at
    `until`. The span is empty where no bucket is wanted.
    """
    kept_since = until - timedelta(days=bucket.kept_days)
    first = bucket_start(bucket, max(since, kept_since))
    last = start_of_bucket(bucket, math.ceil(until.timestamp()) - 1)
    return first, max(first, last + bucket.seconds)


def site_day(second: int) -> str:
    """Return the site's calendar day around an epoch second, such as 2026-05-04."""
    return datetime.fromtimestamp(second, SITE_TIMEZONE).date().isoformat()


def days_between(first_second: int, end_second: int) -> Iterator[str]:
    """Return the site's calendar days that the half-open span touches, in order."""
    for second in range(start_of_bucket(Bucket.DAY, first_second), end_second, DAY_SECONDS):
        yield site_day(second)
