"""Every store the contract holds for: a local folder, and S3 (moto stands in)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from moto_server import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY, S3Server

from engine.store.local_folder import LocalFolderStore
from engine.store.protocol import Store
from engine.store.s3 import S3Store
from engine.store.s3_client import S3Options


@pytest.fixture
def s3_options(s3_server: S3Server) -> S3Options:
    return S3Options(
        endpoint_url=s3_server.endpoint_url,
        region=REGION,
        access_key_id=ACCESS_KEY_ID,
        secret_access_key=SECRET_ACCESS_KEY,
    )


@pytest.fixture(params=["local folder", "s3"])
def open_again(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Store]:
    """Open one and the same place as often as called, as separate processes would."""
    if request.param == "local folder":
        return lambda: LocalFolderStore(tmp_path / "objects")
    bucket = request.getfixturevalue("s3_server").create_bucket()
    options = request.getfixturevalue("s3_options")
    return lambda: S3Store(bucket, "site/index", options=options)


@pytest.fixture
def store(open_again: Callable[[], Store]) -> Store:
    return open_again()
