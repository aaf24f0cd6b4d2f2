"""Every call to S3 ends by its deadline, whatever the other side does."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from scripted_s3 import Answer, answer, drip, scripted_s3

from engine.errors import StoreUnavailableError
from engine.store.deadline import call_within
from engine.store.protocol import Store
from engine.store.s3 import S3Store
from engine.store.s3_client import S3Options

DEADLINE_SECONDS = 0.4
TOLERANCE_SECONDS = 0.4

METHODS: dict[str, Callable[[Store], object]] = {
    "get": lambda store: store.get("a"),
    "get_range": lambda store: store.get_range("a", 0, 10),
    "get_if_changed": lambda store: store.get_if_changed("a", '"tag"'),
    "put_if_absent": lambda store: store.put_if_absent("a", b"x"),
    "compare_and_swap": lambda store: store.compare_and_swap("a", b"x", '"tag"'),
    "list": lambda store: store.list("a/"),
    "delete": lambda store: store.delete("a"),
}


@contextmanager
def unavailable_in_time() -> Iterator[None]:
    started = time.monotonic()
    with pytest.raises(StoreUnavailableError):
        yield
    assert time.monotonic() - started < DEADLINE_SECONDS + TOLERANCE_SECONDS


def open_port(port: int) -> S3Store:
    options = S3Options(f"http://127.0.0.1:{port}", "us-east-1", "key", "secret")
    return S3Store("bucket", options=options, deadline_seconds=DEADLINE_SECONDS)


@pytest.mark.parametrize("method", METHODS)
def test_a_closed_port_is_unavailable_by_the_deadline(method: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with unavailable_in_time():
        METHODS[method](open_port(port))


@pytest.mark.parametrize("method", METHODS)
def test_a_server_that_never_answers_is_unavailable_by_the_deadline(method: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, unavailable_in_time():
        METHODS[method](open_port(listener.getsockname()[1]))


def test_an_answer_that_drips_is_unavailable_by_the_deadline() -> None:
    with scripted_s3(drip) as server, unavailable_in_time():
        server.open(DEADLINE_SECONDS).get("a")


def test_a_listing_of_slow_pages_is_unavailable_by_the_deadline() -> None:
    # Each page is in time for itself; only the call as a whole is not.
    with scripted_s3(after(0.1, endless_page)) as server, unavailable_in_time():
        server.open(DEADLINE_SECONDS).list("versions/")
    assert len(server.requests) > 2


def test_a_credential_service_that_never_answers_is_unavailable_by_the_deadline(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID", raising=False)
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY", raising=False)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        monkeypatch.setenv("AWS_METADATA_ENDPOINT", url)
        store = S3Store(
            "bucket", options=S3Options(url, "us-east-1"), deadline_seconds=DEADLINE_SECONDS
        )
        with unavailable_in_time():
            store.get("a")


def test_a_short_stall_does_not_cost_the_call() -> None:
    page = b"<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>"
    with scripted_s3(after(0.6, endless_page), answer("200 OK", page)) as server:
        assert list(server.open(1.0).list()) == []
        assert len(server.requests) == 2


def test_call_within_hands_over_answers_and_errors() -> None:
    assert call_within(1, lambda: "文脉") == "文脉"
    with pytest.raises(ZeroDivisionError):
        call_within(1, lambda: 1 / 0)
    with pytest.raises(SystemExit):
        call_within(1, lambda: exec("raise SystemExit"))  # noqa: S102 - a lambda cannot raise
    with pytest.raises(TimeoutError, match=r"no answer within 0\.05 s"):
        call_within(0.05, lambda: time.sleep(0.3))


endless_page = answer(
    "200 OK",
    b"<ListBucketResult><IsTruncated>true</IsTruncated><KeyCount>1</KeyCount>"
    b"<Contents><Key>versions/a</Key><LastModified>2024-01-01T00:00:00.000Z</LastModified>"
    b'<ETag>"tag"</ETag><Size>1</Size></Contents>'
    b"<NextContinuationToken>more</NextContinuationToken></ListBucketResult>",
)


def after(seconds: float, late: Answer) -> Answer:
    def stall(connection: socket.socket) -> None:
        time.sleep(seconds)
        late(connection)

    return stall
