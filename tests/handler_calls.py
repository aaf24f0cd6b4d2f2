"""Calls the real handlers with the events that API Gateway would send."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

from local.http_events import make_event
from local.lambda_context import LambdaContext
from local.template_routes import match_route, read_routes

ROUTES = read_routes()


@dataclass(frozen=True)
class Answer:
    """What a handler returned; `body` is the decoded JSON, the text of XML, None where there is none."""

    status: int
    headers: dict[str, str]
    body: Any


def invoke(event: dict[str, Any], handler: str) -> Answer:
    """Call the handler named "module.function" with `event`."""
    module, _, name = handler.rpartition(".")
    request_id = event["requestContext"]["requestId"]
    response = getattr(import_module(module), name)(event, LambdaContext(name, request_id))
    text = response["body"]
    if text is not None:
        text.encode("utf-8")
    is_json = "json" in response["headers"].get("Content-Type", "json")
    body = json.loads(text) if text and is_json else text
    return Answer(response["statusCode"], response["headers"], body)


def event_for(
    path: str, query: str = "", *, method: str = "GET", body: bytes = b"", **headers: str
) -> tuple[dict[str, Any], str]:
    """Return the event of a request and the name of the handler that it goes to."""
    found = match_route(ROUTES, method, path)
    assert found is not None, path
    route, path_parameters = found
    environment = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path.encode("utf-8", "replace").decode("latin-1"),
        "QUERY_STRING": query,
        **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
    }
    event = make_event(
        environment,
        route_key=route.key,
        path_parameters=path_parameters,
        body=body,
        request_id="request-1",
        now=datetime.now(UTC),
        signed=route.signed,
    )
    return event, route.handler
