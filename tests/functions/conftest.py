"""The real handlers over the real index, called with real events."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from handler_calls import Answer, event_for, invoke

from functions import runtime

Get = Callable[..., Answer]


@pytest.fixture(scope="session")
def get(served_index: Path) -> Get:
    """Return a function that asks the handlers: path, raw query string, headers -> Answer."""

    def call(path: str, query: str = "", **headers: str) -> Answer:
        return invoke(*event_for(path, query, **headers))

    return call


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Catch what the handlers log at INFO and above."""
    stream = io.StringIO()
    (handler,) = (h for h in runtime.logger.handlers if isinstance(h, logging.StreamHandler))
    monkeypatch.setattr(handler, "stream", stream)
    runtime.logger.setLevel("INFO")
    yield stream
    runtime.logger.setLevel(runtime.settings.log_level)
