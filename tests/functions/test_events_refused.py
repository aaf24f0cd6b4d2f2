"""Which events are refused, and that these count nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from event_calls import Page, counting, send
from hypothesis import given, settings
from hypothesis import strategies as st


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
