"""A process that counts views and says which of them were acknowledged, until it is killed.

    python counting_process.py PATH NAME

One line of JSON for each acknowledged view, written and flushed after `count` has returned.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from engine.counters.protocol import View, Visitor
from engine.counters.sqlite import SqliteCounters


def main(path: str, name: str) -> None:
    counters = SqliteCounters(Path(path), source_cap=1_000_000)
    for number in count():
        article_id = str(number % 7)
        visitor = f"{name} {number}"
        if counters.count(View(article_id), Visitor(visitor, name), datetime.now(UTC)):
            sys.stdout.write(json.dumps([article_id, visitor, name]) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
