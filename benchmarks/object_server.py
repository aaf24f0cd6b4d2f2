"""How does S3 answer, without its speed being that of a mock written in Python?

A published folder served over HTTP as a bucket that is only read: GET with ranges and `If-None-Match`, 404
for what is not there, each answer after so many milliseconds, as many at once as are asked for. No signature
is looked at. moto, which stands in for S3 in the tests, copies the whole object for each range of it: 27 ms
for 64 KB of a file of 35 MB.
"""

from __future__ import annotations

import argparse
import os
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

_MISSING = b"<?xml version='1.0'?><Error><Code>NoSuchKey</Code></Error>"


@dataclass(slots=True)
class Traffic:
    """What was asked for so far."""

    requests: int = 0
    sent_bytes: int = 0


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, folder: Path, latency_seconds: float, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.folder = folder
        self.latency_seconds = latency_seconds
        self.traffic = Traffic()
        self.counting = threading.Lock()

    def count(self, sent_bytes: int) -> None:
        with self.counting:
            self.traffic.requests += 1
            self.traffic.sent_bytes += sent_bytes


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        time.sleep(self.server.latency_seconds)
        # /bucket/key: the folder is the bucket.
        key = unquote(urlsplit(self.path).path).lstrip("/").partition("/")[2]
        path = self.server.folder / key
        try:
            with path.open("rb") as file:
                self._send(file.fileno())
        except OSError:
            self._answer(404, len(_MISSING), {})
            self.wfile.write(_MISSING)
            self.server.count(len(_MISSING))

    def _send(self, descriptor: int) -> None:
        status = os.fstat(descriptor)
        size, etag = status.st_size, f'"{status.st_mtime_ns:x}-{status.st_size:x}"'
        if self.headers.get("If-None-Match") == etag:
            self._answer(304, 0, {"ETag": etag})
            self.server.count(0)
            return
        first, last = 0, size - 1
        more = {"ETag": etag, "Last-Modified": self.date_time_string(int(status.st_mtime))}
        asked = self.headers.get("Range", "").removeprefix("bytes=").partition("-")
        if asked[1]:
            first, last = int(asked[0]), min(int(asked[2]), size - 1)
            more["Content-Range"] = f"bytes {first}-{last}/{size}"
        length = last - first + 1
        self._answer(206 if asked[1] else 200, length, more)
        self.wfile.flush()
        sent = 0
        while sent < length:
            sent += os.sendfile(self.connection.fileno(), descriptor, first + sent, length - sent)
        self.server.count(length)

    def _answer(self, status: int, length: int, more: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(length), **more}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing: a line for each request would be most of the time."""


@contextmanager
def serving(folder: Path, latency_ms: float, port: int = 0) -> Iterator[tuple[str, Traffic]]:
    """Serve `folder` as every bucket; yield the endpoint's URL and what is asked of it."""
    server = _Server(folder, latency_ms / 1_000, port)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", server.traffic
    finally:
        server.shutdown()
        server.server_close()


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description="Serve a published folder as a bucket.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--latency-ms", type=float, default=15.0)
    parser.add_argument("--port", type=int, default=0)
    given = parser.parse_args(arguments)
    with serving(given.folder, given.latency_ms, given.port) as (url, _):
        print(f"AWS_ENDPOINT_URL={url}", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
