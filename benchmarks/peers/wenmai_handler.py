"""The whole search handler: an API Gateway event in, the response with ten hits as JSON out.

Cards, highlights, facets and the folding of near-duplicates included: what the ranking alone does not show.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from urllib.parse import quote

from benchmarks.peers.protocol import BuildInput, IndexBytes
from benchmarks.peers.wenmai_engine import INDEX_NAME, WenmaiEngine
from engine.search.requests import MAX_QUERY_CHARACTERS
from local.http_events import make_event
from local.lambda_context import LambdaContext

NOW = datetime(2026, 1, 1, tzinfo=UTC)
"""No answer depends on it: it only has to stand in the event."""


class WenmaiHandler:
    """`functions.search.handler`, called as Lambda calls it."""

    reads_words = False
    normalizes = True

    def build(self, given: BuildInput, folder: Path) -> float:
        """Build what the engine builds; the comparison shares the index instead."""
        return WenmaiEngine().build(given, folder)

    def open(self, folder: Path) -> None:
        """Let the handlers of this process answer from the index."""
        from functions import runtime  # noqa: PLC0415 - reads the environment when it is imported
        from functions.settings import Settings  # noqa: PLC0415
        from functions.warm_snapshot import WarmSnapshot  # noqa: PLC0415

        runtime.warm_snapshot = WarmSnapshot(Settings(str(folder / INDEX_NAME)))
        self._handler = import_module("functions.search").handler
        self._context = LambdaContext("search", "request")

    def search(self, text: str, size: int) -> list[str]:
        """Make the event, call the handler, decode the ids; longer queries than it takes are cut."""
        environment = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": "/v1/search",
            "QUERY_STRING": f"size={size}&q={quote(text[:MAX_QUERY_CHARACTERS])}",
        }
        event = make_event(
            environment,
            route_key="GET /v1/search",
            path_parameters={},
            body=b"",
            request_id="request",
            now=NOW,
        )
        response = self._handler(event, self._context)
        return [item["id"] for item in json.loads(response["body"])["items"]]

    def index_bytes(self, folder: Path) -> IndexBytes:
        """Return the size of the engine's index."""
        return WenmaiEngine().index_bytes(folder)
