"""How does the gateway itself say no?

Only for what never reaches a handler. Invariant: the documents are those of the handlers, so a
caller needs one way to read errors.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from functions.responses import Problem, problem_response
from local.http_events import HttpResponse, read_response


def problem(
    kind: Problem,
    detail: str,
    *,
    request_id: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Return `kind` as an HTTP response; a request without an id gets one."""
    response = problem_response(
        kind, detail, request_id=request_id or str(uuid.uuid4()), headers=headers
    )
    return read_response(
        {
            "statusCode": response.status_code,
            "headers": response.headers,
            "body": response.body,
        }
    )
