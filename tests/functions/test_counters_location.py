from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from counters_fixtures import at
from moto_server import S3Server

from engine.counters.protocol import ArticleTotal, View, Visitor
from engine.errors import CountersUnavailableError, InputError
from functions.counters_location import open_counters

NOW = at("2026-05-04 08:30")
PERSON = Visitor("阿", "家")


def test_a_path_names_a_file(tmp_path: Path) -> None:
    counters = open_counters(str(tmp_path / "counters.sqlite"))
    assert counters.count(View("41"), PERSON, NOW)
    counters.close()
    assert (tmp_path / "counters.sqlite").is_file()


def test_a_dynamodb_url_names_a_table(s3_server: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in s3_server.environment.items():
        monkeypatch.setenv(name, value)
    counters = open_counters(f"dynamodb://{s3_server.create_counters_table()}", source_cap=1)
    assert counters.count(View("41"), PERSON, NOW)
    assert not counters.count(View("41"), Visitor("宝", "家"), NOW)
    assert list(counters.article_totals()) == [ArticleTotal("41", 1, 0)]
    counters.close()


def test_a_table_that_does_not_exist_is_unavailable(
    s3_server: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in s3_server.environment.items():
        monkeypatch.setenv(name, value)
    counters = open_counters("dynamodb://no-such-table")
    with pytest.raises(CountersUnavailableError, match=r"no-such-table.*ResourceNotFound"):
        counters.count(View("41"), PERSON, NOW)
    counters.close()


@pytest.mark.parametrize(
    "place", ["", "  ", "dynamodb://", "dynamodb://a/b", "dynamodb://no spaces", "s3://b/p", "a\0b"]
)
def test_what_names_nothing_is_refused(place: str) -> None:
    with pytest.raises(InputError, match="expected the path of a file or dynamodb://table"):
        open_counters(place)


def test_a_file_needs_no_boto3(tmp_path: Path) -> None:
    code = (
        "import sys; from functions.counters_location import open_counters;"
        f"open_counters({str(tmp_path / 'c.sqlite')!r}).close();"
        "print('boto3' in sys.modules or 'botocore' in sys.modules)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout == "False\n"
