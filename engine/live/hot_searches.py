"""How do the hot searches lie in the store?

Written by the hot refresh, which lets in only what several visitors searched for on one day; read by every
query function. Invariant: what is read has the bounds that are checked here.
"""

from __future__ import annotations

from typing import Any

from engine.index.hot_searches import HotSearch, HotSearches
from engine.live.hot_list import whole_number
from engine.live.live_object import LiveObject

HOT_SEARCHES_KEY = "live/hot_searches.json"

MOST_SEARCHES = 500
MOST_QUERY_CHARACTERS = 200


def _to_json(value: HotSearches) -> dict[str, Any]:
    return {
        "counted_at_seconds": value.counted_at_seconds,
        "generation": value.generation,
        "searches": [[search.query, search.count] for search in value.searches],
    }


def _from_json(content: Any) -> HotSearches:
    searches = tuple(_search(row) for row in content["searches"])
    if len(searches) > MOST_SEARCHES:
        raise ValueError(f"expected at most {MOST_SEARCHES} searches, found {len(searches)}")
    return HotSearches(
        whole_number(content["generation"]), whole_number(content["counted_at_seconds"]), searches
    )


def _search(row: Any) -> HotSearch:
    query, count = row
    if not isinstance(query, str) or not 1 <= len(query) <= MOST_QUERY_CHARACTERS:
        raise ValueError("expected a query of 1 to 200 characters")
    return HotSearch(query, whole_number(count))


HOT_SEARCHES: LiveObject[HotSearches] = LiveObject(
    HOT_SEARCHES_KEY, HotSearches(), _to_json, _from_json
)
