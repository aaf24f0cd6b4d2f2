"""SQLite FTS5 over jieba's words, handed over with spaces between them."""

from __future__ import annotations

from pathlib import Path
from weakref import finalize

from benchmarks.peers.jieba_words import cut, load_words
from benchmarks.peers.protocol import BuildInput, IndexBytes, folder_bytes
from benchmarks.peers.sqlite_index import (
    any_of,
    best_ids,
    open_database,
    write_database,
)


class SqliteWords:
    """The usual way to give SQLite Chinese words."""

    reads_words = True
    normalizes = False

    def build(self, given: BuildInput, folder: Path) -> None:
        """Index the words of title and body."""
        rows = (
            (document.id, document.title_words, document.body_words) for document in given.documents
        )
        write_database(folder, "unicode61", rows)

    def open(self, folder: Path) -> None:
        """Open the database and load jieba."""
        load_words()
        self._connection = open_database(folder)
        finalize(self, self._connection.close)

    def search(self, text: str, size: int) -> list[str]:
        """Ask for any of the words."""
        return best_ids(self._connection, any_of(cut(text)), size)

    def index_bytes(self, folder: Path) -> IndexBytes:
        """Return the size of the database; no texts are stored."""
        return IndexBytes(folder_bytes(folder))
