"""What does following a published index cost, and who pays for it?

    python -m benchmarks.refresh OLD_INDEX NEW_INDEX [--rounds 200]

Publishes two versions of an index to a local folder and to S3 (moto stands in, in a process of its own on
this machine: no network), opens them as readers do, and prints milliseconds: what a look at an unchanged
store takes (beside requests), what asking for the current snapshot takes (every request), and the slowest
request while fifty versions come and go, beside the slowest of as many without swaps.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import boto3

from engine.index.publication import publish_artifact
from engine.index.snapshot import Snapshot
from engine.search.requests import SearchRequest
from engine.search.searcher import search
from engine.store.locations import open_store
from functions.settings import Settings
from functions.warm_snapshot import RefreshTiming, WarmSnapshot

QUERIES = ("直通车 扣费", "用户增长", "发货超时", "短视频 变现", "花呗")
ON_REQUEST = RefreshTiming(look_after=0.0)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    parser.add_argument("--rounds", type=int, default=200)
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="wenmai-refresh-"))
    try:
        measure("local folder", (folder / "site").as_uri(), folder, arguments)
        with s3_stand_in() as url:
            measure("S3 (moto)", url, folder, arguments)
    finally:
        shutil.rmtree(folder)


def measure(name: str, url: str, folder: Path, arguments: argparse.Namespace) -> None:
    """Print the rows of one place."""
    store, rounds = open_store(url, deadline_seconds=600), arguments.rounds
    print(f"{name}")
    row("publish, uploading all", [once(lambda: publish(store, arguments.old))])
    row("publish, nothing to do", [once(lambda: publish(store, arguments.old)) for _ in range(5)])
    caches = (folder / f"cache-{number}" for number in range(100))
    row("first answer's snapshot", [once(lambda: start(url, next(caches))) for _ in range(3)])
    publish(store, arguments.new)
    warm = start(url, folder / "cache")
    row("look, unchanged", [once(warm.refresh) for _ in range(rounds)])
    quiet = start(url, folder / "cache", RefreshTiming(look_after=1e9))
    row("current()", [once(quiet.current) for _ in range(rounds)])
    ask(quiet, lambda: None, len(QUERIES))
    row("request, no swaps", ask(quiet, lambda: None, rounds), worst=True)
    folders = [arguments.old, arguments.new] * rounds
    following = start(url, folder / "cache", ON_REQUEST)
    ask(following, lambda: None, len(QUERIES))
    row(
        "request, 50 swaps",
        ask(following, lambda: publish(store, folders.pop()), rounds, every=max(1, rounds // 50)),
        worst=True,
    )


def publish(store: object, folder: Path) -> None:
    """Publish the index in `folder`."""
    publish_artifact(store, folder, datetime.now(UTC).replace(microsecond=0))  # type: ignore[arg-type]


def start(url: str, cache: Path, timing: RefreshTiming | None = None) -> WarmSnapshot:
    """Return a reader that has opened its snapshot."""
    warm = WarmSnapshot(Settings(url, cache), timing=timing, prepare=Snapshot.open_parts)
    warm.current()
    return warm


def ask(
    warm: WarmSnapshot, between: Callable[[], object], rounds: int, every: int = 1
) -> list[float]:
    """Return the milliseconds of requests, with something in between that is not counted."""
    times = []
    for turn in range(rounds):
        if turn % every == 0:
            between()
        query = SearchRequest(QUERIES[turn % len(QUERIES)])
        times.append(once(lambda query=query: search(warm.current(), query)))  # type: ignore[misc]
    return times


def once(action: Callable[[], object]) -> float:
    """Return the milliseconds that one call takes."""
    begun = time.perf_counter()
    action()
    return (time.perf_counter() - begun) * 1_000


def row(name: str, milliseconds: list[float], *, worst: bool = False) -> None:
    """Print the median of a row, and the worst where that is what matters."""
    more = f"   worst {max(milliseconds):8.2f}" if worst else ""
    print(f"  {name:26} {median(milliseconds):10.3f} ms{more}")


@contextmanager
def s3_stand_in() -> Iterator[str]:
    """Yield the URL of a prefix in a moto server of its own."""
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", "5555"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.environ |= {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:5555",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
    }
    try:
        client = boto3.client("s3")
        for attempt in range(100):
            try:
                client.create_bucket(Bucket="wenmai")
                break
            except Exception:  # it is still starting
                if attempt == 99:
                    raise
                time.sleep(0.2)
        yield "s3://wenmai/site"
    finally:
        server.kill()
        server.wait()


if __name__ == "__main__":
    main()
