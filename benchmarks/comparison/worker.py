"""One engine in a process of its own: builds, or opens and answers, and writes what that took.

    python -m benchmarks.comparison.worker build ENGINE PREPARED FOLDER OUT
    python -m benchmarks.comparison.worker ask   ENGINE PREPARED FOLDER OUT --queries FILE

Building and asking are two processes, so that memory and warmth of the one do not flatter the other.
"""

from __future__ import annotations

import argparse
import gc
import json
import time
from pathlib import Path
from typing import Any

from benchmarks.comparison.documents import read_build_input, read_facts, read_ids
from benchmarks.comparison.measurement import PASSES, ask_all, resident_megabytes
from benchmarks.peers.protocol import make_peer


def main() -> None:
    """Do the one thing that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("task", choices=("build", "ask"))
    parser.add_argument("engine")
    parser.add_argument("prepared", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--queries", type=Path)
    parser.add_argument("--passes", type=int, default=PASSES)
    parser.add_argument("--seconds", type=float, default=300.0)
    arguments = parser.parse_args()
    figures = build(arguments) if arguments.task == "build" else ask(arguments)
    arguments.out.write_text(json.dumps(figures, ensure_ascii=False), encoding="utf-8")


def build(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the processor seconds of building, cutting apart, and the bytes."""
    given = read_build_input(arguments.prepared)
    peer = make_peer(arguments.engine)
    begun = time.process_time()
    own_cutting = peer.build(given, arguments.folder)
    seconds = time.process_time() - begun
    cutting = float(read_facts(arguments.prepared)["jieba_seconds"]) if peer.reads_words else 0.0
    if own_cutting is not None:
        cutting, seconds = own_cutting, seconds - own_cutting
    size = peer.index_bytes(arguments.folder)
    return {
        "cut_seconds": cutting,
        "index_seconds": seconds,
        "search_bytes": size.search,
        "text_bytes": size.texts,
        "other_bytes": size.other,
    }


def ask(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return answers, milliseconds and the growth of memory over what the libraries take."""
    known = read_ids(arguments.prepared)
    queries = json.loads(arguments.queries.read_text(encoding="utf-8"))
    peer = make_peer(arguments.engine)
    asked_as = "typed" if peer.normalizes else "normalized"
    gc.collect()
    before = resident_megabytes()
    begun = time.process_time()
    peer.open(arguments.folder)
    opened = time.process_time() - begun
    asked = ask_all(
        peer,
        [query[asked_as] for query in queries],
        known,
        passes=arguments.passes,
        seconds=arguments.seconds,
    )
    gc.collect()
    after = resident_megabytes()
    return {
        "open_seconds": opened,
        "resident_mb": None if before is None or after is None else after - before,
        "answers": asked.answers,
        "milliseconds": asked.milliseconds,
        "passes": asked.passes,
    }


if __name__ == "__main__":
    main()
