from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from engine.errors import (
    ArticleNotFoundError,
    ArtifactDamagedError,
    CountersUnavailableError,
    GateRefusedError,
    IndexUnavailableError,
    ObjectNotFoundError,
    QueryError,
    RequestTooLargeError,
    StoreConflictError,
    StoreUnavailableError,
)
from engine.index.snapshot import Snapshot
from functions.json_text import to_json
from functions.powertools import Response
from functions.responses import answer, detail_of, problem_of, problem_response


class PublishedSnapshot:
    """The two facts of a snapshot that an answer carries."""

    version = "0123456789abcdef"
    generated_at = datetime(2026, 5, 4, 0, 30, tzinfo=UTC)


def answered(body: dict[str, Any], **options: Any) -> Response[str]:
    arguments = {
        "degraded": False,
        "now": datetime(2026, 5, 4, 0, 30, 17, tzinfo=UTC),
        "request_id": "r-1",
        "if_none_match": None,
        **options,
    }
    return answer(body, cast(Snapshot, PublishedSnapshot()), **arguments)


def test_every_answer_carries_version_time_state_and_request() -> None:
    response = answered({"items": []})
    assert response.status_code == 200
    assert json.loads(response.body or "") == {
        "items": [],
        "index_version": "0123456789abcdef",
        "generated_at": "2026-05-04T08:30:00+08:00",
        "age_s": 17,
        "degraded": False,
        "request_id": "r-1",
    }
    assert response.headers["Content-Type"] == "application/json; charset=utf-8"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "max-age" in str(response.headers["Cache-Control"])


def test_chinese_is_sent_as_it_is() -> None:
    assert "直通车" in (answered({"title": "直通车"}).body or "")


def test_half_a_surrogate_pair_never_breaks_the_encoding() -> None:
    text = to_json({"a\ud800": "店\udfff铺", "whole": "\U00020bb7"})
    assert json.loads(text.encode("utf-8")) == {"a\ufffd": "店\ufffd铺", "whole": "𠮷"}


def test_the_etag_is_strong_and_the_same_for_the_same_content() -> None:
    first = answered({"items": [1]}, request_id="r-1").headers["ETag"]
    later = datetime(2026, 5, 4, 1, 0, tzinfo=UTC)
    second = answered({"items": [1]}, request_id="r-2", now=later).headers["ETag"]
    other = answered({"items": [2]}).headers["ETag"]
    assert first == second != other
    assert str(first).startswith('"')


@pytest.mark.parametrize("form", ["{}", "W/{}", '"x", {}', "*"])
def test_who_has_the_content_gets_304_without_a_body(form: str) -> None:
    etag = answered({"items": [1]}).headers["ETag"]
    response = answered({"items": [1]}, if_none_match=form.format(etag), request_id="r-3")
    assert response.status_code == 304
    assert response.body is None
    assert response.headers["ETag"] == etag
    assert "Content-Type" not in response.headers


@pytest.mark.parametrize("form", ["", '"other"', '"', "garbage"])
def test_who_has_something_else_gets_the_content(form: str) -> None:
    assert answered({"items": [1]}, if_none_match=form).status_code == 200


@pytest.mark.parametrize(
    ("error", "kind", "status"),
    [
        (QueryError("size", "expected a number"), "bad-request", 400),
        (ArticleNotFoundError("wpm-1"), "not-found", 404),
        (ObjectNotFoundError("manifest.json", "s3://bucket"), "not-found", 404),
        (IndexUnavailableError("no index was named"), "index-unavailable", 503),
        (StoreUnavailableError("no answer"), "index-unavailable", 503),
        (CountersUnavailableError("throttled"), "counters-unavailable", 503),
        (RequestTooLargeError("body", "5,000 bytes"), "too-large", 413),
        (StoreConflictError("somebody else wrote"), "index-unavailable", 503),
        (ArtifactDamagedError("tags.json: missing"), "index-unavailable", 503),
        (GateRefusedError("gate", "1", "0", "mend"), "internal", 500),
        (ValueError("a bug"), "internal", 500),
    ],
)
def test_each_kind_of_error_has_its_problem(error: Exception, kind: str, status: int) -> None:
    problem = problem_of(error)
    assert (problem.kind, problem.status) == (kind, status)


def test_a_problem_is_an_rfc_9457_document() -> None:
    error = QueryError("size", "expected a whole number")
    response = problem_response(problem_of(error), detail_of(error), request_id="r-1")
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Cache-Control"] == "no-store"
    assert json.loads(response.body or "") == {
        "type": "urn:wenmai:problem:bad-request",
        "title": "The request cannot be understood",
        "status": 400,
        "detail": "size: expected a whole number",
        "request_id": "r-1",
    }


def test_unavailable_says_when_to_try_again() -> None:
    error = StoreUnavailableError("s3://bucket: no answer")
    response = problem_response(problem_of(error), detail_of(error), request_id="r-1")
    assert response.headers["Retry-After"] == "5"


@pytest.mark.parametrize(
    "error", [StoreUnavailableError("s3://secret: no answer"), ValueError("secret")]
)
def test_what_is_wrong_inside_stays_inside(error: Exception) -> None:
    assert "secret" not in detail_of(error)
