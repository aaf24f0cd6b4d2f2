"""How does HTTP reach the Lambda handlers on one machine?

Requests become API Gateway events, the real handlers answer them, their responses become HTTP.
Invariant: no route, handler or answer of the service is written down here: routes and handlers
come from infra/template.yaml, and the gateway speaks for itself only where API Gateway would (no
such route, wrong method, a handler that failed).
"""

from __future__ import annotations

import logging
import os
import secrets
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from importlib import import_module
from ipaddress import ip_address
from pathlib import Path
from threading import Lock
from typing import Any

from engine.index.pointer import POINTER_KEY
from engine.store.locations import local_folder
from functions.counters_location import check_place
from functions.responses import INTERNAL, NOT_ALLOWED, UNKNOWN_ROUTE, WRONG_METHOD
from functions.settings import (
    COUNTERS_VARIABLE,
    INDEX_VARIABLE,
    LOG_LEVEL_VARIABLE,
    METRICS_VARIABLE,
    TOKEN_KEYS_VARIABLE,
    VISITOR_SECRET_VARIABLE,
)
from local.event_secret import SECRET_CHARACTERS, read_or_make_secret
from local.hot_refresher import refreshing
from local.http_events import HttpResponse, make_event, read_response, request_path
from local.http_server import listen, make_server
from local.lambda_context import LambdaContext
from local.problems import problem
from local.template_routes import TemplateRoute, match_route, methods_for, read_routes
from local.web.forum import Forum

StartResponse = Callable[[str, list[tuple[str, str]]], object]
LambdaHandler = Callable[[dict[str, Any], Any], Mapping[str, Any]]

_logger = logging.getLogger("wenmai.gateway")


class Gateway:
    """A WSGI application in front of the handlers that `routes` name."""

    def __init__(self, routes: Sequence[TemplateRoute]) -> None:
        self._routes = routes
        self._handlers = {name: _load_handler(name) for name in {r.handler for r in routes}}
        # One at a time, as in one Lambda environment: Powertools keeps the event in a class.
        self._turn = Lock()

    def __call__(
        self, environment: dict[str, Any], start_response: StartResponse
    ) -> Iterable[bytes]:
        """Answer one request."""
        response = self._respond(environment, str(uuid.uuid4()))
        start_response(response.status, response.headers)
        return [] if environment["REQUEST_METHOD"] == "HEAD" else [response.body]

    def _respond(self, environment: dict[str, Any], request_id: str) -> HttpResponse:
        # HEAD asks what GET would answer; only the body stays behind.
        method = environment["REQUEST_METHOD"].upper()
        method = "GET" if method == "HEAD" else method
        path = request_path(environment)
        found = match_route(self._routes, method, path)
        if found is None:
            return self._refuse(method, path, request_id)
        route, path_parameters = found
        # There are no signatures here. Whoever is on this machine may change articles; a browser's
        # page from elsewhere may not, and neither may another machine.
        if route.signed and not _is_own_request(environment):
            detail = "On this gateway only programs on the same machine may change articles."
            return problem(NOT_ALLOWED, detail, request_id=request_id)
        event = make_event(
            {**environment, "REQUEST_METHOD": method},
            route_key=route.key,
            path_parameters=path_parameters,
            body=environment["wsgi.input"].read(),
            request_id=request_id,
            now=datetime.now(UTC),
            signed=route.signed,
        )
        context = LambdaContext(route.handler.replace(".", "-"), request_id)
        try:
            with self._turn:
                return read_response(self._handlers[route.handler](event, context))
        except Exception:
            # Where API Gateway gets no response from a function it answers 500 itself.
            _logger.exception("%s failed on request %s", route.handler, request_id)
            return problem(INTERNAL, "The handler gave no response.", request_id=request_id)

    def _refuse(self, method: str, path: str, request_id: str) -> HttpResponse:
        methods = methods_for(self._routes, path)
        if not methods:
            return problem(UNKNOWN_ROUTE, "docs/api.md lists the routes.", request_id=request_id)
        allowed = ", ".join(methods + ["HEAD"] * ("GET" in methods))
        return problem(
            WRONG_METHOD,
            f"{method} is not among the methods of this route: {allowed}",
            request_id=request_id,
            headers={"Allow": allowed},
        )


def serve(
    index: str,
    *,
    counters: str | None = None,
    host: str = "127.0.0.1",
    port: int = 8000,
    on_ready: Callable[[str], None],
) -> None:
    """Serve the index at `index` (a path, file:///.. or s3://..) until interrupted.

    `counters` (a path or dynamodb://table) is where events are counted; None leaves that to the
    environment, without which events are refused. Port 0 takes any free one. `on_ready` gets the
    base URL when requests are being answered. Raises `InputError` when the address cannot be
    listened on or the counters' secret not be kept.
    """
    # The handlers' settings are their environment, here as on Lambda.
    if counters is not None:
        _set_up_secrets(counters)
        os.environ[COUNTERS_VARIABLE] = counters
    os.environ[INDEX_VARIABLE] = index
    os.environ.setdefault(METRICS_VARIABLE, "off")
    os.environ.setdefault(LOG_LEVEL_VARIABLE, "WARNING")
    with listen(host, port) as listener:
        server = make_server(Forum(Gateway(read_routes())), listener)
        shown = f"[{host}]" if ":" in host else host
        on_ready(f"http://{shown}:{listener.getsockname()[1]}")
        try:
            with _hot_lists_kept_fresh(index, counters):
                server.run()
        finally:
            server.close()


def _hot_lists_kept_fresh(index: str, counters: str | None) -> AbstractContextManager[None]:
    """Refresh them while the server runs, where there is a published index to put them beside."""
    folder = local_folder(index)
    if counters is None or folder is None or not (folder / POINTER_KEY).is_file():
        return nullcontext()
    from functions.hot_refresh import refresh  # noqa: PLC0415 - reads the environment set above

    return refreshing(lambda: refresh(datetime.now(UTC)))


def _set_up_secrets(counters: str) -> None:
    """Give the handlers keys of this machine where the environment names none.

    Refused here and not with the first event: a place that names no counters, or keeps no secret.
    """
    check_place(counters)
    if "://" in counters:
        # Nowhere to keep one: good for as long as this process lives.
        secret = secrets.token_hex(SECRET_CHARACTERS // 2)
    else:
        secret = read_or_make_secret(Path(f"{counters}.secret"))
    os.environ.setdefault(TOKEN_KEYS_VARIABLE, f"local:{secret[: SECRET_CHARACTERS // 2]}")
    os.environ.setdefault(VISITOR_SECRET_VARIABLE, secret[SECRET_CHARACTERS // 2 :])


def _is_own_request(environment: Mapping[str, Any]) -> bool:
    """Tell whether a program on this machine asks: from a loopback address, and no web page."""
    try:
        address = ip_address(environment.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback and "HTTP_ORIGIN" not in environment


def _load_handler(name: str) -> LambdaHandler:
    module, _, function = name.rpartition(".")
    handler: LambdaHandler = getattr(import_module(module), function)
    return handler
