"""An HTTP server on a real socket that misbehaves on cue, for what moto never does.

Every connection carries one request and gets the next answer of the script; the last one repeats.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from engine.store.s3 import S3Store
from engine.store.s3_client import S3Options

Answer = Callable[[socket.socket], None]


@dataclass(slots=True)
class ScriptedS3:
    """Where the server listens, and the first line of each request it has had."""

    endpoint_url: str
    requests: list[str] = field(default_factory=list)

    def open(self, deadline_seconds: float = 1.0) -> S3Store:
        options = S3Options(self.endpoint_url, "us-east-1", "key", "secret")
        return S3Store("bucket", options=options, deadline_seconds=deadline_seconds)


@contextlib.contextmanager
def scripted_s3(*answers: Answer) -> Iterator[ScriptedS3]:
    """Serve until the block ends."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        server = ScriptedS3(f"http://127.0.0.1:{listener.getsockname()[1]}")
        threads: list[threading.Thread] = []

        def accept() -> None:
            while True:
                connection, _ = listener.accept()
                thread = threading.Thread(target=serve, args=(connection,))
                threads.append(thread)
                thread.start()

        def serve(connection: socket.socket) -> None:
            # The client hanging up early is what many of these tests are about.
            with connection, contextlib.suppress(OSError):
                request = _read_request(connection)
                if request:
                    server.requests.append(request)
                    answers[min(len(server.requests), len(answers)) - 1](connection)

        def accept_until_closed() -> None:
            with contextlib.suppress(OSError):
                accept()

        acceptor = threading.Thread(target=accept_until_closed)
        acceptor.start()
        try:
            yield server
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            acceptor.join()
            for thread in threads:
                thread.join()


def answer(status: str, body: bytes = b"", *, length: int | None = None, **headers: str) -> Answer:
    """Answer with this status; `length` may promise more than the body holds."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"HTTP/1.1 {status}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in named.items()]
    lines += [f"Content-Length: {len(body) if length is None else length}", "", ""]
    message = "\r\n".join(lines).encode() + body
    return lambda connection: connection.sendall(message)


def an_object(body: bytes, *, length: int | None = None) -> Answer:
    """Answer as S3 answers a GET."""
    return answer(
        "200 OK", body, length=length, ETag='"tag"', Last_Modified="Mon, 01 Jan 2024 00:00:00 GMT"
    )


def written(etag: str = '"new"') -> Answer:
    """Answer as S3 answers a PUT that succeeded."""
    return answer("200 OK", ETag=etag)


def hang_up(connection: socket.socket) -> None:
    """Close without a word."""


def drip(connection: socket.socket) -> None:
    """Promise 1000 bytes and send one every 50 ms, so that no single read times out."""
    an_object(b"", length=1000)(connection)
    for _ in range(1000):
        connection.sendall(b"x")
        time.sleep(0.05)


def _read_request(connection: socket.socket) -> str:
    received = b""
    while b"\r\n\r\n" not in received:
        chunk = connection.recv(65536)
        if not chunk:
            return ""
        received += chunk
    head, _, body = received.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines[1:])
    missing = int(headers.get("content-length", "0")) - len(body)
    while missing > 0:
        missing -= len(connection.recv(65536))
    return lines[0].removesuffix(" HTTP/1.1")
