"""What does the service answer to a page that is being rendered?

The pages ask over the same routes as anybody else's site, only without a socket in between. Invariant: a
service that fails costs a page its boxes, never the page: the answer then has no body and says why.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and the decoded body: the answer, or the problem document of a refusal."""

    status: int
    body: Mapping[str, Any]

    @property
    def is_good(self) -> bool:
        """Tell whether the body is what was asked for."""
        return self.status == 200

    @property
    def items(self) -> list[Any]:
        """Return the answer's items, none where there is no answer."""
        found = self.body.get("items", []) if self.is_good else []
        return list(found)


class Service:
    """Asks a WSGI application, such as the gateway, for JSON."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def get(self, path: str, **parameters: str | int | None) -> Answer:
        """Return the answer to GET `path`; parameters that are None or empty are left out."""
        query = urlencode({name: value for name, value in parameters.items() if value})
        status: list[str] = []

        def start_response(line: str, _headers: list[tuple[str, str]]) -> None:
            status.append(line)

        body = b"".join(self._application(_environment(path, query), start_response))
        code = int(status[0].partition(" ")[0])
        try:
            content = json.loads(body)
        except ValueError:
            content = {}
        return Answer(code, content if isinstance(content, dict) else {})


def _environment(path: str, query: str) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": "GET",
        # WSGI hands paths over as if their bytes were Latin-1.
        "PATH_INFO": path.encode("utf-8", "replace").decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "localhost",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
    }
