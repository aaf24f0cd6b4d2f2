from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from handler_calls import Answer, event_for, invoke

pytestmark = pytest.mark.usefixtures("served_index")


def post(body: Any, query: str = "", **headers: str) -> Answer:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return invoke(*event_for("/v1/recommendations", query, method="POST", body=data, **headers))


def test_a_history_gives_items_as_related_articles_look() -> None:
    answer = post({"history": ["42", "41"], "size": 3})
    assert answer.status == 200
    assert len(answer.body["items"]) == 3
    assert {"score", "source", "shared_terms", "excerpt"} <= answer.body["items"][0].keys()
    assert not {"41", "42"} & {item["id"] for item in answer.body["items"]}
    assert answer.body["unknown"] == []


def test_what_one_reader_gets_is_kept_by_nobody() -> None:
    assert post({"history": ["41"]}).headers["Cache-Control"] == "no-store"


def test_unknown_articles_are_passed_over_and_reported() -> None:
    answer = post({"history": ["41", "没有这篇"]})
    assert answer.status == 200
    assert answer.body["unknown"] == ["没有这篇"]
    assert answer.body["items"] == post({"history": ["41"]}).body["items"]


@pytest.mark.parametrize("body", [{}, {"history": []}, {"history": ["没有这篇"]}])
def test_without_anything_read_hot_articles_come_and_say_so(body: dict[str, Any]) -> None:
    answer = post(body)
    assert {item["source"] for item in answer.body["items"]} == {"hot"}
    assert len(answer.body["items"]) == 10


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"history": ["41"] * 201}, "history: expected at most 200 ids, found 201"),
        ({"history": [str(n) for n in range(10_000)]}, "history: expected at most 200 ids"),
        ({"history": "41"}, "history: expected a list"),
        ({"history": [41]}, "history: expected a list"),
        ({"history": None}, "history: expected a list"),
        ({"history": ["41"], "size": 0}, "size: expected a whole number from 1 to 50"),
        ({"history": ["41"], "size": 51}, "size: "),
        ({"history": ["41"], "size": True}, "size: "),
        ({"history": ["41"], "size": "5"}, "size: "),
        ({"history": ["41"], "reader": "x"}, "'reader': unknown field"),
        ([], "body: expected a JSON object, found a list"),
        (None, "body: expected a JSON object, found null"),
        (b"", "body: expected a JSON object in UTF-8; this is no JSON"),
        (b"{", "body: "),
        (b"\xff\xfe", "body: "),
        (b"[" * 100_000, "body: "),
        (b'{"size": NaN}', "body: "),
    ],
)
def test_a_bad_request_is_refused_with_its_reason(body: Any, named: str) -> None:
    answer = post(body)
    assert answer.status == 400
    assert answer.body["detail"].startswith(named)
    assert len(answer.body["detail"]) < 300


def test_a_query_string_is_refused() -> None:
    assert post({"history": []}, "size=5").status == 400


def test_a_body_in_base64_is_read_like_any_other() -> None:
    event, handler = event_for(
        "/v1/recommendations", method="POST", body=json.dumps({"history": ["41"]}).encode()
    )
    event["body"] = base64.b64encode(event["body"].encode()).decode()
    event["isBase64Encoded"] = True
    assert invoke(event, handler).status == 200
    event["body"] = "%%%"
    assert invoke(event, handler).status == 400


def test_too_large_a_body_is_a_413() -> None:
    answer = post(b"x" * 300_000)
    assert answer.status == 413
    assert answer.body["detail"].startswith("body: expected at most 262,144 bytes")
