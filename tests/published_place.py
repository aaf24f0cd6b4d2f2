"""Places to publish to: a local folder, and S3 (moto stands in for it).

A plugin, like `moto_server`, so that any suite can ask for `place`, which is each of them in turn.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from moto_server import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY, S3Server

from engine.index.cache_folder import CacheFolder
from engine.index.index_place import IndexPlace
from engine.index.publication import Publication, Retention, publish_artifact
from engine.store.locations import local_folder, open_store
from engine.store.protocol import Store
from engine.store.s3_client import S3Options

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


@dataclass
class PublishedPlace:
    """A place that can be opened any number of times, with a clock that tests move by hand."""

    url: str
    cache: Path
    options: S3Options | None = None
    now: datetime = NOON

    @property
    def folder(self) -> Path | None:
        return local_folder(self.url)

    def open(self, deadline_seconds: float = 30.0) -> Store:
        # Patient, because moto shares a process with the test and a busy machine with others.
        return open_store(self.url, deadline_seconds=deadline_seconds, s3_options=self.options)

    def for_readers(self, cache: Path | None = None, memory_bytes: int | None = None) -> IndexPlace:
        cached = CacheFolder(cache or self.cache)
        return IndexPlace(self.open(), self.open(), cached, self.folder, memory_bytes)

    def publish(self, artifact: Path, retention: Retention | None = None) -> Publication:
        return publish_artifact(self.open(), artifact, self.now, retention=retention)

    def pass_time(self, **how_much: float) -> None:
        self.now += timedelta(**how_much)

    def listing(self) -> list[str]:
        return [entry.key for entry in self.open().list()]


@pytest.fixture
def local_place(tmp_path: Path) -> Iterator[PublishedPlace]:
    # In memory where there is such a thing: these suites sync thousands of files.
    memory = Path("/dev/shm")  # noqa: S108
    parent = memory if os.access(memory, os.W_OK) else tmp_path
    folder = Path(tempfile.mkdtemp(prefix="wenmai-site-", dir=parent))
    yield PublishedPlace((folder / "站点").as_uri(), tmp_path / "cache")
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def s3_place(s3_server: S3Server, tmp_path: Path) -> PublishedPlace:
    options = S3Options(
        endpoint_url=s3_server.endpoint_url,
        region=REGION,
        access_key_id=ACCESS_KEY_ID,
        secret_access_key=SECRET_ACCESS_KEY,
    )
    return PublishedPlace(f"s3://{s3_server.create_bucket()}/site", tmp_path / "cache", options)


@pytest.fixture
def s3_environment(s3_server: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let whatever reads the AWS environment find the stand-in."""
    for name, value in s3_server.environment.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(params=["local folder", "s3"])
def place(request: pytest.FixtureRequest) -> PublishedPlace:
    name = "local_place" if request.param == "local folder" else "s3_place"
    found = request.getfixturevalue(name)
    assert isinstance(found, PublishedPlace)
    return found
