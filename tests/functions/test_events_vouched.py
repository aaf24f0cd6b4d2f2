"""Tokens of answers, and the events that they vouch for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from event_calls import Page, counting

from functions import runtime


def test_the_token_of_an_answer_vouches_for_its_events(page: Page, get) -> None:
    article = get("/v1/articles/41").body["token"]
    assert page.send(type="view", article_id="41", token=article).body["counted"] is True
    blocks = get("/v1/articles/42/blocks").body["token"]
    assert page.send(type="view", article_id="42", token=blocks).body["counted"] is True
    found = get("/v1/search", "q=" + quote("直通車")).body["token"]
    for event in (
        {"type": "search", "query": "直通车"},
        {"type": "click", "article_id": "42", "query": " 直通車", "position": 1},
    ):
        assert page.send(**event, token=found).body["counted"] is True


def test_a_token_of_something_else_counts_nothing(page: Page, get) -> None:
    article = get("/v1/articles/41").body["token"]
    found = get("/v1/search", "q=" + quote("直通车")).body["token"]
    for event in (
        {"type": "view", "article_id": "42", "token": article},
        {"type": "view", "article_id": "41", "token": found},
        {"type": "search", "query": "直通车", "token": article},
        {"type": "search", "query": "拼多多", "token": found},
        {"type": "click", "article_id": "41", "query": "拼多多", "position": 1, "token": found},
    ):
        answer = page.send(**event)
        assert (answer.status, answer.body["detail"][:6]) == (400, "token:")
    assert page.is_empty


def test_an_expired_token_counts_nothing(page: Page) -> None:
    token = runtime.event_tokens.issue("article", "41", datetime.now(UTC) - timedelta(minutes=34))
    answer = page.send(type="view", article_id="41", token=token)
    assert answer.status == 400
    assert "expired" in answer.body["detail"]
    assert page.is_empty


def test_tokens_can_be_required(served_index: Path, tmp_path: Path, get) -> None:
    with counting(tmp_path, event_tokens_required=True) as page:
        answer = page.send(type="view", article_id="41")
        assert (answer.status, answer.body["detail"][:14]) == (400, "token: missing")
        assert page.is_empty
        token = get("/v1/articles/41").body["token"]
        assert page.send(type="view", article_id="41", token=token).status == 202


@pytest.mark.parametrize("path", ["/v1/articles/41", "/v1/articles/41/blocks", "/v1/search"])
def test_a_token_changes_neither_etag_nor_caching(
    page: Page, get, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = "q=a" if path == "/v1/search" else ""
    first = get(path, query)
    assert first.headers["Event-Token"] == first.body["token"]
    assert first.headers["Cache-Control"].startswith("public")
    monkeypatch.setattr(runtime, "issue_token", lambda *_: "another")
    second = get(path, query)
    assert second.body["token"] == "another"
    assert second.headers["ETag"] == first.headers["ETag"]
    # Who has the answer already still gets a fresh token: their old one runs out.
    third = get(path, query, if_none_match=first.headers["ETag"])
    assert (third.status, third.headers["Event-Token"]) == (304, "another")


def test_without_keys_answers_have_no_token(served_index: Path, tmp_path: Path, get) -> None:
    with counting(tmp_path, token_keys=()):
        answer = get("/v1/articles/41")
    assert answer.body["token"] is None
    assert "Event-Token" not in answer.headers
