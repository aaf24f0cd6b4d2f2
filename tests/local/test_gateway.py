"""The gateway over a real socket, in front of the real handlers and the real index."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from waitress import wasyncore

from engine.errors import InputError
from local.gateway import Gateway
from local.http_server import MAX_BODY_BYTES, MAX_HEADER_BYTES, listen, make_server
from local.lambda_context import LambdaContext
from local.template_routes import TemplateRoute, read_routes


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def running(gateway: Gateway) -> Iterator[int]:
    with listen("127.0.0.1", 0) as listener:
        server = make_server(gateway, listener)
        stopping = threading.Event()

        def run() -> None:
            while not stopping.is_set():
                server.asyncore.loop(timeout=0.05, count=1, map=server._map)

        thread = threading.Thread(target=run)
        thread.start()
        yield listener.getsockname()[1]
        stopping.set()
        thread.join()
        server.task_dispatcher.shutdown()
        wasyncore.close_all(server._map)


@pytest.fixture(scope="module")
def port(served_index: Path) -> Iterator[int]:
    yield from running(Gateway(read_routes()))


def ask(port: int, target: str, method: str = "GET", **headers: str) -> Reply:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, target, headers={k.replace("_", "-"): v for k, v in headers.items()})
    response = connection.getresponse()
    reply = read(response)
    connection.close()
    return reply


def read(response: http.client.HTTPResponse) -> Reply:
    headers = {name.lower(): value for name, value in response.getheaders()}
    return Reply(response.status, headers, response.read())


def send(port: int, request: bytes) -> Reply:
    """Send bytes as they are: what no HTTP client would send."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request)
        with http.client.HTTPResponse(connection) as response:
            response.begin()
            return read(response)


def problem_kind(reply: Reply) -> str:
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json.keys() == {"type", "title", "status", "detail", "request_id"}
    assert reply.json["status"] == reply.status
    kind: str = reply.json["type"].removeprefix("urn:wenmai:problem:")
    return kind


@pytest.mark.parametrize(
    "target",
    [
        *("/v1/search?q=" + quote("直通车"), "/v1/suggest?q=" + quote("直通"), "/v1/status"),
        *("/v1/hot", "/v1/tags/" + quote("直通车"), "/v1/articles/41", "/v1/articles/41/related"),
    ],
)
def test_every_route_answers_over_http(port: int, target: str) -> None:
    reply = ask(port, target)
    assert reply.status == 200
    assert reply.headers["content-type"] == "application/json; charset=utf-8"
    assert reply.json["request_id"]


def test_a_query_typed_without_escapes_is_understood(port: int) -> None:
    request = "GET /v1/search?q=直通车 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    assert send(port, request.encode()).json["query"]["text"] == "直通车"
    request = "GET /v1/tags/直通车 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    assert send(port, request.encode()).json["total"] > 0


def test_each_request_has_its_own_id(port: int) -> None:
    first, second = ask(port, "/v1/hot"), ask(port, "/v1/hot")
    assert first.json["request_id"] != second.json["request_id"]
    assert first.headers["etag"] == second.headers["etag"]


def test_who_has_the_answer_gets_304(port: int) -> None:
    etag = ask(port, "/v1/hot").headers["etag"]
    reply = ask(port, "/v1/hot", If_None_Match=etag)
    assert (reply.status, reply.body) == (304, b"")
    assert reply.headers["etag"] == etag


def test_head_is_get_without_a_body(port: int) -> None:
    full, head = ask(port, "/v1/articles/41"), ask(port, "/v1/articles/41", "HEAD")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["etag"] == full.headers["etag"]
    assert head.headers["content-length"] == full.headers["content-length"]


@pytest.mark.parametrize("target", ["/", "/v1", "/v1/search/", "/favicon.ico"])
def test_an_unknown_route_is_a_404_problem(port: int, target: str) -> None:
    reply = ask(port, target)
    assert (reply.status, problem_kind(reply)) == (404, "unknown-route")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "QUERY"])
def test_a_wrong_method_is_a_405_problem_that_says_which_are_right(port: int, method: str) -> None:
    reply = ask(port, "/v1/search", method)
    assert (reply.status, problem_kind(reply)) == (405, "wrong-method")
    assert reply.headers["allow"] == "GET, HEAD"


def test_a_bad_parameter_is_a_400_problem(port: int) -> None:
    reply = ask(port, "/v1/search?q=a&size=0")
    assert (reply.status, problem_kind(reply)) == (400, "bad-request")
    assert "size" in reply.json["detail"]


def test_a_query_of_five_thousand_characters_is_refused_by_name(port: int) -> None:
    reply = ask(port, "/v1/search?q=" + quote("店" * 5_000))
    assert (reply.status, problem_kind(reply)) == (400, "bad-request")
    assert reply.json["detail"].startswith("q: ")


def test_a_request_line_without_end_is_refused(port: int) -> None:
    request = b"GET /v1/search?q=" + b"a" * (MAX_HEADER_BYTES + 1)
    reply = send(port, request)
    assert (reply.status, problem_kind(reply)) == (431, "unreadable")


def test_too_large_a_body_is_refused_before_it_is_read(port: int) -> None:
    head = f"GET /v1/hot HTTP/1.1\r\nHost: a\r\nContent-Length: {MAX_BODY_BYTES + 1}\r\n\r\n"
    reply = send(port, head.encode())
    assert (reply.status, problem_kind(reply)) == (413, "unreadable")


@pytest.mark.parametrize(
    "request_bytes", [b"nonsense\r\n\r\n", b"GET /v1/hot\r\nno header\r\n\r\n"]
)
def test_what_is_no_http_is_a_400_problem(port: int, request_bytes: bytes) -> None:
    reply = send(port, request_bytes)
    assert (reply.status, problem_kind(reply)) == (400, "unreadable")


def test_many_at_once_get_each_their_own_answer(port: int) -> None:
    words = ["直通车", "直播", "拼多多", "店铺", "主图", "售后"] * 8

    def searched(word: str) -> str:
        text: str = ask(port, "/v1/search?q=" + quote(word)).json["query"]["text"]
        return text

    with ThreadPoolExecutor(12) as pool:
        assert list(pool.map(searched, words)) == words


def test_a_handler_that_fails_is_a_500_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(_event: object, _context: object) -> dict[str, object]:
        raise MemoryError

    monkeypatch.setattr("functions.search.failing", failing, raising=False)
    servers = running(Gateway([TemplateRoute("GET", "/fail", "functions.search.failing")]))
    reply = ask(next(servers), "/fail")
    assert (reply.status, problem_kind(reply)) == (500, "internal")
    assert list(servers) == []


def test_a_port_that_is_taken_is_named() -> None:
    with listen("127.0.0.1", 0) as listener:
        taken = listener.getsockname()[1]
        with pytest.raises(InputError, match=f"port {taken} .*choose another port"):
            listen("127.0.0.1", taken)


def test_context_has_what_powertools_reads() -> None:
    context = LambdaContext("functions-search-handler", "r-1")
    assert context.aws_request_id == "r-1"
    assert context.invoked_function_arn.endswith(":function:functions-search-handler")
    assert context.log_group_name == "/aws/lambda/functions-search-handler"
    assert context.memory_limit_in_mb > 0
    assert context.get_remaining_time_in_millis() > 0
