"""SQLite FTS5 with its own trigram tokenizer: no dictionary at all.

A query is any of its runs of three characters. What has only one or two characters cannot be asked.
"""

from __future__ import annotations

import re
from pathlib import Path
from weakref import finalize

from benchmarks.peers.protocol import BuildInput, IndexBytes, folder_bytes
from benchmarks.peers.sqlite_index import (
    any_of,
    best_ids,
    open_database,
    write_database,
)

_RUN = re.compile(r"\w+")


class SqliteTrigrams:
    """What everybody has who has SQLite."""

    reads_words = False
    normalizes = False

    def build(self, given: BuildInput, folder: Path) -> None:
        """Index all runs of three characters."""
        rows = ((document.id, document.title, document.body) for document in given.documents)
        write_database(folder, "trigram", rows)

    def open(self, folder: Path) -> None:
        """Open the database."""
        self._connection = open_database(folder)
        finalize(self, self._connection.close)

    def search(self, text: str, size: int) -> list[str]:
        """Ask for any of the trigrams."""
        trigrams = (
            run[start : start + 3] for run in _RUN.findall(text) for start in range(len(run) - 2)
        )
        return best_ids(self._connection, any_of(trigrams), size)

    def index_bytes(self, folder: Path) -> IndexBytes:
        """Return the size of the database; no texts are stored."""
        return IndexBytes(folder_bytes(folder))
