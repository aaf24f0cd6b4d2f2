"""How do a page and its files go over the wire?

Invariant: nothing that is sent may run or load what does not come from here: the policy allows no inline
script or style and no other host; no cookie is ever set.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

from local.http_events import HttpResponse

STATIC = Path(__file__).with_name("static")

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

SECURITY_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

PAGE_CACHE = "public, max-age=5, stale-if-error=3600"
NO_CACHE = "no-store"
FILE_CACHE = "public, max-age=300"

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


def page_response(
    text: str,
    if_none_match: str | None,
    *,
    status: HTTPStatus = HTTPStatus.OK,
    cache_control: str = PAGE_CACHE,
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Return a page; 304 where the browser has the very same one."""
    return _respond(
        text.encode("utf-8", "replace"),
        "text/html; charset=utf-8",
        if_none_match,
        status=status,
        cache_control=cache_control if status is HTTPStatus.OK else NO_CACHE,
        headers=headers or {},
    )


def file_response(name: str, if_none_match: str | None) -> HttpResponse | None:
    """Return the static file `name`, None where there is none of that name."""
    # Only names that were listed are read: no path is ever made of what was asked.
    files = {path.name: path for path in STATIC.iterdir()}
    path = files.get(name)
    if path is None or path.suffix not in _TYPES:
        return None
    return _respond(
        path.read_bytes(),
        _TYPES[path.suffix],
        if_none_match,
        status=HTTPStatus.OK,
        cache_control=FILE_CACHE,
        headers={},
    )


def _respond(
    content: bytes,
    content_type: str,
    if_none_match: str | None,
    *,
    status: HTTPStatus,
    cache_control: str,
    headers: Mapping[str, str],
) -> HttpResponse:
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    shared = {**SECURITY_HEADERS, "Cache-Control": cache_control, **headers}
    if status is HTTPStatus.OK:
        shared["ETag"] = etag
        if _matches(if_none_match, etag):
            line = f"{HTTPStatus.NOT_MODIFIED.value} {HTTPStatus.NOT_MODIFIED.phrase}"
            return HttpResponse(line, list(shared.items()), b"")
    shared |= {"Content-Type": content_type, "Content-Length": str(len(content))}
    return HttpResponse(f"{status.value} {status.phrase}", list(shared.items()), content)


def _matches(if_none_match: str | None, etag: str) -> bool:
    candidates = (tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(","))
    return any(tag in {etag, "*"} for tag in candidates)


def send(response: HttpResponse, method: str, start_response: Any) -> Iterable[bytes]:
    """Hand `response` to the WSGI server; HEAD gets no body."""
    start_response(response.status, response.headers)
    return [] if method == "HEAD" else [response.body]
