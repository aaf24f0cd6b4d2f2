"""Asks the forum for pages, as a browser would."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import unquote

from local.web.forum import Forum


@dataclass(frozen=True)
class PageAnswer:
    status: int
    headers: dict[str, str]
    text: str


Ask = Callable[..., PageAnswer]


def asker(forum: Forum) -> Ask:
    """Return a function that asks `forum` for a path, as a browser would spell it."""

    def ask(target: str, method: str = "GET", **headers: str) -> PageAnswer:
        path, _, query = target.partition("?")
        got: list[tuple[str, dict[str, str]]] = []
        environment = {
            "REQUEST_METHOD": method,
            "PATH_INFO": unquote(path, "latin-1"),
            "QUERY_STRING": query,
            "wsgi.input": BytesIO(),
            **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
        }
        body = b"".join(forum(environment, lambda status, found: got.append((status, dict(found)))))
        status, found = got[0]
        return PageAnswer(int(status.partition(" ")[0]), found, body.decode("utf-8"))

    return ask
