"""How does an outcome become an HTTP response?

The only place that knows statuses and headers. Invariant: every body is valid UTF-8 JSON whatever
text went into it, every answer can be revalidated by its ETag, and every error is an RFC 9457
problem that tells what to do and nothing about the machinery.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from engine.documents import isoformat
from engine.errors import (
    ArticleTakenDownError,
    ArtifactError,
    CountersUnavailableError,
    InputError,
    LiveObjectFullError,
    NotAllowedError,
    NotFoundError,
    NotPublishedError,
    RequestTooLargeError,
    StoreError,
    WenmaiError,
)
from engine.index.snapshot import Snapshot
from functions.json_text import to_json
from functions.powertools import Response

RETRY_AFTER_SECONDS = 5

CACHE_BRIEFLY = "public, max-age=5, stale-if-error=3600"
"""Content changes are promised to show within five seconds; a stale answer beats an error."""

CACHE_NOTHING = "no-store"

_JSON = "application/json; charset=utf-8"
_PROBLEM_JSON = "application/problem+json"

EVENT_TOKEN = "token"  # noqa: S105 - the name of a field

_UNSTABLE_FIELDS = ("request_id", "generated_at", "age_s", EVENT_TOKEN)
"""Left out of the ETag: they differ between requests and processes while the content does not."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One kind of error: the last part of its URN, its title and its status."""

    kind: str
    title: str
    status: HTTPStatus


BAD_REQUEST = Problem("bad-request", "The request cannot be understood", HTTPStatus.BAD_REQUEST)
NOT_FOUND = Problem("not-found", "There is no such thing", HTTPStatus.NOT_FOUND)
UNKNOWN_ROUTE = Problem("unknown-route", "There is no such route", HTTPStatus.NOT_FOUND)
WRONG_METHOD = Problem(
    "wrong-method", "The route does not take this method", HTTPStatus.METHOD_NOT_ALLOWED
)
TOO_LARGE = Problem(
    "too-large", "The request is larger than this route takes", HTTPStatus.REQUEST_ENTITY_TOO_LARGE
)
COUNTERS_UNAVAILABLE = Problem(
    "counters-unavailable",
    "Events cannot be counted at the moment",
    HTTPStatus.SERVICE_UNAVAILABLE,
)
UNAVAILABLE = Problem(
    "index-unavailable", "No index can be read at the moment", HTTPStatus.SERVICE_UNAVAILABLE
)
NOT_ALLOWED = Problem("not-allowed", "The request is not signed", HTTPStatus.FORBIDDEN)
NOT_PUBLISHED = Problem("not-published", "The index cannot be changed", HTTPStatus.CONFLICT)
TAKEN_DOWN = Problem("taken-down", "The article was taken down", HTTPStatus.CONFLICT)
CHANGES_FULL = Problem(
    "changes-full", "No more changes fit before a rebuild", HTTPStatus.SERVICE_UNAVAILABLE
)
INTERNAL = Problem("internal", "The service made a mistake", HTTPStatus.INTERNAL_SERVER_ERROR)


def answer_change(
    body: Mapping[str, Any],
    *,
    index_version: str,
    generated_at: datetime,
    now: datetime,
    request_id: str,
) -> Response[str]:
    """Return 200 for a change that was made; nobody may keep the answer."""
    complete = {
        **body,
        "index_version": index_version,
        "generated_at": isoformat(generated_at),
        "age_s": max(0, int((now - generated_at).total_seconds())),
        "degraded": False,
        "request_id": request_id,
    }
    headers = {
        "Content-Type": _JSON,
        "ETag": _etag(complete),
        "Cache-Control": CACHE_NOTHING,
        "X-Content-Type-Options": "nosniff",
    }
    return Response(HTTPStatus.OK.value, headers=headers, body=to_json(complete))


def answer(
    body: Mapping[str, Any],
    snapshot: Snapshot,
    *,
    degraded: bool,
    now: datetime,
    request_id: str,
    if_none_match: str | None,
    cache_control: str = CACHE_BRIEFLY,
    headers: Mapping[str, str] | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> Response[str]:
    """Return `status` with `body` and what every answer carries, or 304 if the caller has it already.

    A token in the body goes into a header as well: on a 304 a cache keeps its old body and takes
    the new headers, and a token is good for half an hour only.
    """
    complete = {
        **body,
        "index_version": snapshot.version,
        "generated_at": isoformat(snapshot.generated_at),
        "age_s": max(0, int((now - snapshot.generated_at).total_seconds())),
        "degraded": degraded,
        "request_id": request_id,
    }
    stable = to_json(_stable(complete))
    etag = _digest(stable)
    common = {
        "ETag": etag,
        "Cache-Control": cache_control,
        "X-Content-Type-Options": "nosniff",
        **(headers or {}),
    }
    if body.get(EVENT_TOKEN):
        common["Event-Token"] = body[EVENT_TOKEN]
    if status is HTTPStatus.OK and if_none_match is not None and _matches(if_none_match, etag):
        return Response(HTTPStatus.NOT_MODIFIED.value, headers=common)
    # What the tag is made from is not written a second time; the rest follows it.
    unstable = to_json({name: complete[name] for name in _UNSTABLE_FIELDS if name in complete})
    return Response(
        status.value,
        headers={"Content-Type": _JSON, **common},
        body=f"{stable[:-1]},{unstable[1:]}",
    )


def document(
    text: str, media_type: str, *, if_none_match: str | None, cache_control: str = CACHE_BRIEFLY
) -> Response[str]:
    """Return 200 with `text` as it stands, or 304 if the caller has it already."""
    etag = _digest(text)
    common = {
        "ETag": etag,
        "Cache-Control": cache_control,
        "X-Content-Type-Options": "nosniff",
    }
    if if_none_match is not None and _matches(if_none_match, etag):
        return Response(HTTPStatus.NOT_MODIFIED.value, headers=common)
    return Response(HTTPStatus.OK.value, headers={"Content-Type": media_type, **common}, body=text)


_PROBLEMS: tuple[tuple[type[WenmaiError], Problem], ...] = (
    (RequestTooLargeError, TOO_LARGE),
    (InputError, BAD_REQUEST),
    (NotFoundError, NOT_FOUND),
    (NotAllowedError, NOT_ALLOWED),
    (NotPublishedError, NOT_PUBLISHED),
    (ArticleTakenDownError, TAKEN_DOWN),
    (LiveObjectFullError, CHANGES_FULL),
    (CountersUnavailableError, COUNTERS_UNAVAILABLE),
    (StoreError, UNAVAILABLE),
    (ArtifactError, UNAVAILABLE),
)
"""The first kind that an error is of decides."""


def problem_of(error: Exception) -> Problem:
    """Return the kind of problem that `error` is to the caller."""
    return next((problem for kind, problem in _PROBLEMS if isinstance(error, kind)), INTERNAL)


def detail_of(error: Exception) -> str:
    """Return what the caller may know about `error`: where it is their doing, everything."""
    problem = problem_of(error)
    told = problem.status < HTTPStatus.INTERNAL_SERVER_ERROR or problem is CHANGES_FULL
    if isinstance(error, WenmaiError) and told:
        return str(error)
    if problem.status == HTTPStatus.SERVICE_UNAVAILABLE:
        return f"Try again in {RETRY_AFTER_SECONDS} seconds; the service's log says what is wrong."
    return "The service's log tells more under this request_id."


def problem_response(
    problem: Problem, detail: str, *, request_id: str, headers: Mapping[str, str] | None = None
) -> Response[str]:
    """Return `problem` as an RFC 9457 document."""
    complete = {
        "Content-Type": _PROBLEM_JSON,
        "Cache-Control": CACHE_NOTHING,
        "X-Content-Type-Options": "nosniff",
        **(headers or {}),
    }
    if problem.status == HTTPStatus.SERVICE_UNAVAILABLE:
        complete["Retry-After"] = str(RETRY_AFTER_SECONDS)
    body = {
        "type": f"urn:wenmai:problem:{problem.kind}",
        "title": problem.title,
        "status": int(problem.status),
        "detail": detail,
        "request_id": request_id,
    }
    return Response(problem.status.value, headers=complete, body=to_json(body))


def _etag(body: Mapping[str, Any]) -> str:
    return _digest(to_json(_stable(body)))


def _stable(body: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name not in _UNSTABLE_FIELDS}


def _digest(text: str) -> str:
    return f'"{hashlib.sha256(text.encode("utf-8")).hexdigest()[:32]}"'


def _matches(if_none_match: str, etag: str) -> bool:
    # RFC 9110 compares weakly here: a proxy that compressed the body may have added the W/.
    candidates = (tag.strip().removeprefix("W/") for tag in if_none_match.split(","))
    return any(tag in {etag, "*"} for tag in candidates)
