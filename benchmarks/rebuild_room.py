"""How much memory and disk does a rebuild in Lambda take?

    python -m benchmarks.rebuild_room SOURCE.jsonl.gz --work FOLDER [--share 0.01]

Calls the nightly function twice on a folder store, each time in a process of its own, with one job as in
Lambda: once with nothing cached, once with a share of the articles changed and the cache of the first call.
Prints the peak of resident memory (VmHWM: what is mapped counts, too) and of the bytes below the folder of
temporary files, looked at ten times a second, beside the bytes of JSON lines. A source in S3 is copied there.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import shutil
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from benchmarks.rebuild import write_changed
from index_builder.handler import INDEX_VARIABLE, SOURCE_VARIABLE, run

LOOKS_PER_SECOND = 10


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("source", type=Path)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--share", type=float, default=0.01)
    arguments = parser.parse_args()
    work: Path = arguments.work
    site = work / "site"
    shutil.rmtree(site, ignore_errors=True)
    work.mkdir(parents=True, exist_ok=True)
    first, changed = work / "first.jsonl", work / "changed.jsonl"
    write_changed(arguments.source, first, 0.0)
    write_changed(arguments.source, changed, arguments.share)
    print(
        "| rebuild | articles cut | seconds | memory MB | disk MB | memory / source | disk / source |"
    )
    print("|---|---|---|---|---|---|---|")
    for name, source in {"full": first, f"{arguments.share:.0%} changed": changed}.items():
        figures = _in_a_process(source, site, work / "tmp")
        size = source.stat().st_size
        print(
            f"| {name} | {figures['cut']:,} | {figures['seconds']:.0f} "
            f"| {figures['memory'] / 1e6:,.0f} | {figures['disk'] / 1e6:,.0f} "
            f"| {figures['memory'] / size:.1f} | {figures['disk'] / size:.1f} |",
            flush=True,
        )
    print(f"source: {size:,} bytes of JSON lines")


def _in_a_process(source: Path, site: Path, temporary: Path) -> dict[str, Any]:
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir()
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(_rebuild, (source, site, temporary))


class _PlentyOfTime:
    """Lambda's context, without its clock."""

    def get_remaining_time_in_millis(self) -> int:
        """Return an hour."""
        return 3_600_000


def _rebuild(source: Path, site: Path, temporary: Path) -> dict[str, Any]:
    tempfile.tempdir = str(temporary)
    peak = [0]
    done = threading.Event()

    def look() -> None:
        while not done.wait(1 / LOOKS_PER_SECOND):
            peak[0] = max(peak[0], _bytes_below(temporary))

    watcher = threading.Thread(target=look)
    watcher.start()
    started = time.perf_counter()
    try:
        summary = run(
            {}, _PlentyOfTime(), {INDEX_VARIABLE: site.as_uri(), SOURCE_VARIABLE: str(source)}
        )
    finally:
        done.set()
        watcher.join()
    return {
        "cut": summary["articles"] - summary["reused"],
        "seconds": time.perf_counter() - started,
        "memory": _peak_memory(),
        "disk": peak[0],
    }


def _bytes_below(folder: Path) -> int:
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                total += Path(place, name).stat().st_size
            except FileNotFoundError:
                continue
    return total


def _peak_memory() -> int:
    status = Path("/proc/self/status").read_text("ascii")
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) << 10


if __name__ == "__main__":
    main()
