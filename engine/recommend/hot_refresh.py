"""How do counts become the live hot list, without a rebuild?

Counters -> scores and searches -> two live objects, by compare-and-swap. Invariant: an older count never
replaces a newer one, whatever the order in which two refreshes end; where nothing changed nothing is
written, so readers have nothing to fetch.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from engine.counters.protocol import Counters
from engine.counters.recent import recent_article_counts, recent_search_counts
from engine.index.hot_searches import HotSearches
from engine.live.change import change
from engine.live.hot_list import HOT_LIST, HotEvidence
from engine.live.hot_searches import HOT_SEARCHES
from engine.recommend.hot_evidence import live_scores
from engine.recommend.hot_searches import SEARCH_DAYS, hottest_searches
from engine.store.protocol import Store


@dataclass(frozen=True, slots=True)
class HotRefresh:
    """What one refresh left in the store: how many articles and searches, in which generations."""

    articles: int
    articles_generation: int
    searches: int
    searches_generation: int


def refresh_hot(
    store: Store, counters: Counters, is_blocked: Callable[[str], bool], now: datetime
) -> HotRefresh:
    """Write what the counters say now into `live/hot.json` and `live/hot_searches.json`.

    `is_blocked` says of a normalised query that it must not be shown. Raises
    `CountersUnavailableError`, `StoreUnavailableError` or `StoreConflictError`; what was there then
    stays.
    """
    seconds = int(now.timestamp())
    scores = live_scores(recent_article_counts(counters, now), counters.article_totals())
    searches = hottest_searches(recent_search_counts(counters, now, SEARCH_DAYS), is_blocked)

    def articles_after(old: HotEvidence) -> HotEvidence:
        if old.counted_at_seconds > seconds or dict(old.scores) == scores:
            return old
        return HotEvidence(old.generation + 1, seconds, scores)

    def searches_after(old: HotSearches) -> HotSearches:
        if old.counted_at_seconds > seconds or old.searches == searches:
            return old
        return HotSearches(old.generation + 1, seconds, searches)

    hot = change(store, HOT_LIST, articles_after, replace_damaged=True)
    searched = change(store, HOT_SEARCHES, searches_after, replace_damaged=True)
    return HotRefresh(len(hot.scores), hot.generation, len(searched.searches), searched.generation)
