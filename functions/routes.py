"""Which route does a request take, and what of the request do routes see?

API Gateway's HTTP API decodes the path before it routes and before it passes it on, so an id sent
as `a%2Fb` arrives as `a/b`; function URLs and hand-made events keep the escapes. Invariant: an id
reaches the engine as the article has it, whatever characters it holds and whoever sent the event.

Powertools keeps the current event in a class attribute. So one process answers one request at a
time, as Lambda has it anyway; a server with threads must take turns (`local.gateway` does).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from engine.index.snapshot import Snapshot
from functions import runtime
from functions.powertools import APIGatewayHttpResolver, Response
from functions.responses import CACHE_BRIEFLY, answer

_PARAMETER = re.compile(r"<(\w+)>")


class Routes(APIGatewayHttpResolver):
    """A resolver whose path parameters may hold any character, `/` included.

    Routes are tried in the order of their registration, so a longer one comes first: what
    `/v1/articles/<article_id>/related` does not match is left to `/v1/articles/<article_id>`.
    """

    def __init__(self) -> None:
        # debug: POWERTOOLS_DEV in the environment must not print whole events.
        super().__init__(debug=False)
        self.facts: dict[str, Any] = {}
        """What the log and the metrics should know of the current answer."""

    @staticmethod
    def _compile_regex(rule: str, base_regex: str = "^{}$") -> re.Pattern[str]:
        # Powertools' own pattern stops at `/`, `"`, `#`, `?` and the backslash.
        return re.compile(base_regex.format(_PARAMETER.sub(r"(?P<\1>.+)", rule)), re.DOTALL)

    @property
    def request_id(self) -> str:
        """The id under which API Gateway logs the current request."""
        return self.current_event.request_context.request_id

    @property
    def query_string(self) -> str:
        """The query string of the current request as it was sent."""
        return self.current_event.get("rawQueryString") or ""

    def answer(
        self,
        body: Mapping[str, Any],
        snapshot: Snapshot,
        *,
        cache_control: str = CACHE_BRIEFLY,
        headers: Mapping[str, str] | None = None,
        status: HTTPStatus = HTTPStatus.OK,
    ) -> Response[str]:
        """Return the response to the current request; see `responses.answer`."""
        return answer(
            body,
            snapshot,
            degraded=runtime.freshness().degraded,
            now=datetime.now(UTC),
            request_id=self.request_id,
            if_none_match=self.current_event.headers.get("if-none-match"),
            cache_control=cache_control,
            headers=headers,
            status=status,
        )


def readings(parameter: str) -> tuple[str, ...]:
    """Return what a path parameter can mean: the text itself, then the text unescaped."""
    try:
        unescaped = unquote(parameter, errors="strict")
    except UnicodeError:
        return (parameter,)
    return (parameter,) if unescaped == parameter else (parameter, unescaped)
