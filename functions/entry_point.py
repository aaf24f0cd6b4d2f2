"""What happens around every request?

A route runs, what it raises becomes a problem document, and one log line and one metrics line tell
how it went. Invariant: whatever a request holds, an HTTP response comes out, and no log line at
INFO or above holds the text that a visitor typed.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from functions import runtime
from functions.powertools import Response, RouteNotFoundError
from functions.responses import (
    INTERNAL,
    UNKNOWN_ROUTE,
    detail_of,
    problem_of,
    problem_response,
)
from functions.routes import Routes

Handler = Callable[[dict[str, Any], Any], dict[str, Any]]


def entry_point(routes: Routes) -> Handler:
    """Return the Lambda handler that answers by `routes`."""

    def unknown_route(_error: RouteNotFoundError) -> Response[str]:
        method = routes.current_event.http_method
        return problem_response(
            UNKNOWN_ROUTE,
            f"no route takes {method} for this path; docs/api.md lists the routes",
            request_id=routes.request_id,
        )

    def failed(error: Exception) -> Response[str]:
        problem = problem_of(error)
        if problem.status == HTTPStatus.SERVICE_UNAVAILABLE:
            runtime.logger.error(
                problem.title,
                extra={"request_id": routes.request_id, "reason": str(error)},
            )
        elif problem is INTERNAL:
            runtime.logger.error(
                "a request failed", exc_info=error, extra={"request_id": routes.request_id}
            )
        routes.facts["problem"] = problem.kind
        return problem_response(problem, detail_of(error), request_id=routes.request_id)

    routes.not_found(unknown_route)
    routes.exception_handler(Exception)(failed)

    def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
        started = time.perf_counter()
        routes.facts.clear()
        response = routes.resolve(event, context)
        latency_ms = round(1_000 * (time.perf_counter() - started), 3)
        # The route's key comes from the template: a path holds ids, and there is no end of them.
        route = event.get("routeKey") or "unknown"
        runtime.log_request(
            {
                "request_id": event["requestContext"]["requestId"],
                "route": route,
                "status": response["statusCode"],
                "latency_ms": latency_ms,
                **routes.facts,
            }
        )
        runtime.record_request(
            route,
            latency_ms,
            tier=routes.facts.get("tier"),
            total=routes.facts.get("total"),
            not_modified=response["statusCode"] == HTTPStatus.NOT_MODIFIED,
        )
        return response

    return handler
