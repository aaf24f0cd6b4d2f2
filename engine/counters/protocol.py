"""What is counted, and what can be read of it, wherever the counts are kept?

Invariant: an event is counted once for each visitor, subject and window, and every count that an
event adds to moves in one step: after any crash all of them have moved, or none has. What was
acknowledged stays counted.

The window starts with the event that was counted and lasts `DEFAULT_WINDOW_SECONDS` unless the
counters were opened with another. Visitor keys change at the site's midnight, so with the default a
visitor counts once a day, and a day's count is that day's distinct visitors. Days cannot be joined
into distinct visitors of a week: that would take a key that outlives the day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from engine.counters.buckets import Bucket

DEFAULT_WINDOW_SECONDS = 86_400

DEFAULT_SOURCE_CAP = 32
"""How much one source may add to one subject in a day, however many visitors it claims to be.

Enough for an office behind one address, and five doublings of a hot score at most.
"""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who an event is from, as two keys that change daily and lead back to nobody."""

    key: str
    source: str


@dataclass(frozen=True, slots=True)
class View:
    """An article was looked at."""

    article_id: str


@dataclass(frozen=True, slots=True)
class Click:
    """An article was chosen from a list.

    `query` is the normalised search that the list answered, "" for any other list; `position`
    counts from 1, None where the page did not say.
    """

    article_id: str
    query: str = ""
    position: int | None = None


@dataclass(frozen=True, slots=True)
class Search:
    """Something was searched for: the normalised query, and how many articles were found."""

    query: str
    total: int


Event = View | Click | Search


@dataclass(frozen=True, slots=True)
class ArticleCount:
    """What one article got in one bucket."""

    article_id: str
    start_seconds: int
    length_seconds: int
    views: int
    clicks: int


@dataclass(frozen=True, slots=True)
class ArticleTotal:
    """What one article got since counting began."""

    article_id: str
    views: int
    clicks: int


@dataclass(frozen=True, slots=True)
class SearchCount:
    """How often one query was searched in one bucket, and how often it found nothing.

    `last_total` is how many articles the latest of these searches found.
    """

    query: str
    start_seconds: int
    length_seconds: int
    searches: int
    zero_hits: int
    last_total: int


@dataclass(frozen=True, slots=True)
class ClickCount:
    """How often the hit at one position for one query was chosen in one day."""

    query: str
    position: int
    start_seconds: int
    length_seconds: int
    clicks: int


class Counters(Protocol):
    """Counts of events.

    Moments are aware. Every method may raise `CountersUnavailableError`; `count` may then have
    counted all the same, and repeating it does no harm. Of the methods that read a span, each
    returns one row per subject and bucket, for the bucket that holds `since` and all later ones
    that start before `until`; older ones than `Bucket.kept_days` before `until` are left out.
    """

    def count(self, event: Event, visitor: Visitor, now: datetime) -> bool:
        """Count `event`; False where this visitor was counted already or the source has its fill."""
        ...

    def article_counts(
        self, bucket: Bucket, since: datetime, until: datetime
    ) -> Iterator[ArticleCount]:
        """Read what articles got, in order of bucket and id."""
        ...

    def article_totals(self) -> Iterator[ArticleTotal]:
        """Read what each article got since counting began, in order of ids."""
        ...

    def search_counts(
        self, bucket: Bucket, since: datetime, until: datetime
    ) -> Iterator[SearchCount]:
        """Read what was searched for, in order of bucket and query."""
        ...

    def click_counts(self, since: datetime, until: datetime) -> Iterator[ClickCount]:
        """Read which positions were chosen each day, in order of day, query and position."""
        ...

    def close(self) -> None:
        """Give back connections; the counters are of no use afterwards."""
        ...
