"""Sends events to the real handler, as a page would."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from handler_calls import Answer, invoke

from engine.counters.buckets import Bucket
from engine.counters.protocol import Counters
from functions import runtime
from functions.event_tokens import EventTokens, parse_token_keys
from functions.warm_counters import WarmCounters
from local.http_events import make_event

TOKEN_KEYS = parse_token_keys("now:a-key-for-the-tests,then:another-for-tests")
HANDLER = "functions.events.handler"


@dataclass
class Page:
    """A page that reports to counters of its own."""

    counters: Counters

    def send(self, body: Any = None, **event: Any) -> Answer:
        """Send an event, or `body` as it is: a text, or bytes, which arrive as base64."""
        return send(event if body is None else body)

    @property
    def views(self) -> dict[str, int]:
        """Return the views by article id."""
        return {row.article_id: row.views for row in self.counters.article_totals()}

    @property
    def is_empty(self) -> bool:
        """Say whether nothing at all was counted."""
        now = datetime.now(UTC)
        return not (
            list(self.counters.article_totals())
            or list(self.counters.search_counts(Bucket.DAY, now, now))
            or list(self.counters.click_counts(now, now))
        )


def send(
    body: Any, *, ip: str = "203.0.113.7", browser: str = "Mozilla/5.0", query: str = ""
) -> Answer:
    """Send `body` to POST /v1/events."""
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    event = make_event(
        {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": "/v1/events",
            "QUERY_STRING": query,
            "REMOTE_ADDR": ip,
            "HTTP_USER_AGENT": browser,
            "CONTENT_TYPE": "text/plain;charset=UTF-8",
        },
        route_key="POST /v1/events",
        path_parameters={},
        body=data,
        request_id="request-1",
        now=datetime.now(UTC),
    )
    if isinstance(body, bytes):
        event["body"], event["isBase64Encoded"] = base64.b64encode(data).decode("ascii"), True
    return invoke(event, HANDLER)


@contextmanager
def counting(folder: Path, **settings: Any) -> Iterator[Page]:
    """Let the handlers of this process count into a new file in `folder`."""
    chosen = replace(
        runtime.settings,
        **{
            "counters_url": str(folder / "counters.sqlite"),
            "token_keys": TOKEN_KEYS,
            "visitor_secret": "a secret for the tests",
            **settings,
        },
    )
    counters = WarmCounters(chosen)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runtime, "settings", chosen)
        patch.setattr(runtime, "warm_counters", counters)
        patch.setattr(runtime, "event_tokens", EventTokens(chosen.token_keys))
        page = Page(counters.current())
        yield page
        page.counters.close()
