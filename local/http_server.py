"""How are requests taken from a socket?

By waitress, with two habits changed: a URL typed with Chinese in it is understood, and what cannot
be read is answered with a problem document. Invariant: no request, however malformed or large,
takes more memory than the limits here say, and each gets an answer.
"""

from __future__ import annotations

import logging
import re
import socket
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import create_server
from waitress.task import ErrorTask

from engine.errors import InputError
from functions.responses import Problem
from local.problems import problem

MAX_BODY_BYTES = 6 * 1024 * 1024
"""What Lambda takes in one request."""

MAX_HEADER_BYTES = 128 * 1024
"""More than API Gateway takes, so that an overlong query is refused by the handler, by name."""

_THREADS = 4

_NOT_ASCII = re.compile(rb"[\x80-\xff]")


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens on `host` and `port`, 0 for any free one.

    Raises `InputError` when that address cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise InputError(
            f"cannot listen on {host} port {port} ({error.strerror or error}); "
            "choose another port, or 0 for any free one"
        ) from error


def make_server(application: Callable[..., Any], listener: socket.socket) -> Any:
    """Return a waitress server for the WSGI `application`; it has `run()` and `close()`."""
    # It would report every request that waits for its turn.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    server: Any = create_server(
        application,
        sockets=[listener],
        threads=_THREADS,
        ident=None,
        max_request_body_size=MAX_BODY_BYTES,
        max_request_header_size=MAX_HEADER_BYTES,
    )
    server.channel_class = _Channel
    return server


class _Parser(HTTPRequestParser):
    def parse_header(self, header_plus: bytes) -> None:
        # A browser escapes what is not ASCII; a person who types a curl command does not.
        line, end, rest = header_plus.partition(b"\r\n")
        escaped = _NOT_ASCII.sub(lambda found: b"%%%02X" % found.group()[0], line)
        super().parse_header(escaped + end + rest)


class _ProblemTask(ErrorTask):
    def execute(self) -> None:
        request: Any = self.request
        error = request.error
        kind = Problem("unreadable", "The request cannot be read", HTTPStatus(error.code))
        response = problem(kind, f"{error.reason}: {error.body}")
        self.status = response.status
        self.response_headers = response.headers
        self.content_length = len(response.body)
        self.set_close_on_finish()
        self.write(response.body)


class _Channel(HTTPChannel):
    parser_class = _Parser
    error_task_class = _ProblemTask
