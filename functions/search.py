"""What does the search box get?

GET /v1/search, /v1/suggest, /v1/hot-searches, /v1/status and /openapi.json. Each route parses, asks the
engine once and responds. Search answers are no pages for search engines: every one of them forbids indexing.
"""

from __future__ import annotations

# First: it begins to open an index in a store while all the others are imported.
from functions import runtime

# isort: split
from pathlib import Path

from engine.recommend.shown_searches import shown_searches
from engine.recommend.visible_articles import visible_count
from engine.search.searcher import search
from engine.search.suggest import suggest
from functions.bodies import hot_searches_body, search_body, suggest_body
from functions.counted_query import counted_query
from functions.entry_point import entry_point
from functions.first_files import SEARCH_FILES
from functions.parameters import parse_nothing, parse_search, parse_size, parse_suggest
from functions.powertools import Response
from functions.responses import CACHE_NOTHING, EVENT_TOKEN, document
from functions.routes import Routes

_SPECIFICATION = Path(__file__).with_name("openapi.json")
_NO_INDEXING = {"X-Robots-Tag": "noindex"}

routes = Routes()


@routes.get("/v1/search")
def search_articles() -> Response[str]:
    """Answer one page of one search."""
    request = parse_search(routes.query_string)
    snapshot = runtime.current_snapshot(SEARCH_FILES)
    result = search(snapshot, request)
    routes.facts.update(tier=str(result.query.tier), total=result.total)
    token = runtime.issue_token("search", counted_query(request.text, snapshot.analyzer))
    body = {**search_body(result), EVENT_TOKEN: token}
    return routes.answer(body, snapshot, headers=_NO_INDEXING)


@routes.get("/v1/suggest")
def suggest_completions() -> Response[str]:
    """Answer what the search box may complete to."""
    request = parse_suggest(routes.query_string)
    snapshot = runtime.current_snapshot()
    suggestions = suggest(snapshot, request.text, request.size)
    return routes.answer(suggest_body(suggestions), snapshot, headers=_NO_INDEXING)


@routes.get("/v1/hot-searches")
def list_hot_searches() -> Response[str]:
    """Answer what is being searched for most."""
    size = parse_size(routes.query_string)
    snapshot = runtime.current_snapshot()
    searches = shown_searches(snapshot, size)
    return routes.answer(hot_searches_body(searches), snapshot, headers=_NO_INDEXING)


@routes.get("/v1/status")
def report_status() -> Response[str]:
    """Answer which index version this process serves, and how old it is."""
    parse_nothing(routes.query_string)
    snapshot = runtime.current_snapshot()
    freshness = runtime.freshness()
    body = {
        "documents": visible_count(snapshot),
        "generation": freshness.generation,
        "confirmed_s": freshness.confirmed_seconds,
        "reason": freshness.reason,
        "live": {
            "delta": snapshot.put_since_build,
            "tombstones": snapshot.gone_since_build,
        },
    }
    return routes.answer(body, snapshot, cache_control=CACHE_NOTHING, headers=_NO_INDEXING)


@routes.get("/openapi.json")
def show_specification() -> Response[str]:
    """Answer what tools read of docs/openapi.yaml."""
    parse_nothing(routes.query_string)
    return document(
        _SPECIFICATION.read_text(encoding="utf-8"),
        "application/json",
        if_none_match=routes.current_event.headers.get("if-none-match"),
    )


handler = entry_point(routes)
