from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from local.http_events import make_event, read_response

NOW = datetime(2026, 7, 10, 19, 19, 5, 766_000, tzinfo=UTC)


def event_of(body: bytes = b"", **environment: Any) -> dict[str, Any]:
    complete = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/v1/search",
        "QUERY_STRING": "",
        "REMOTE_ADDR": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http",
        **environment,
    }
    return make_event(
        complete,
        route_key="GET /v1/search",
        path_parameters={},
        body=body,
        request_id="r-1",
        now=NOW,
    )


def latin(text: str) -> str:
    return text.encode("utf-8").decode("latin-1")


def test_a_plain_request_is_the_event_that_api_gateway_sends() -> None:
    event = event_of(
        QUERY_STRING="q=a", HTTP_HOST="forum.example:8000", HTTP_USER_AGENT="curl/8.7.1"
    )
    assert event == {
        "version": "2.0",
        "routeKey": "GET /v1/search",
        "rawPath": "/v1/search",
        "rawQueryString": "q=a",
        "headers": {
            "host": "forum.example:8000",
            "user-agent": "curl/8.7.1",
            "x-forwarded-for": "127.0.0.1",
            "x-forwarded-port": "8000",
            "x-forwarded-proto": "http",
        },
        "queryStringParameters": {"q": "a"},
        "requestContext": {
            "accountId": "000000000000",
            "apiId": "local",
            "domainName": "forum.example:8000",
            "domainPrefix": "forum",
            "http": {
                "method": "GET",
                "path": "/v1/search",
                "protocol": "HTTP/1.1",
                "sourceIp": "127.0.0.1",
                "userAgent": "curl/8.7.1",
            },
            "requestId": "r-1",
            "routeKey": "GET /v1/search",
            "stage": "$default",
            "time": "10/Jul/2026:19:19:05 +0000",
            "timeEpoch": 1783711145766,
        },
        "isBase64Encoded": False,
    }


def test_the_query_string_stays_as_it_was_sent_and_its_map_is_decoded_and_joined() -> None:
    raw = "repeat=one&repeat=two&url=https%3A%2F%2Fa%2Fb&plus=a+b&escaped=a%2Bb&empty="
    event = event_of(QUERY_STRING=raw)
    assert event["rawQueryString"] == raw
    assert event["queryStringParameters"] == {
        "repeat": "one,two",
        "url": "https://a/b",
        "plus": "a b",
        "escaped": "a+b",
        "empty": "",
    }


def test_the_path_arrives_decoded() -> None:
    event = event_of(PATH_INFO=latin("/v1/tags/直通车 100%"))
    assert event["rawPath"] == event["requestContext"]["http"]["path"] == "/v1/tags/直通车 100%"


def test_bytes_in_a_path_that_are_no_utf8_are_replaced() -> None:
    assert event_of(PATH_INFO="/v1/tags/\xff")["rawPath"] == "/v1/tags/\ufffd"


def test_cookies_stand_apart_from_the_headers() -> None:
    event = event_of(HTTP_COOKIE="session=abc123; theme=dark")
    assert event["cookies"] == ["session=abc123", "theme=dark"]
    assert "cookie" not in event["headers"]


def test_header_names_are_lower_case() -> None:
    event = event_of(HTTP_IF_NONE_MATCH='"x"', CONTENT_TYPE="text/plain", CONTENT_LENGTH="")
    assert event["headers"]["if-none-match"] == '"x"'
    assert event["headers"]["content-type"] == "text/plain"
    assert "content-length" not in event["headers"]


def test_what_a_request_does_not_have_is_left_out() -> None:
    assert (
        event_of().keys().isdisjoint({"cookies", "queryStringParameters", "pathParameters", "body"})
    )


@pytest.mark.parametrize(
    ("body", "text", "encoded"),
    [('{"赞": 1}'.encode(), '{"赞": 1}', False), (b"\xff\x00", "/wA=", True)],
)
def test_a_body_is_text_where_it_can_be(body: bytes, text: str, encoded: bool) -> None:
    event = event_of(body, REQUEST_METHOD="POST")
    assert event["body"] == text
    assert event["isBase64Encoded"] is encoded


def test_a_response_becomes_bytes_with_their_length() -> None:
    response = read_response(
        {
            "statusCode": 200,
            "headers": {"Content-Type": "text/plain"},
            "cookies": ["a=1", "b=2"],
            "body": "店",
            "isBase64Encoded": False,
        }
    )
    assert response.status == "200 OK"
    assert response.body == "店".encode()
    assert response.headers == [
        ("Content-Type", "text/plain"),
        ("Set-Cookie", "a=1"),
        ("Set-Cookie", "b=2"),
        ("Content-Length", "3"),
    ]


def test_a_binary_response_is_decoded() -> None:
    response = read_response({"statusCode": 200, "body": "/wA=", "isBase64Encoded": True})
    assert response.body == b"\xff\x00"


def test_not_modified_has_neither_body_nor_length() -> None:
    response = read_response({"statusCode": 304, "headers": {"ETag": '"x"'}, "body": None})
    assert (response.status, response.body) == ("304 Not Modified", b"")
    assert response.headers == [("ETag", '"x"')]
