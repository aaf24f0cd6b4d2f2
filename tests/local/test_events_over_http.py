"""Events through the gateway as a process of its own, which is killed and started again."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from engine.counters.protocol import ArticleTotal
from engine.counters.sqlite import SqliteCounters
from engine.errors import InputError
from local.event_secret import read_or_make_secret
from local.gateway import serve

SERVE = """
import sys
from local.gateway import serve
serve(sys.argv[1], counters=sys.argv[2], port=0, on_ready=lambda url: print(url, flush=True))
"""


@contextmanager
def served(index: Path, counters: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("WENMAI_")}
    with subprocess.Popen(
        [sys.executable, "-c", SERVE, str(index), str(counters)],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip(), process
        process.kill()


def ask(url: str) -> dict[str, Any]:
    with urlopen(url) as response:  # noqa: S310 - http on this machine
        body: dict[str, Any] = json.loads(response.read())
        return body


def report(url: str, content_type: str = "text/plain;charset=UTF-8", **event: Any) -> bool:
    # As navigator.sendBeacon has it.
    request = Request(  # noqa: S310
        f"{url}/v1/events",
        json.dumps(event).encode(),
        {"Content-Type": content_type},
        method="POST",
    )
    with urlopen(request) as response:  # noqa: S310
        assert response.status == 202
        counted: bool = json.loads(response.read())["counted"]
        return counted


def totals(path: Path) -> list[ArticleTotal]:
    counters = SqliteCounters(path)
    rows = list(counters.article_totals())
    counters.close()
    return rows


def test_what_was_acknowledged_outlives_a_kill_and_is_not_counted_again(
    sample_index: Path, tmp_path: Path
) -> None:
    path = tmp_path / "counters.sqlite"
    with served(sample_index, path) as (url, process):
        token = ask(f"{url}/v1/articles/41")["token"]
        assert report(url, type="view", article_id="41", visitor="阿", token=token)
        assert report(url, type="view", article_id="41", visitor="宝", token=token)
        process.kill()
    with served(sample_index, path) as (url, process):
        assert not report(url, type="view", article_id="41", visitor="阿", token=token)
        assert report(url, "application/json", type="view", article_id="41", visitor="陈")
    assert totals(path) == [ArticleTotal("41", 3, 0)]


def test_two_servers_count_into_one_file_and_a_visitor_once(
    sample_index: Path, tmp_path: Path
) -> None:
    path = tmp_path / "counters.sqlite"
    with served(sample_index, path) as (one, _), served(sample_index, path) as (other, _):
        token = ask(f"{one}/v1/articles/41")["token"]

        def view(number: int) -> bool:
            url = (one, other)[number % 2]
            name = f"visitor {number // 4}"
            return report(url, type="view", article_id="41", visitor=name, token=token)

        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(view, range(40))) == 10
    assert totals(path) == [ArticleTotal("41", 10, 0)]


def test_a_bad_event_is_a_problem_document(sample_index: Path, tmp_path: Path) -> None:
    with served(sample_index, tmp_path / "counters.sqlite") as (url, _):
        with pytest.raises(HTTPError) as caught:
            report(url, type="click", article_id="41", position=-1)
        with caught.value as response:
            assert response.status == 400
            assert json.loads(response.read())["detail"].startswith("position: ")


def test_the_secret_is_made_once_and_is_its_owners_only(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "counters.sqlite.secret"
    with ThreadPoolExecutor(8) as pool:
        secrets = set(pool.map(read_or_make_secret, [path] * 16))
    assert len(secrets) == 1
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("place", ["s3://bucket/counters", " ", "dynamodb://"])
def test_a_place_for_no_counters_is_refused_before_listening(place: str) -> None:
    with pytest.raises(InputError, match="expected the path of a file or dynamodb://table"):
        serve("index", counters=place, port=0, on_ready=lambda _: pytest.fail("it listens"))


def test_a_folder_that_takes_no_secret_is_refused_and_told_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="--counters"):
        read_or_make_secret(tmp_path / "file" / "counters.sqlite.secret")


@pytest.mark.parametrize("content", ["", "short", "ä" * 64])
def test_what_is_no_secret_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "counters.sqlite.secret"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match="secret"):
        read_or_make_secret(path)
    assert path.read_text("utf-8") == content
