"""POST /v1/events over the sample index and a SQLite file of its own."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from event_calls import Page, counting, send
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.counters.buckets import Bucket
from engine.counters.protocol import Counters
from engine.errors import CountersUnavailableError
from functions import runtime

NOW = datetime.now(UTC)
CANARY = "鹩鸲虢氍"
ADDRESS = "203.0.113.77"


@pytest.fixture
def page(served_index: Path, tmp_path: Path) -> Iterator[Page]:
    with counting(tmp_path) as page:
        yield page


def searches(counters: Counters) -> dict[str, tuple[int, int, int]]:
    until = datetime.now(UTC) + timedelta(hours=1)
    return {
        row.query: (row.searches, row.zero_hits, row.last_total)
        for row in counters.search_counts(Bucket.DAY, NOW, until)
    }


def clicks(counters: Counters) -> dict[tuple[str, int], int]:
    until = datetime.now(UTC) + timedelta(hours=1)
    return {(row.query, row.position): row.clicks for row in counters.click_counts(NOW, until)}


def test_a_view_is_counted_and_acknowledged(page: Page) -> None:
    answer = page.send(type="view", article_id="41", visitor="阿")
    assert answer.status == 202
    assert answer.body.keys() == {
        *("counted", "index_version", "generated_at", "age_s", "degraded", "request_id"),
    }
    assert answer.body["counted"] is True
    assert answer.headers["Cache-Control"] == "no-store"
    assert page.views == {"41": 1}


def test_a_repeated_view_is_acknowledged_and_not_counted(page: Page) -> None:
    answers = [page.send(type="view", article_id="41", visitor="阿") for _ in range(5)]
    assert [answer.status for answer in answers] == [202] * 5
    assert [answer.body["counted"] for answer in answers] == [True, *[False] * 4]
    assert page.views == {"41": 1}


def test_visitors_without_a_name_are_told_apart_by_address_and_browser(page: Page) -> None:
    event = {"type": "view", "article_id": "41"}
    assert send(event, ip=ADDRESS, browser="Firefox").body["counted"] is True
    assert send(event, ip=ADDRESS, browser="Firefox").body["counted"] is False
    assert send(event, ip=ADDRESS, browser="Safari").body["counted"] is True
    assert send(event, ip="203.0.113.78", browser="Firefox").body["counted"] is True
    assert page.views == {"41": 3}


def test_made_up_visitors_of_one_address_count_only_so_often(page: Page) -> None:
    answers = [page.send(type="view", article_id="41", visitor=f"bot {n}") for n in range(50)]
    assert {answer.status for answer in answers} == {202}
    assert page.views == {"41": 32}


def test_a_search_is_counted_as_it_is_understood(page: Page) -> None:
    for name, query in (("阿", "直通车"), ("宝", " 直通車 "), ("陈", "直通车")):
        assert page.send(type="search", query=query, visitor=name).body["counted"] is True
    ((query, (times, zero_hits, total)),) = searches(page.counters).items()
    assert (query, times, zero_hits) == ("直通车", 3, 0)
    assert total >= 4


def test_a_search_that_finds_nothing_is_told_by_the_index_and_not_by_the_page(page: Page) -> None:
    assert page.send(type="search", query=CANARY, visitor="阿").status == 202
    assert searches(page.counters) == {CANARY: (1, 1, 0)}


def test_a_click_is_counted_for_the_article_and_for_the_position(page: Page) -> None:
    event = {"type": "click", "article_id": "42", "query": "直通車", "position": 2}
    assert page.send(**event, visitor="阿").body["counted"] is True
    assert page.send(**event, visitor="阿").body["counted"] is False
    assert page.send(type="click", article_id="42", visitor="阿").body["counted"] is True
    assert clicks(page.counters) == {("直通车", 2): 1}
    assert [(row.article_id, row.clicks) for row in page.counters.article_totals()] == [("42", 2)]


def test_null_counts_as_absent(page: Page) -> None:
    event = {"type": "view", "article_id": "41", "query": None, "position": None, "token": None}
    assert page.send(**event).status == 202


@pytest.mark.parametrize(
    ("event", "named"),
    [
        ({}, "type"),
        ({"type": "purchase"}, "type"),
        ({"type": ["view"]}, "type"),
        ({"type": "view"}, "article_id"),
        ({"type": "view", "article_id": ""}, "article_id"),
        ({"type": "view", "article_id": 41}, "article_id"),
        ({"type": "view", "article_id": True}, "article_id"),
        ({"type": "view", "article_id": ["41"]}, "article_id"),
        ({"type": "view", "article_id": "4" * 201}, "article_id"),
        ({"type": "view", "article_id": "41", "position": 1}, "position"),
        ({"type": "view", "article_id": "41", "query": "直通车"}, "query"),
        ({"type": "view", "article_id": "41", "colour": "red"}, "colour"),
        ({"type": "view", "article_id": "41", "visitor": 7}, "visitor"),
        ({"type": "view", "article_id": "41", "visitor": ""}, "visitor"),
        ({"type": "view", "article_id": "41", "visitor": "v" * 201}, "visitor"),
        ({"type": "view", "article_id": "41", "visitor": "\ud800"}, "visitor"),
        ({"type": "view", "article_id": "41", "visitor": "a\x00b"}, "visitor"),
        ({"type": "click", "position": 1}, "article_id"),
        *(
            ({"type": "click", "article_id": "41", "query": "店", "position": bad}, "position")
            for bad in (-1, 0, 1_001, 10**30, 1.5, "1", True, [1], 1e300)
        ),
        ({"type": "search"}, "query"),
        ({"type": "search", "query": "   "}, "query"),
        ({"type": "search", "query": "店" * 201}, "query"),
        ({"type": "search", "query": "直通车", "article_id": "41"}, "article_id"),
        ({"type": "search", "query": "直\u202e通车"}, "U+202E"),
        ({"type": "view", "article_id": "41", "token": "nonsense"}, "token"),
        ({"type": "view", "article_id": "41", "token": "now.abc." + "x" * 22}, "token"),
    ],
)
def test_a_bad_event_is_a_400_that_names_the_field(
    page: Page, event: dict[str, Any], named: str
) -> None:
    answer = page.send(event)
    assert (answer.status, answer.body["type"]) == (400, "urn:wenmai:problem:bad-request")
    assert named in answer.body["detail"]
    assert page.is_empty


@pytest.mark.parametrize(
    "body",
    [
        *("", "no JSON", "[]", '"view"', "null", "1", "NaN", '{"type":"view"', "[" * 2_000),
        *(b"\xff\xfe{", b'{"type": "view", "article_id": "\xd6\xd0"}'),
    ],
)
def test_what_is_no_json_object_is_a_400(page: Page, body: str | bytes) -> None:
    answer = send(body)
    assert (answer.status, answer.body["type"]) == (400, "urn:wenmai:problem:bad-request")
    assert answer.body["detail"].startswith("body: ")
    assert page.is_empty


def test_a_body_in_base64_is_read(page: Page) -> None:
    body = json.dumps({"type": "view", "article_id": "41"}).encode()
    assert send(body).body["counted"] is True
    assert page.views == {"41": 1}


@pytest.mark.parametrize("size", [4_097, 100_000])
def test_too_large_a_body_is_a_413(page: Page, size: int) -> None:
    event = json.dumps({"type": "view", "article_id": "41", "visitor": "v" * size})
    answer = send(event)
    assert (answer.status, answer.body["type"]) == (413, "urn:wenmai:problem:too-large")
    assert "4,096 bytes" in answer.body["detail"]
    assert page.is_empty


@pytest.mark.parametrize("kind", ["view", "click"])
@pytest.mark.parametrize("article_id", ["no such article", "../41", "41'; DROP TABLE seen; --"])
def test_an_unknown_article_is_a_404(page: Page, kind: str, article_id: str) -> None:
    answer = page.send(type=kind, article_id=article_id)
    assert (answer.status, answer.body["type"]) == (404, "urn:wenmai:problem:not-found")
    assert page.is_empty


def test_parameters_in_the_query_string_are_refused(page: Page) -> None:
    answer = send({"type": "view", "article_id": "41"}, query="debug=1")
    assert answer.status == 400
    assert page.is_empty


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
    token = runtime.event_tokens.issue("article", "41", NOW - timedelta(minutes=34))
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


def test_without_keys_answers_have_no_token(served_index: Path, tmp_path: Path, get) -> None:
    with counting(tmp_path, token_keys=()):
        answer = get("/v1/articles/41")
    assert answer.body["token"] is None
    assert "Event-Token" not in answer.headers


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


FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["view", "click", "search", "", None, 7]),
        "article_id": st.one_of(st.sampled_from(["41", "42"]), st.text(max_size=8)),
        "query": st.text(max_size=20),
        "position": st.one_of(st.integers(), st.floats(), st.none(), st.text(max_size=3)),
        "visitor": st.text(max_size=8),
        "token": st.one_of(st.none(), st.text(max_size=40)),
    },
)


@settings(deadline=None, max_examples=150)
@given(st.one_of(FIELDS, st.text(max_size=60), st.binary(max_size=60)))
def test_any_body_is_answered_below_500(fuzzed: None, body: Any) -> None:
    answer = send(body)
    assert answer.status in {202, 400, 404}
    assert (answer.status == 202) == ("counted" in answer.body)


@pytest.fixture(scope="module")
def fuzzed(served_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with counting(tmp_path_factory.mktemp("fuzzed")):
        yield
