"""The real handlers over the real index, called with real events."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from event_calls import Page, counting
from handler_calls import Answer, event_for, invoke
from published_place import NOON

from engine.index.publication import publish_artifact
from engine.index.served import LiveView
from engine.live.overlay import LIVE_KEYS, compose
from engine.store.local_folder import LocalFolderStore
from functions import runtime
from functions.settings import Settings
from functions.warm_snapshot import WarmSnapshot

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


@pytest.fixture
def page(served_index: Path, tmp_path: Path) -> Iterator[Page]:
    """Let events be counted in a SQLite file of this test's own."""
    with counting(tmp_path) as page:
        yield page


@pytest.fixture(scope="session")
def other_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an index over a part of the sample corpus: another version of the same site."""
    from index_builder.pipeline import BuildOptions, build_index  # noqa: PLC0415 - scikit-learn

    folder = tmp_path_factory.mktemp("other") / "index"
    repository = Path(__file__).resolve().parents[2]
    source = repository / "local" / "sample" / "operations.jsonl"
    build_index(BuildOptions([source], folder, repository / "lexicon", jobs=1))
    return folder


@pytest.fixture
def changing_store(sample_index: Path, tmp_path: Path) -> Iterator[LocalFolderStore]:
    store = LocalFolderStore(tmp_path / "site")
    publish_artifact(store, sample_index, NOON)
    settings = Settings((tmp_path / "site").as_uri(), tmp_path / "cache")
    warm = WarmSnapshot(settings, live=LiveView(LIVE_KEYS, compose))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runtime, "settings", settings)
        patch.setattr(runtime, "warm_snapshot", warm)
        warm.current()
        yield store
