"""Which counters does this text name?

Invariant: naming a file never loads boto3, which costs a cold start some 180 ms; and boto3's own
retries are off, because the counters keep their own.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from engine.counters.protocol import DEFAULT_SOURCE_CAP, Counters
from engine.counters.sqlite import SqliteCounters
from engine.errors import CountersUnavailableError, InputError

DYNAMODB_SCHEME = "dynamodb://"

_TABLE = re.compile(r"[A-Za-z0-9_.-]{3,255}")
_ATTEMPT_SECONDS = 1.5


def open_counters(place: str, *, source_cap: int = DEFAULT_SOURCE_CAP) -> Counters:
    """Return the counters in the SQLite file at a path, or in the table of dynamodb://table.

    A file is made if absent; a table is not looked at yet. Region and credentials come from the AWS
    environment. Raises `InputError` for any other text, and `CountersUnavailableError`.
    """
    check_place(place)
    if place.startswith(DYNAMODB_SCHEME):
        return _open_table(place.removeprefix(DYNAMODB_SCHEME), place, source_cap)
    return SqliteCounters(Path(place), source_cap=source_cap)


def check_place(place: str) -> None:
    """Raise `InputError` for what names no counters, wherever they might be."""
    if place.startswith(DYNAMODB_SCHEME):
        usable = bool(_TABLE.fullmatch(place.removeprefix(DYNAMODB_SCHEME)))
    else:
        usable = bool(place.strip()) and "\0" not in place and "://" not in place
    if not usable:
        raise InputError(
            f"the counters {place!r} are unusable; expected the path of a file or dynamodb://table"
        )


def _open_table(table: str, place: str, source_cap: int) -> Counters:
    try:
        import boto3  # noqa: PLC0415 - see the invariant
        from botocore.config import Config  # noqa: PLC0415
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415
    except ImportError as error:
        raise CountersUnavailableError(
            f"{place}: boto3 is not installed; Lambda has it, here: pip install boto3"
        ) from error
    from engine.counters.dynamodb import DynamoDbCounters  # noqa: PLC0415

    config = Config(
        connect_timeout=_ATTEMPT_SECONDS,
        read_timeout=_ATTEMPT_SECONDS,
        retries={"total_max_attempts": 1},
    )
    try:
        client: Any = boto3.client("dynamodb", config=config)
    except BotoCoreError as error:
        raise InputError(f"{place}: {error}; set AWS_DEFAULT_REGION") from error
    return DynamoDbCounters(
        client, table, failures=(BotoCoreError, ClientError), source_cap=source_cap
    )
