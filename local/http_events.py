"""How does HTTP look to a Lambda function behind an HTTP API, and the other way round?

API Gateway's payload format 2.0, as captured from the live service: the path arrives decoded, the
query string as it was sent, repeated headers and parameters joined with commas, cookies apart.
Invariant: every request that a WSGI server lets through becomes an event; what is not UTF-8 is
replaced.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

WsgiEnvironment = Mapping[str, Any]
Event = dict[str, Any]

ACCOUNT_ID = "000000000000"
API_ID = "local"
STAGE = "$default"


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """What goes back over the wire; `status` as in "200 OK"."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes


def request_path(environment: WsgiEnvironment) -> str:
    """Return the decoded path of a request."""
    return _utf8(environment.get("PATH_INFO") or "/")


def make_event(
    environment: WsgiEnvironment,
    *,
    route_key: str,
    path_parameters: Mapping[str, str],
    body: bytes,
    request_id: str,
    now: datetime,
    signed: bool = False,
) -> Event:
    """Return the event that API Gateway would send for this request.

    `signed`: what it adds once it has checked an IAM signature.
    """
    headers, cookies = _headers(environment)
    path = request_path(environment)
    raw_query = environment.get("QUERY_STRING") or ""
    event: Event = {
        "version": "2.0",
        "routeKey": route_key,
        "rawPath": path,
        "rawQueryString": raw_query,
        "headers": headers,
        "requestContext": {
            "accountId": ACCOUNT_ID,
            "apiId": API_ID,
            "domainName": headers.get("host", "localhost"),
            "domainPrefix": headers.get("host", "localhost").partition(".")[0],
            "http": {
                "method": environment["REQUEST_METHOD"],
                "path": path,
                "protocol": environment.get("SERVER_PROTOCOL", "HTTP/1.1"),
                "sourceIp": environment.get("REMOTE_ADDR", ""),
                "userAgent": headers.get("user-agent", ""),
            },
            "requestId": request_id,
            "routeKey": route_key,
            "stage": STAGE,
            "time": now.astimezone(UTC).strftime("%d/%b/%Y:%H:%M:%S +0000"),
            "timeEpoch": int(now.timestamp() * 1_000),
        },
        "isBase64Encoded": False,
    }
    if signed:
        event["requestContext"]["authorizer"] = {
            "iam": {"accountId": ACCOUNT_ID, "userId": "local"}
        }
    # API Gateway leaves out what a request does not have.
    if cookies:
        event["cookies"] = cookies
    if path_parameters:
        event["pathParameters"] = dict(path_parameters)
    if parameters := _joined_parameters(raw_query):
        event["queryStringParameters"] = parameters
    if body:
        event["body"], event["isBase64Encoded"] = _body_text(body)
    return event


def read_response(response: Mapping[str, Any]) -> HttpResponse:
    """Return the HTTP response that API Gateway would make of a handler's response."""
    status = HTTPStatus(response["statusCode"])
    content = response.get("body") or ""
    body = base64.b64decode(content) if response.get("isBase64Encoded") else content.encode("utf-8")
    headers = [(name, str(value)) for name, value in (response.get("headers") or {}).items()]
    headers += [("Set-Cookie", cookie) for cookie in response.get("cookies") or []]
    if status not in {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}:
        headers.append(("Content-Length", str(len(body))))
    return HttpResponse(f"{status.value} {status.phrase}", headers, body)


def _utf8(wsgi_text: str) -> str:
    # WSGI hands bytes over as if they were Latin-1.
    return wsgi_text.encode("latin-1").decode("utf-8", "replace")


def _headers(environment: WsgiEnvironment) -> tuple[dict[str, str], list[str]]:
    headers = {
        name.removeprefix("HTTP_").replace("_", "-").lower(): _utf8(value)
        for name, value in environment.items()
        if name.startswith("HTTP_")
    }
    for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if environment.get(name):
            headers[name.replace("_", "-").lower()] = _utf8(environment[name])
    cookies = [part.strip() for part in headers.pop("cookie", "").split(";") if part.strip()]
    headers["x-forwarded-for"] = environment.get("REMOTE_ADDR", "")
    headers["x-forwarded-port"] = environment.get("SERVER_PORT", "")
    headers["x-forwarded-proto"] = environment.get("wsgi.url_scheme", "http")
    return headers, cookies


def _joined_parameters(raw_query: str) -> dict[str, str]:
    joined: dict[str, str] = {}
    for name, value in parse_qsl(raw_query, keep_blank_values=True):
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    return joined


def _body_text(body: bytes) -> tuple[str, bool]:
    try:
        return body.decode("utf-8"), False
    except UnicodeDecodeError:
        return base64.b64encode(body).decode("ascii"), True
