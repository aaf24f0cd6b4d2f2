from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
import pytest

from engine.errors import ArtifactDamagedError, IndexUnavailableError, StoreUnavailableError
from engine.index.snapshot import open_snapshot
from functions.settings import Settings
from functions.warm_snapshot import WarmSnapshot


def test_a_folder_is_mapped_where_it_lies(sample_index: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    for url in (str(sample_index), sample_index.as_uri()):
        snapshot = WarmSnapshot(Settings(url, cache)).current()
        assert snapshot.directory == sample_index
    assert not cache.exists()


def test_a_folder_with_spaces_and_chinese_is_found_by_its_url(
    sample_index: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "索引 1"
    shutil.copytree(sample_index, folder)
    assert WarmSnapshot(Settings(folder.as_uri())).current().directory == folder


def test_the_same_snapshot_is_given_to_all(sample_index: Path) -> None:
    warm = WarmSnapshot(Settings(str(sample_index)))
    with ThreadPoolExecutor(8) as pool:
        snapshots = set(pool.map(lambda _: warm.current(), range(32)))
    assert len(snapshots) == 1


@pytest.mark.parametrize(
    ("url", "message"),
    [
        (None, "no index was named; set WENMAI_INDEX"),
        ("/no/such/folder", r"no manifest\.json"),
        ("file:///no/such/folder", r"no manifest\.json"),
        ("file://host/folder", "file:///folder"),
        ("s3://B", "is no bucket name"),
    ],
)
def test_no_index_is_unavailable_and_says_why(url: str | None, message: str) -> None:
    with pytest.raises(IndexUnavailableError, match=message):
        WarmSnapshot(Settings(url)).current()


def test_an_index_that_comes_later_is_found(sample_index: Path, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    warm = WarmSnapshot(Settings(str(folder)))
    with pytest.raises(IndexUnavailableError):
        warm.current()
    shutil.copytree(sample_index, folder)
    assert warm.current().directory == folder


def test_a_manifest_that_cannot_be_trusted_is_refused(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ArtifactDamagedError, match="no format_version"):
        WarmSnapshot(Settings(str(tmp_path))).current()


@pytest.fixture
def s3(s3_server: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    for name, value in s3_server.environment.items():
        monkeypatch.setenv(name, value)
    return s3_server


def test_an_index_in_s3_is_fetched_verified_and_opened(
    sample_index: Path, tmp_path: Path, s3: Any
) -> None:
    bucket = s3.create_bucket()
    client = boto3.client("s3")
    for path in sample_index.iterdir():
        client.put_object(Bucket=bucket, Key=f"index/{path.name}", Body=path.read_bytes())
    client.close()
    snapshot = WarmSnapshot(Settings(f"s3://{bucket}/index", tmp_path)).current()
    assert snapshot.version == open_snapshot(sample_index).version
    assert snapshot.directory == tmp_path / snapshot.version
    assert snapshot.articles.find("41") is not None


def test_an_empty_place_in_s3_has_no_index_yet(tmp_path: Path, s3: Any) -> None:
    warm = WarmSnapshot(Settings(f"s3://{s3.create_bucket()}/index", tmp_path))
    with pytest.raises(IndexUnavailableError, match="no index lies there"):
        warm.current()


def test_a_bucket_that_does_not_exist_is_an_unavailable_store(tmp_path: Path, s3: Any) -> None:
    with pytest.raises(StoreUnavailableError):
        WarmSnapshot(Settings("s3://no-such-bucket-of-ours/index", tmp_path)).current()
