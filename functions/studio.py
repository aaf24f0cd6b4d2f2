"""What does the site's editor want to know?

GET /studio and what its page asks for, below /studio/api: how a query was cut, what two versions of the index
answer, what readers search for and do not find, what a hot list is made of. API Gateway lets signed requests
through alone. Invariant: everything here only reads; queries of single visitors are never shown.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from engine.counters.figures import QueryFigures, analyse
from engine.documents import isoformat
from engine.errors import ArticleNotFoundError, NotAllowedError
from engine.index.snapshot import Snapshot
from engine.recommend.hot_parts import explain_hot
from engine.search.cutting_report import CuttingReport, report_cutting
from engine.search.requests import SearchRequest
from engine.search.searcher import search
from functions import runtime
from functions.bodies import hit_body, reading_body
from functions.entry_point import entry_point
from functions.parameters import parse_hot, parse_nothing, parse_studio_days, parse_studio_query
from functions.powertools import Response
from functions.responses import CACHE_NOTHING, document
from functions.routes import Routes
from functions.studio_versions import StudioVersions

LEAST_VISITORS = 2
"""A query is shown from so many visitors of one day on: a rarer one may name a person."""

SHOWN_QUERIES = 50
COMPARED_HITS = 10

_PAGE = Path(__file__).with_name("studio_page")
_MEDIA_TYPES = {
    "index.html": "text/html; charset=utf-8",
    "studio.css": "text/css; charset=utf-8",
    "studio.js": "text/javascript; charset=utf-8",
}
_PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}

routes = Routes()

_versions = StudioVersions(lambda: runtime.settings)


@routes.get("/studio")
def show_studio() -> Response[str]:
    """Answer the page itself."""
    parse_nothing(routes.query_string)
    return _file("index.html")


@routes.get("/studio/api/try")
def try_query() -> Response[str]:
    """Answer how a query is cut and read, and what each hit's score is made of."""
    _require_signature()
    query = parse_studio_query(routes.query_string)
    snapshot = runtime.current_snapshot()
    result = search(
        snapshot,
        SearchRequest(
            query.text, size=COMPARED_HITS, explain=True, explain_id=query.explain_id or None
        ),
    )
    body: dict[str, Any] = {
        "cutting": _cutting(report_cutting(snapshot, query.text)),
        "query": reading_body(result.query),
        "total": result.total,
        "items": [hit_body(hit) for hit in result.hits],
        "absence": None if result.absence is None else asdict(result.absence),
    }
    return routes.answer(body, snapshot, cache_control=CACHE_NOTHING)


@routes.get("/studio/api/versions")
def list_versions() -> Response[str]:
    """Answer which versions can be compared, the current one first."""
    _require_signature()
    parse_nothing(routes.query_string)
    versions = [
        {
            "version": one.version,
            "published_at": isoformat(one.published_at),
            "articles": one.articles,
            "rolled_back": one.rolled_back,
        }
        for one in _versions.published()
    ]
    return routes.answer(
        {"items": versions}, runtime.current_snapshot(), cache_control=CACHE_NOTHING
    )


@routes.get("/studio/api/compare")
def compare_versions() -> Response[str]:
    """Answer what two versions say to one query."""
    _require_signature()
    query = parse_studio_query(routes.query_string)
    sides = {
        side: _answer_of(_versions.open(version), query.text)
        for side, version in (("old", query.old), ("new", query.new))
    }
    return routes.answer(sides, runtime.current_snapshot(), cache_control=CACHE_NOTHING)


@routes.get("/studio/api/queries")
def list_queries() -> Response[str]:
    """Answer what readers search for, and what they do not find, with how it was cut."""
    _require_signature()
    days = parse_studio_days(routes.query_string)
    snapshot = runtime.current_snapshot()
    figures = analyse(
        runtime.warm_counters.current(),
        datetime.now(UTC),
        days=days,
        least_visitors=LEAST_VISITORS,
        top=SHOWN_QUERIES,
        is_blocked=snapshot.blocked_words.blocks,
    )
    body = {
        "days": [asdict(day) for day in figures.days],
        "top": [asdict(query) for query in figures.top_queries],
        "zero_hits": [_missed(snapshot, query) for query in figures.zero_hit_queries],
        "positions": [asdict(position) for position in figures.positions],
        "held_back": figures.held_back,
    }
    return routes.answer(body, snapshot, cache_control=CACHE_NOTHING)


@routes.get("/studio/api/hot")
def show_hot_parts() -> Response[str]:
    """Answer a hot list with the parts of each score."""
    _require_signature()
    request = parse_hot(routes.query_string)
    snapshot = runtime.current_snapshot()
    items = [
        {
            **{name: getattr(row, name) for name in ("rank", "score", "engagement", "age", "live")},
            "id": row.card.id,
            "title": row.card.title,
        }
        for row in explain_hot(snapshot, request.window, request.size)
    ]
    return routes.answer(
        {"items": items, "window": request.window}, snapshot, cache_control=CACHE_NOTHING
    )


# Behind the routes above: a name of a file may be anything.
@routes.get("/studio/<name>")
def show_file(name: str) -> Response[str]:
    """Answer the page's script or style."""
    parse_nothing(routes.query_string)
    return _file(name)


def _file(name: str) -> Response[str]:
    _require_signature()
    if name not in _MEDIA_TYPES:
        raise ArticleNotFoundError(name)
    response = document(
        (_PAGE / name).read_text(encoding="utf-8"),
        _MEDIA_TYPES[name],
        if_none_match=routes.current_event.headers.get("if-none-match"),
    )
    response.headers.update(_PAGE_HEADERS)
    return response


def _answer_of(snapshot: Snapshot, text: str) -> dict[str, Any]:
    result = search(snapshot, SearchRequest(text, size=COMPARED_HITS))
    return {
        "version": snapshot.version,
        "tier": result.query.tier,
        "total": result.total,
        "items": [
            {"id": hit.card.id, "title": hit.card.title, "score": hit.score} for hit in result.hits
        ],
    }


def _missed(snapshot: Snapshot, query: QueryFigures) -> dict[str, Any]:
    return {**asdict(query), "cutting": _cutting(report_cutting(snapshot, query.query))}


def _cutting(report: CuttingReport) -> dict[str, Any]:
    return {**asdict(report), "unknown": list(report.unknown)}


def _require_signature() -> None:
    # As for changes of articles: a route that somebody opened by mistake stays shut.
    context = routes.current_event.get("requestContext") or {}
    if not (context.get("authorizer") or {}).get("iam"):
        raise NotAllowedError(
            "the studio takes requests signed with AWS Signature Version 4, from a principal that "
            "may execute-api:Invoke it"
        )


handler = entry_point(routes)
