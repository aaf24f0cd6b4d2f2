"""When events cannot be counted, and what is never kept of them."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from event_calls import Page, counting, send

from engine.errors import CountersUnavailableError

CANARY = "鹩鸲虢氍"
ADDRESS = "203.0.113.77"


@pytest.mark.parametrize(
    "missing", [{"token_keys": ()}, {"visitor_secret": None}], ids=["token keys", "visitor secret"]
)
def test_without_keys_events_are_refused_with_503_and_the_log_says_why(
    served_index: Path, tmp_path: Path, missing: dict[str, Any], log: io.StringIO
) -> None:
    with counting(tmp_path, **missing) as page:
        answer = page.send(type="view", article_id="41")
        assert answer.status == 503
        assert answer.headers["Retry-After"] == "5"
        assert answer.body["type"] == "urn:wenmai:problem:counters-unavailable"
        assert page.is_empty
    assert "WENMAI_TOKEN_KEYS and WENMAI_VISITOR_SECRET" in log.getvalue()


def test_counters_that_fail_are_a_503_and_search_goes_on(
    page: Page, get, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> bool:
        raise CountersUnavailableError("dynamodb://table: DynamoDB refused (ThrottlingException)")

    monkeypatch.setattr(page.counters, "count", fail)
    answer = page.send(type="view", article_id="41")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    assert "Throttling" not in json.dumps(answer.body)
    assert get("/v1/search", "q=a").status == 200
    monkeypatch.undo()


def test_nothing_personal_is_logged_or_kept(page: Page, tmp_path: Path, log: io.StringIO) -> None:
    events = (
        {"type": "view", "article_id": "41", "visitor": "canary-visitor"},
        {"type": "search", "query": CANARY, "visitor": "canary-visitor"},
        {"type": "click", "article_id": "41", "query": CANARY, "position": 1},
        {"type": "view", "article_id": "canary-article"},
        {"type": "search", "query": "canary-query" * 50},
    )
    for event in events:
        send(event, ip=ADDRESS, browser="canary-browser")
    told = log.getvalue()
    assert told.count('"answered"') == len(events)
    for personal in (ascii(CANARY)[1:-1], "canary", ADDRESS):
        assert personal not in told
    page.counters.close()
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    # The query itself is kept, for it is what is counted; who asked is not.
    assert CANARY.encode() in kept
    assert b"canary-visitor" not in kept
    assert b"canary-browser" not in kept
    assert ADDRESS.encode() not in kept
