"""From a reader's event to the hot list and the hot searches, over a published index and real HTTP."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import Request, urlopen

from click.testing import CliRunner

from engine.index.publication import publish_artifact
from engine.store.local_folder import LocalFolderStore
from local.commands.hot_refresh import command as hot_refresh

SERVE = """
import sys
from functools import partial
from local import gateway
gateway.refreshing = partial(gateway.refreshing, every_seconds=0.5)
gateway.serve(sys.argv[1], counters=sys.argv[2], port=0, on_ready=lambda url: print(url, flush=True))
"""


@contextmanager
def served(index: Path, counters: Path) -> Iterator[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("WENMAI_")}
    # One machine is one source: let it be many readers here.
    environment["WENMAI_SOURCE_CAP"] = "1000"
    with subprocess.Popen(
        [sys.executable, "-c", SERVE, str(index), str(counters)],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.kill()


def ask(url: str) -> dict[str, Any]:
    with urlopen(url) as response:  # noqa: S310 - http on this machine
        body: dict[str, Any] = json.loads(response.read())
        return body


def report(url: str, **event: Any) -> None:
    data = json.dumps(event).encode()
    request = Request(f"{url}/v1/events", data, method="POST")  # noqa: S310
    with urlopen(request) as response:  # noqa: S310
        assert json.loads(response.read())["counted"]


def eventually(claim: Callable[[], bool], seconds: float = 60.0) -> None:
    give_up = time.monotonic() + seconds
    while not claim():
        assert time.monotonic() < give_up
        time.sleep(0.2)


def test_what_readers_do_changes_the_hot_lists_without_a_rebuild(
    sample_index: Path, tmp_path: Path
) -> None:
    site, counters = tmp_path / "site", tmp_path / "counters.sqlite"
    publish_artifact(LocalFolderStore(site), sample_index, datetime.now(UTC))
    with served(site, counters) as url:

        def hottest() -> list[str]:
            return [item["id"] for item in ask(f"{url}/v1/hot?window=day&size=3")["items"]]

        read = "60"
        assert read not in hottest()
        assert ask(f"{url}/v1/hot-searches")["items"] == []
        token = ask(f"{url}/v1/articles/{read}")["token"]
        searched = ask(f"{url}/v1/search?q={quote('直通车')}")["token"]
        for reader in ("阿", "宝", "陈", "丁"):
            report(url, type="view", article_id=read, visitor=reader, token=token)
            report(url, type="search", query="直通车", visitor=reader, token=searched)
        report(url, type="search", query="直通车 张三", visitor="阿")
        eventually(lambda: read in hottest())
        eventually(lambda: ask(f"{url}/v1/hot-searches")["items"] != [])
        (search,) = ask(f"{url}/v1/hot-searches")["items"]
        assert search == {"query": "直通车", "count": 4, "rank": 1}


def test_the_same_by_hand(sample_index: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    publish_artifact(LocalFolderStore(site), sample_index, datetime.now(UTC))
    options = ["--to", str(site), "--counters", str(tmp_path / "counters.sqlite"), "--json"]
    result = CliRunner().invoke(hot_refresh, options)
    assert result.exit_code == 0, result.output
    assert json.loads(result.output) == {
        "articles": 0,
        "articles_generation": 0,
        "searches": 0,
        "searches_generation": 0,
    }
