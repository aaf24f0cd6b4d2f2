"""What does a page report, and does it report it whole?

Invariant: what comes out has every field that its type needs and none that means nothing for it, all of
them bounded text or numbers; anything else is one `QueryError` that names the field.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.errors import QueryError
from engine.search.requests import MAX_QUERY_CHARACTERS, MAX_REACH
from functions.query_string import quote, refuse_control_characters
from functions.request_body import read_json_object

MAX_EVENT_BYTES = 4_096
MAX_ID_CHARACTERS = 200
MAX_VISITOR_CHARACTERS = 200
MAX_TOKEN_CHARACTERS = 100

_NEEDED = {"view": ("article_id",), "click": ("article_id",), "search": ("query",)}
_POSSIBLE = {"view": (), "click": ("query", "position"), "search": ()}
_ALWAYS_POSSIBLE = ("type", "visitor", "token")
_ALL_FIELDS = (*_ALWAYS_POSSIBLE, "article_id", "query", "position")


@dataclass(frozen=True, slots=True)
class EventRequest:
    """One event as it was sent; `position` counts from 1."""

    type: str
    article_id: str = ""
    query: str = ""
    position: int | None = None
    visitor: str | None = None
    token: str | None = None


def parse_event(event: Mapping[str, Any]) -> EventRequest:
    """Return the event in the body of POST /v1/events.

    Raises `RequestTooLargeError` and `QueryError`.
    """
    given = read_json_object(event, _ALL_FIELDS, MAX_EVENT_BYTES)
    # Absent is null, as everywhere in the contract.
    given = {name: value for name, value in given.items() if value is not None}
    kind = given.get("type")
    if not isinstance(kind, str) or kind not in _NEEDED:
        raise QueryError("type", f"expected view, click or search, found {_shown(kind)}")
    for name in _NEEDED[kind]:
        if name not in given:
            raise QueryError(name, f"missing; a {kind} needs it")
    for name in given:
        if name not in (*_NEEDED[kind], *_POSSIBLE[kind], *_ALWAYS_POSSIBLE):
            raise QueryError(name, f"a {kind} has none; leave it out")
    return EventRequest(
        kind,
        article_id=_text(given, "article_id", MAX_ID_CHARACTERS) or "",
        query=(_text(given, "query", MAX_QUERY_CHARACTERS) or "").strip(),
        position=_position(given),
        visitor=_text(given, "visitor", MAX_VISITOR_CHARACTERS),
        token=_text(given, "token", MAX_TOKEN_CHARACTERS),
    )


def _text(given: Mapping[str, Any], name: str, most: int) -> str | None:
    if name not in given:
        return None
    value = given[name]
    if not isinstance(value, str):
        raise QueryError(name, f"expected a text of 1 to {most} characters, found {_shown(value)}")
    # White space alone is as good as nothing.
    if not value.strip() or len(value) > most:
        raise QueryError(name, f"expected 1 to {most} characters, found {len(value.strip()):,}")
    refuse_control_characters(name, value)
    if not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value):
        raise QueryError(name, "holds half of a surrogate pair; expected whole characters")
    return value


def _position(given: Mapping[str, Any]) -> int | None:
    if "position" not in given:
        return None
    value = given["position"]
    if type(value) is not int or not 1 <= value <= MAX_REACH:
        raise QueryError(
            "position", f"expected a whole number from 1 to {MAX_REACH:,}, found {_shown(value)}"
        )
    return value


def _shown(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, str):
        return quote(value)
    if isinstance(value, list | dict):
        return "a list" if isinstance(value, list) else "an object"
    return quote(str(value)).strip("'")
