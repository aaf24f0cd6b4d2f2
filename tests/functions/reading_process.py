"""A process of its own that reads a published index, for tests that freeze or restrict it.

Run as `python reading_process.py URL CACHE [LARGEST_FILE_BYTES]`; it prints one JSON line for each request
it answers: the label of the artifact, the generation and the reason why it is degraded.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tiny_artifact import label_of

from engine.errors import WenmaiError
from functions.settings import Settings
from functions.warm_snapshot import RefreshTiming, WarmSnapshot

TIMING = RefreshTiming(
    look_after=0.0,
    wait_after=0.2,
    wait_at_most=0.2,
    patient_at_most=0.4,
    look_at_most=0.5,
    call_at_most=0.5,
    open_at_most=1.0,
    parts_at_most=0.8,
)
TESTS = Path(__file__).resolve().parents[1]


@contextmanager
def reading(url: str, cache: Path, *more: object) -> Iterator[subprocess.Popen[str]]:
    """Run this file; its output is a pipe of lines."""
    path = f"{TESTS}:{TESTS.parent}"
    process = subprocess.Popen(
        [sys.executable, __file__, url, str(cache), *map(str, more)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def main(url: str, cache: str, largest_file_bytes: str = "") -> None:
    warm = WarmSnapshot(Settings(url, Path(cache)), timing=TIMING)
    while True:
        try:
            snapshot = warm.current()
            found = {"label": label_of(snapshot), "version": snapshot.version}
        except WenmaiError as error:
            found = {"error": type(error).__name__}
        if largest_file_bytes and "label" in found:
            # From now on the disk is full, for this process.
            limit = int(largest_file_bytes)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        freshness = warm.freshness()
        found |= {"generation": freshness.generation, "reason": freshness.reason}
        print(json.dumps(found), flush=True)  # noqa: T201 - the parent reads it
        time.sleep(0.005)


if __name__ == "__main__":
    main(*sys.argv[1:])
