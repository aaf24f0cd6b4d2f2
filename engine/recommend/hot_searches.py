"""Which searches are hot, by what the counters say?

Those of the last days, decayed. Invariant: nothing that only a few people searched for is ever shown,
counted on one single day, as visitors cannot be followed from day to day; nothing blocked; nothing that
finds no article.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from engine.counters.protocol import SearchCount
from engine.index.hot_formula import SECONDS_PER_DAY
from engine.index.hot_searches import HotSearch
from engine.live.hot_searches import MOST_QUERY_CHARACTERS, MOST_SEARCHES
from engine.recommend.decayed_counts import Count, decayed_score
from engine.recommend.velocity import credited, usual_pace

LEAST_VISITORS = 3
"""So many different visitors must have searched for it on one day before anyone is shown a query."""

HALF_LIFE_DAYS = 2.0
SEARCH_DAYS = 14

_SITE_DAY_OFFSET_SECONDS = 8 * 3_600


@dataclass(slots=True)
class _Query:
    counts: list[Count] = field(default_factory=list)
    by_day: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    latest: tuple[int, int] = (0, 0)
    """When it was last searched for, and how many articles that found."""


def hottest_searches(
    rows: Iterable[SearchCount], is_blocked: Callable[[str], bool]
) -> tuple[HotSearch, ...]:
    """Return the hot searches in `rows`, hottest first, ties by query; `is_blocked` of queries."""
    queries = _by_query(rows)
    pace = usual_pace(count for found in queries.values() for count in found.counts)
    scored = [
        (_score(found, pace), query, found)
        for query, found in queries.items()
        if max(found.by_day.values()) >= LEAST_VISITORS
        and found.latest[1] > 0
        and len(query) <= MOST_QUERY_CHARACTERS
        and not is_blocked(query)
    ]
    scored.sort(key=lambda entry: (-entry[0], entry[1]))
    return tuple(
        HotSearch(query, sum(found.by_day.values())) for _, query, found in scored[:MOST_SEARCHES]
    )


def _by_query(rows: Iterable[SearchCount]) -> dict[str, _Query]:
    queries: dict[str, _Query] = defaultdict(_Query)
    for row in rows:
        if row.searches <= 0 or not row.query:
            continue
        found = queries[row.query]
        found.counts.append(Count(row.start_seconds, row.length_seconds, float(row.searches)))
        day = int((row.start_seconds + _SITE_DAY_OFFSET_SECONDS) // SECONDS_PER_DAY)
        found.by_day[day] += row.searches
        found.latest = max(found.latest, (row.start_seconds, row.last_total))
    return queries


def _score(found: _Query, pace: float) -> float:
    counts = sorted(found.counts, key=lambda count: count.start_seconds)
    return decayed_score(counts, credited(counts, pace), HALF_LIFE_DAYS)
