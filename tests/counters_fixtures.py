"""All counters the contract holds for: a SQLite file, and DynamoDB (moto stands in)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from botocore.exceptions import BotoCoreError, ClientError
from moto_server import S3Server

from engine.counters.dynamodb import DynamoDbCounters
from engine.counters.protocol import Counters
from engine.counters.sqlite import SqliteCounters
from engine.documents import SITE_TIMEZONE

OpenAgain = Callable[..., Counters]


def at(text: str) -> datetime:
    """Return a moment of the site's clock, such as 2026-05-04 08:30."""
    return datetime.fromisoformat(text).replace(tzinfo=SITE_TIMEZONE)


@pytest.fixture
def dynamodb_again(s3_server: S3Server) -> Iterator[OpenAgain]:
    """Open one and the same table as often as called."""
    table = s3_server.create_counters_table()
    client = s3_server.client("dynamodb", retries={"total_max_attempts": 1})

    def again(**options: int) -> Counters:
        return DynamoDbCounters(client, table, failures=(BotoCoreError, ClientError), **options)

    yield again
    client.close()


@pytest.fixture(params=["sqlite", "dynamodb"])
def open_again(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OpenAgain]:
    """Open one and the same place as often as called, as separate processes would."""
    if request.param == "dynamodb":
        yield request.getfixturevalue("dynamodb_again")
        return
    opened = []

    def again(**options: int) -> Counters:
        opened.append(SqliteCounters(tmp_path / "counters.sqlite", **options))
        return opened[-1]

    yield again
    for counters in opened:
        counters.close()


@pytest.fixture
def counters(open_again: OpenAgain) -> Counters:
    return open_again()
