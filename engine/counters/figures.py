"""What did people look for, did they find it, and what do they read?

Invariant: a query is shown only when so many visitors made it on one single day, as a rare query may
name a person, and only when no blocked word is in it. What is held back is told as a number. Sums over
all queries hold them all.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.counters.buckets import Bucket, site_day
from engine.counters.protocol import ArticleCount, ClickCount, Counters, SearchCount
from engine.counters.wilson import wilson_interval

POSITIONS = 10
"""A first page of hits: how often a later one was shown, nobody counts."""


@dataclass(frozen=True, slots=True)
class QueryFigures:
    """One query: how often it was searched, found nothing, and led to a click."""

    query: str
    searches: int
    zero_hits: int
    clicks: int


@dataclass(frozen=True, slots=True)
class PositionFigures:
    """One position: clicks per time that a hit stood there, with a 95 % interval."""

    position: int
    shown: int
    clicks: int
    rate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ArticleFigures:
    """One article: how often it was viewed, and chosen from a list."""

    article_id: str
    views: int
    clicks: int


@dataclass(frozen=True, slots=True)
class DayFigures:
    """One site day, such as 2026-05-04."""

    day: str
    views: int
    searches: int
    zero_hits: int


@dataclass(frozen=True, slots=True)
class Analytics:
    """All that a report shows, the most frequent first; `held_back` counts queries."""

    first_day: str
    last_day: str
    least_visitors: int
    days: tuple[DayFigures, ...]
    top_queries: tuple[QueryFigures, ...]
    zero_hit_queries: tuple[QueryFigures, ...]
    positions: tuple[PositionFigures, ...]
    most_viewed: tuple[ArticleFigures, ...]
    held_back: int


@dataclass(slots=True)
class _Query:
    searches: int = 0
    zero_hits: int = 0
    clicks: int = 0
    busiest_day: int = 0


def analyse(
    counters: Counters,
    now: datetime,
    *,
    days: int,
    least_visitors: int,
    top: int,
    is_blocked: Callable[[str], bool],
) -> Analytics:
    """Return the figures of the last `days` site days, today included, `top` lines to a list.

    Raises `CountersUnavailableError`.
    """
    since, until = now - timedelta(days=days - 1), now + timedelta(seconds=1)
    articles = list(counters.article_counts(Bucket.DAY, since, until))
    searches = list(counters.search_counts(Bucket.DAY, since, until))
    clicks = list(counters.click_counts(since, until))
    queries = _queries(searches, clicks)
    shown = {
        query: found
        for query, found in queries.items()
        if found.busiest_day >= least_visitors and not is_blocked(query)
    }
    return Analytics(
        first_day=site_day(int(since.timestamp())),
        last_day=site_day(int(now.timestamp())),
        least_visitors=least_visitors,
        days=_days(since, days, articles, searches),
        top_queries=_ranked(shown, lambda found: found.searches, top),
        zero_hit_queries=_ranked(shown, lambda found: found.zero_hits, top),
        positions=_positions(searches, clicks),
        most_viewed=_most_viewed(articles, top),
        held_back=sum(found.searches > 0 for found in queries.values())
        - sum(found.searches > 0 for found in shown.values()),
    )


def _queries(searches: Iterable[SearchCount], clicks: Iterable[ClickCount]) -> dict[str, _Query]:
    queries: defaultdict[str, _Query] = defaultdict(_Query)
    for row in searches:
        found = queries[row.query]
        found.searches += row.searches
        found.zero_hits += row.zero_hits
        found.busiest_day = max(found.busiest_day, row.searches)
    for click in clicks:
        if click.query:
            queries[click.query].clicks += click.clicks
    return queries


def _ranked(
    queries: dict[str, _Query], key: Callable[[_Query], int], top: int
) -> tuple[QueryFigures, ...]:
    ranked = sorted(
        (item for item in queries.items() if key(item[1])),
        key=lambda item: (-key(item[1]), item[0]),
    )
    return tuple(
        QueryFigures(query, found.searches, found.zero_hits, found.clicks)
        for query, found in ranked[:top]
    )


def _positions(
    searches: Iterable[SearchCount], clicks: Iterable[ClickCount]
) -> tuple[PositionFigures, ...]:
    shown: Counter[int] = Counter()
    for row in searches:
        # As many hits as the day's last search for it found: totals move little within a day.
        for position in range(1, min(row.last_total, POSITIONS) + 1):
            shown[position] += row.searches - row.zero_hits
    clicked: Counter[int] = Counter()
    for click in clicks:
        if click.query:
            clicked[click.position] += click.clicks
    figures = []
    for position in range(1, POSITIONS + 1):
        hits = clicked[position]
        # A page that reports clicks only has shown what was clicked, at least.
        times = max(shown[position], hits)
        if times:
            low, high = wilson_interval(hits, times)
            figures.append(PositionFigures(position, times, hits, hits / times, low, high))
    return tuple(figures)


def _most_viewed(articles: Iterable[ArticleCount], top: int) -> tuple[ArticleFigures, ...]:
    views: Counter[str] = Counter()
    clicks: Counter[str] = Counter()
    for row in articles:
        views[row.article_id] += row.views
        clicks[row.article_id] += row.clicks
    ranked = sorted(
        (article_id for article_id in views if views[article_id]),
        key=lambda article_id: (-views[article_id], article_id),
    )
    return tuple(
        ArticleFigures(article_id, views[article_id], clicks[article_id])
        for article_id in ranked[:top]
    )


def _days(
    since: datetime, days: int, articles: Iterable[ArticleCount], searches: Iterable[SearchCount]
) -> tuple[DayFigures, ...]:
    views: Counter[str] = Counter()
    searched: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for row in articles:
        views[site_day(row.start_seconds)] += row.views
    for search in searches:
        searched[site_day(search.start_seconds)] += search.searches
        missed[site_day(search.start_seconds)] += search.zero_hits
    names = (site_day(int((since + timedelta(days=n)).timestamp())) for n in range(days))
    return tuple(DayFigures(day, views[day], searched[day], missed[day]) for day in names)
