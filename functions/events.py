"""What did a reader do?

POST /v1/events takes views, clicks and searches. Invariant: a 202 means that the event is counted for
good, or was before; anything else counted nothing that a repetition would count again.
"""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus

from engine.counters.protocol import Click, Event, Search, View, Visitor
from engine.errors import CountersUnavailableError, QueryError
from engine.index.snapshot import Snapshot
from engine.recommend.visible_articles import visible_article
from engine.search.requests import SearchRequest
from engine.search.searcher import search
from functions import runtime
from functions.counted_query import counted_query
from functions.entry_point import entry_point
from functions.event_request import EventRequest, parse_event
from functions.parameters import parse_nothing
from functions.powertools import Response
from functions.responses import CACHE_NOTHING
from functions.routes import Routes
from functions.settings import TOKEN_KEYS_VARIABLE, VISITOR_SECRET_VARIABLE
from functions.visitor_keys import VisitorKeys

routes = Routes()


@routes.post("/v1/events")
def count_event() -> Response[str]:
    """Count what a reader did, once."""
    parse_nothing(routes.query_string)
    request = parse_event(routes.current_event.raw_event)
    keys = _visitor_keys()
    snapshot = runtime.current_snapshot()
    now = datetime.now(UTC)
    event = _event(request, snapshot)
    _check_token(request.token, event, now)
    counted = runtime.warm_counters.current().count(event, _visitor(request, keys, now), now)
    routes.facts.update(event_type=request.type, counted=counted)
    return routes.answer(
        {"counted": counted}, snapshot, cache_control=CACHE_NOTHING, status=HTTPStatus.ACCEPTED
    )


def _visitor_keys() -> VisitorKeys:
    secret = runtime.settings.visitor_secret
    if secret is None or not runtime.settings.token_keys:
        # Random keys of this process would count a visitor once for every process.
        raise CountersUnavailableError(
            f"events are refused: set {TOKEN_KEYS_VARIABLE} and {VISITOR_SECRET_VARIABLE}, the same "
            "for all functions"
        )
    return VisitorKeys(secret)


def _event(request: EventRequest, snapshot: Snapshot) -> Event:
    query = ""
    if request.query:
        query = counted_query(request.query, snapshot.analyzer)
        if not query:
            raise QueryError("query", "nothing in it can be searched for")
    if request.type == "search":
        # Asked again here, so that nobody can make the site believe that it has no answer.
        found = search(snapshot, SearchRequest(request.query, size=1))
        return Search(query, found.total)
    visible_article(snapshot, request.article_id)
    if request.type == "click":
        return Click(request.article_id, query, request.position)
    return View(request.article_id)


def _check_token(token: str | None, event: Event, now: datetime) -> None:
    if token is None:
        if runtime.settings.event_tokens_required:
            raise QueryError("token", "missing; send the `token` of the answer that was shown")
        return
    match event:
        case Search(query) | Click(query=query) if query:
            runtime.event_tokens.check(token, "search", query, now)
        case View(article_id) | Click(article_id):
            runtime.event_tokens.check(token, "article", article_id, now)


def _visitor(request: EventRequest, keys: VisitorKeys, now: datetime) -> Visitor:
    http = routes.current_event.raw_event["requestContext"]["http"]
    return keys.of(request.visitor, http.get("sourceIp", ""), http.get("userAgent", ""), now)


handler = entry_point(routes)
