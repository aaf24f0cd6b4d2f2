"""The real handlers over the real index, called with real events."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from handler_calls import Answer, event_for, invoke

Get = Callable[..., Answer]


@pytest.fixture(scope="session")
def get(served_index: Path) -> Get:
    """Return a function that asks the handlers: path, raw query string, headers -> Answer."""

    def call(path: str, query: str = "", **headers: str) -> Answer:
        return invoke(*event_for(path, query, **headers))

    return call
