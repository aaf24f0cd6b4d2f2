"""What do both SQLite engines share: a contentless FTS5 table, and BM25 with weights per column."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path

DATABASE_NAME = "index.sqlite"
TITLE_WEIGHT = 5.0


def write_database(folder: Path, tokenizer: str, rows: Iterable[tuple[str, str, str]]) -> None:
    """Write (id, title, body) rows; the texts themselves are not stored."""
    with sqlite3.connect(folder / DATABASE_NAME) as connection:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("CREATE TABLE ids (number INTEGER PRIMARY KEY, id TEXT NOT NULL)")
        connection.execute(
            "CREATE VIRTUAL TABLE articles USING fts5(title, body, content = '', tokenize = "
            f'"{tokenizer}")'
        )
        for number, (article_id, title, body) in enumerate(rows, start=1):
            connection.execute("INSERT INTO ids VALUES (?, ?)", (number, article_id))
            connection.execute(
                "INSERT INTO articles (rowid, title, body) VALUES (?, ?, ?)", (number, title, body)
            )
        connection.execute("INSERT INTO articles (articles) VALUES ('optimize')")
    connection.close()


def open_database(folder: Path) -> sqlite3.Connection:
    """Open the database for reading, mapped into memory."""
    connection = sqlite3.connect(f"file:{folder / DATABASE_NAME}?mode=ro", uri=True)
    connection.execute("PRAGMA mmap_size = 4000000000")
    return connection


def any_of(pieces: Iterable[str]) -> str:
    """Return the FTS5 query that asks for any of `pieces`, each standing for itself."""
    return " OR ".join('"' + piece.replace('"', '""') + '"' for piece in dict.fromkeys(pieces))


def best_ids(connection: sqlite3.Connection, query: str, size: int) -> list[str]:
    """Return the ids of the best rows for an FTS5 query."""
    if not query:
        return []
    found = connection.execute(
        "SELECT (SELECT id FROM ids WHERE number = articles.rowid) FROM articles "
        "WHERE articles MATCH ? ORDER BY bm25(articles, ?, 1.0) LIMIT ?",
        (query, TITLE_WEIGHT, size),
    )
    return [row[0] for row in found]
