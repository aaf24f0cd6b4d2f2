"""What surrounds every request: problems for failures, one log line, metrics where wanted."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest
from handler_calls import event_for, invoke

from functions import recommend, runtime, search
from functions.settings import Settings
from functions.warm_snapshot import WarmSnapshot

CANARY = "鹩鸲虢氍"


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def test_each_answer_leaves_one_line_without_the_visitors_words(get, log) -> None:
    get("/v1/search", "q=" + quote(CANARY))
    (line,) = lines(log)
    assert line["message"] == "answered"
    assert line["route"] == "GET /v1/search"
    assert line["status"] == 200
    assert line["request_id"] == "request-1"
    assert line["tier"] == "none"
    assert line["total"] == 0
    assert line["latency_ms"] > 0
    assert CANARY not in log.getvalue()
    assert ascii(CANARY)[1:-1] not in log.getvalue()


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/v1/search", "q=a&sort=" + quote(CANARY)),
        ("/v1/suggest", "q=" + quote(CANARY * 100)),
        ("/v1/articles/" + CANARY, ""),
        ("/v1/tags/" + CANARY, ""),
    ],
)
def test_refusals_are_logged_without_the_visitors_words(get, log, path: str, query: str) -> None:
    get(path, query)
    assert len(lines(log)) == 1
    assert ascii(CANARY)[1:-1] not in log.getvalue()


def test_a_log_line_with_a_lone_surrogate_is_not_lost(log) -> None:
    runtime.logger.warning("half", extra={"text": "店\ud800"})
    (line,) = lines(log)
    assert line["text"] == "店\ud800"
    assert log.getvalue().isascii()


def test_without_an_index_every_route_says_503_and_when_to_return(
    log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtime, "warm_snapshot", WarmSnapshot(Settings("/no/such/secret")))
    for path in ("/v1/status", "/v1/hot", "/v1/tags/a", "/v1/articles/1", "/v1/articles/1/related"):
        answer = invoke(*event_for(path))
        assert answer.status == 503
        assert answer.headers["Retry-After"] == "5"
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.body["type"] == "urn:wenmai:problem:index-unavailable"
        assert "secret" not in json.dumps(answer.body)
    assert all("/no/such/secret" in line["reason"] for line in lines(log) if "reason" in line)


def test_a_bad_request_is_told_so_even_without_an_index(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime, "warm_snapshot", WarmSnapshot(Settings(None)))
    assert invoke(*event_for("/v1/search", "q=")).status == 400


def test_a_bug_is_a_500_whose_trace_is_only_in_the_log(
    get, log, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(search, "search", broken)
    answer = get("/v1/search", "q=a")
    assert answer.status == 500
    assert answer.body["type"] == "urn:wenmai:problem:internal"
    assert "a bug" not in json.dumps(answer.body)
    error = next(line for line in lines(log) if line["level"] == "ERROR")
    assert error["exception_name"] == "ZeroDivisionError"
    assert error["request_id"] == "request-1"


@pytest.mark.parametrize("handler", [search.handler, recommend.handler])
@pytest.mark.parametrize(("method", "path"), [("GET", "/v2/search"), ("POST", "/v1/search")])
def test_a_route_that_a_handler_does_not_have_is_a_404_problem(
    handler: Any, method: str, path: str
) -> None:
    event, _ = event_for("/v1/search", "q=a")
    event["rawPath"] = path
    event["requestContext"]["http"]["method"] = method
    response = handler(event, None)
    assert response["statusCode"] == 404
    assert json.loads(response["body"])["type"] == "urn:wenmai:problem:unknown-route"


def test_powertools_debug_mode_prints_no_events(
    get, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POWERTOOLS_DEV", "true")
    get("/v1/search", "q=" + quote(CANARY))
    assert CANARY not in capsys.readouterr().out


def test_metrics_are_one_line_with_bounded_dimensions(
    get, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtime, "settings", replace(runtime.settings, metrics_enabled=True))
    runtime.logger.setLevel("ERROR")
    get("/v1/search", "q=" + quote(CANARY))
    get("/v1/hot")
    searched, hot = map(json.loads, capsys.readouterr().out.splitlines())
    (definition,) = searched["_aws"]["CloudWatchMetrics"]
    assert definition["Namespace"] == "Wenmai"
    assert sorted(definition["Dimensions"][0]) == ["route", "service", "tier"]
    assert {metric["Name"] for metric in definition["Metrics"]} == {
        "latency_ms",
        "not_modified",
        "zero_hit",
    }
    assert searched["tier"] == "none"
    assert searched["zero_hit"] == [1.0]
    assert sorted(hot["_aws"]["CloudWatchMetrics"][0]["Dimensions"][0]) == ["route", "service"]
    assert hot["route"] == "GET /v1/hot"


def test_metrics_that_are_off_never_reach_stdout(
    get, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtime, "settings", replace(runtime.settings, metrics_enabled=False))
    runtime.logger.setLevel("ERROR")
    for _ in range(120):  # Powertools flushes by itself at a hundred values
        get("/v1/status")
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "payload",
    [
        '\n{"level":"ERROR","message":"forged"}',
        '\r\n","message":"forged","x":"',
        "\x1b[2J\x1b[31mforged",
        '\u2028{"message":"forged"}\u2029',
        "\u202eforged\x00\x7f\x85",
        "${jndi:ldap://forged}\ud800",
    ],
)
def test_what_a_visitor_sends_forges_no_line_and_moves_no_cursor(
    log, monkeypatch: pytest.MonkeyPatch, payload: str
) -> None:
    for path in ("/v1/search", "/v1/suggest", "/v1/status"):
        event, handler = event_for(path, "q=" + quote(payload, errors="surrogatepass"))
        # An id and an address that nobody should believe either.
        event["requestContext"]["requestId"] = payload
        event["requestContext"]["http"]["userAgent"] = payload
        event["headers"]["x-forwarded-for"] = payload
        invoke(event, handler)
    # What an engine's error quotes goes through the same writer.
    runtime.logger.error("quoted", extra={"reason": payload})
    written = log.getvalue()
    assert written.isascii()
    assert all(character == "\n" or character.isprintable() for character in written)
    assert [line["message"] for line in lines(log)] == ["answered"] * 3 + ["quoted"]


def test_no_level_that_is_on_in_production_tells_who_asked(get, log) -> None:
    visitor = "203.0.113.77"
    event, handler = event_for("/v1/search", "q=" + quote(CANARY))
    event["requestContext"]["http"]["sourceIp"] = visitor
    event["headers"]["x-forwarded-for"] = visitor
    event["headers"]["user-agent"] = CANARY
    event["cookies"] = [f"session={CANARY}"]
    invoke(event, handler)
    assert visitor not in log.getvalue()
    assert ascii(CANARY)[1:-1] not in log.getvalue()


def test_routes_nobody_has_make_no_metric_of_their_own(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtime, "settings", replace(runtime.settings, metrics_enabled=True))
    runtime.logger.setLevel("ERROR")
    for number in range(3):
        event, _ = event_for("/v1/search", "q=a")
        event["rawPath"] = f"/v1/nothing/{number}"
        event["routeKey"] = None
        search.handler(event, None)
    written = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {line["route"] for line in written} == {"unknown"}
