"""How do we compare with the engines that people would pick instead?

    make bench                                     judged articles beside the checkout, or else the sample
    make bench SCALE=14k                           sample, 6k, 14k, 500k (paragraphs; no judgements)
    make bench CORPUS=FILE QUERIES=FILE QRELS=FILE your own
    make bench ENGINES=wenmai,tantivy

Prints one table and leaves all figures as JSON. Every engine runs in a process of its own, one thread, top ten.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.comparison.runner import Limits, compare
from benchmarks.comparison.scenarios import (
    REPOSITORY,
    SCALES,
    choose_scenario,
    default_scale,
)
from benchmarks.comparison.table import render
from benchmarks.peers.protocol import PEERS
from engine.errors import InputError

WORK = REPOSITORY / ".build" / "bench"


def main() -> None:
    """Run the comparison that the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, help="articles, .jsonl or .jsonl.gz")
    parser.add_argument("--queries", type=Path, help="judged queries for --corpus")
    parser.add_argument("--qrels", type=Path, help="their judgements")
    parser.add_argument("--scale", choices=SCALES, default=default_scale())
    parser.add_argument("--engines", help=f"some of {','.join(PEERS)}; all when not given")
    parser.add_argument("--work", type=Path, default=WORK, help="folder for texts and indexes")
    parser.add_argument("--json", type=Path, help="where to leave the figures [WORK/SCENARIO.json]")
    usual = Limits()
    parser.add_argument("--build-seconds", type=float, default=usual.build_seconds)
    parser.add_argument("--ask-seconds", type=float, default=usual.ask_seconds)
    parser.add_argument("--passes", type=int, default=usual.passes)
    arguments = parser.parse_args()
    limits = Limits(arguments.build_seconds, arguments.ask_seconds, arguments.passes)
    try:
        scenario = choose_scenario(
            arguments.corpus, arguments.queries, arguments.qrels, arguments.scale
        )
        engines = _engines(arguments.engines)
        found = compare(scenario, engines, arguments.work, limits, _tell)
    except InputError as error:
        parser.error(str(error))
    found["date"] = datetime.now(UTC).date().isoformat()
    found["machine"] = machine()
    out = arguments.json or arguments.work / f"{scenario.name}.json"
    out.write_text(json.dumps(found, ensure_ascii=False) + "\n", encoding="utf-8")
    print(render(found))
    print(f"\nall figures: {os.path.relpath(out)}")


def machine() -> str:
    """Return what the figures were taken on, without its name."""
    model = platform.machine()
    information = Path("/proc/cpuinfo")
    if information.is_file():
        names = [
            line.partition(":")[2].strip()
            for line in information.read_text(encoding="utf-8").splitlines()
            if line.startswith("model name")
        ]
        model = names[0] if names else model
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{os.cpu_count()} cores ({model}), Python {platform.python_version()}{load}"


def _engines(names: str | None) -> list[str]:
    chosen = names.split(",") if names else list(PEERS)
    unknown = [name for name in chosen if name not in PEERS]
    if unknown:
        raise InputError(
            f"--engines: {', '.join(unknown)} unknown; expected some of {', '.join(PEERS)}"
        )
    return chosen


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
