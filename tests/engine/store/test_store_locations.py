"""Texts that name a store, and texts that do not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from moto_server import S3Server

import engine
from engine.errors import InputError
from engine.store.local_folder import LocalFolderStore
from engine.store.locations import open_store, open_store_pair
from engine.store.s3 import S3Store
from engine.store.s3_client import S3Options


def test_paths_and_file_urls_name_the_same_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "索引 #1?"
    open_store(str(folder)).put_if_absent("a", b"1")
    monkeypatch.chdir(tmp_path)
    quoted = f"file://{tmp_path}/%E7%B4%A2%E5%BC%95%20%231%3F"
    for url in (str(folder), f"{folder}/", folder.name, folder.as_uri(), quoted, f"{quoted}/"):
        store = open_store(url)
        assert isinstance(store, LocalFolderStore)
        assert store.get("a").data == b"1"


def test_an_s3_url_names_a_bucket_and_a_prefix(s3_server: S3Server, s3_options: S3Options) -> None:
    bucket = s3_server.create_bucket()
    whole = open_store(f"s3://{bucket}", s3_options=s3_options)
    for url in (f"s3://{bucket}/site/index", f"s3://{bucket}/site/index/"):
        store = open_store(url, s3_options=s3_options, deadline_seconds=2)
        etag = store.put_if_absent("a", url.encode())
        assert whole.get("site/index/a").data == url.encode()
        assert store.get_if_changed("a", etag) is None
        store.delete("a")
    assert list(whole.list()) == []


@pytest.mark.parametrize(
    "url",
    [
        "",
        "  ",
        "s3://",
        "s3:///prefix",
        "s3://Bucket",
        "s3://b",
        "s3://bucket//prefix",
        "s3://bucket/../other",
        "s3://bucket/索引",
        "s3://bucket/prefix?versionId=1",
        "s3://key:secret@bucket/prefix",
        "http://bucket.s3.amazonaws.com/prefix",
        "gs://bucket",
        "file://relative/folder",
        "file:relative",
        "file:///folder?x=1",
        "file:///folder#x",
        "file:///a%00b",
        "a\x00b",
    ],
)
def test_any_other_text_is_refused_with_the_forms_that_are_expected(url: str) -> None:
    with pytest.raises(
        InputError, match=r"expected a folder's path, file:///folder or s3://bucket/prefix"
    ):
        open_store(url)


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    path.write_bytes(b"{}")
    for url in (str(path), path.as_uri()):
        with pytest.raises(InputError, match="it is a file"):
            open_store(url)


def test_opening_a_folder_never_loads_the_s3_client(tmp_path: Path) -> None:
    program = (
        "import sys; from engine.store.locations import open_store; open_store(sys.argv[1]);"
        "sys.exit('obstore' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        env=os.environ | {"PYTHONPATH": str(Path(engine.__path__[0]).parent)},
        check=False,
    )
    assert done.returncode == 0


def test_a_pair_is_one_store_with_two_deadlines(tmp_path: Path, s3_server: S3Server) -> None:
    quick, patient = open_store_pair(str(tmp_path), 1.0, 5.0)
    patient.put_if_absent("a", b"x")
    assert quick.get("a").data == b"x"
    with pytest.MonkeyPatch.context() as patch:
        for name, value in s3_server.environment.items():
            patch.setenv(name, value)
        quick, patient = open_store_pair(f"s3://{s3_server.create_bucket()}/site", 1.0, 30.0)
    assert isinstance(quick, S3Store)
    assert isinstance(patient, S3Store)
    patient.put_if_absent("a", b"x")
    assert quick.get("a").data == b"x"
    assert quick._client is patient._client
    assert (quick._deadline_seconds, patient._deadline_seconds) == (1.0, 30.0)
