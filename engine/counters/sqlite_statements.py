"""What does SQLite keep of the events, and how is it asked?

Invariant: every table counts by the hour (its first epoch second); days are summed when they are
read. No statement holds a value: all are bound.
"""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Mapping
from pathlib import Path

from engine.counters.buckets import Bucket, start_of_bucket
from engine.errors import CountersUnavailableError

SCHEMA_VERSION = 1

_LONGEST_PAUSE_SECONDS = 0.004

_DAY_OF_EPOCH = -start_of_bucket(Bucket.DAY, 0)
"""How far into a site day the epoch began, in seconds."""

_TABLES = """
CREATE TABLE seen (key TEXT PRIMARY KEY, expires_at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE sources (
    key TEXT PRIMARY KEY, events INTEGER NOT NULL, expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE article_counts (
    hour INTEGER NOT NULL, article_id TEXT NOT NULL,
    views INTEGER NOT NULL, clicks INTEGER NOT NULL,
    PRIMARY KEY (hour, article_id)
) WITHOUT ROWID;
CREATE TABLE article_totals (
    article_id TEXT PRIMARY KEY, views INTEGER NOT NULL, clicks INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE search_counts (
    hour INTEGER NOT NULL, query TEXT NOT NULL,
    searches INTEGER NOT NULL, zero_hits INTEGER NOT NULL, last_total INTEGER NOT NULL,
    PRIMARY KEY (hour, query)
) WITHOUT ROWID;
CREATE TABLE click_counts (
    hour INTEGER NOT NULL, query TEXT NOT NULL, position INTEGER NOT NULL,
    clicks INTEGER NOT NULL,
    PRIMARY KEY (hour, query, position)
) WITHOUT ROWID;
CREATE INDEX seen_by_expiry ON seen (expires_at);
CREATE INDEX sources_by_expiry ON sources (expires_at);
"""

REMEMBER_VISITOR = """
INSERT INTO seen (key, expires_at) VALUES (:key, :expires_at)
ON CONFLICT (key) DO UPDATE SET expires_at = excluded.expires_at WHERE seen.expires_at <= :now
"""
"""Changes one row, or none where the visitor was counted within the window."""

REMEMBER_SOURCE = """
INSERT INTO sources (key, events, expires_at) VALUES (:key, 1, :expires_at)
ON CONFLICT (key) DO UPDATE SET events = events + 1 WHERE events < :cap
"""
"""Changes one row, or none where the source has its fill."""

ADD_TO_ARTICLE_HOUR = """
INSERT INTO article_counts (hour, article_id, views, clicks) VALUES (?, ?, ?, ?)
ON CONFLICT DO UPDATE SET views = views + excluded.views, clicks = clicks + excluded.clicks
"""

ADD_TO_ARTICLE_TOTAL = """
INSERT INTO article_totals (article_id, views, clicks) VALUES (?, ?, ?)
ON CONFLICT DO UPDATE SET views = views + excluded.views, clicks = clicks + excluded.clicks
"""

ADD_SEARCH = """
INSERT INTO search_counts (hour, query, searches, zero_hits, last_total) VALUES (?, ?, 1, ?, ?)
ON CONFLICT DO UPDATE SET searches = searches + 1, zero_hits = zero_hits + excluded.zero_hits,
    last_total = excluded.last_total
"""

ADD_CLICK = """
INSERT INTO click_counts (hour, query, position, clicks) VALUES (?, ?, ?, 1)
ON CONFLICT DO UPDATE SET clicks = clicks + 1
"""

_START = f"hour - (hour + {_DAY_OF_EPOCH}) % :seconds AS start"
_SPAN = "WHERE hour >= :first AND hour < :end"

ARTICLE_COUNTS = f"""
SELECT {_START}, article_id, SUM(views), SUM(clicks) FROM article_counts {_SPAN}
GROUP BY start, article_id ORDER BY start, article_id
"""  # noqa: S608 - only constants of this module

ARTICLE_TOTALS = "SELECT article_id, views, clicks FROM article_totals ORDER BY article_id"

# Of a bare column SQLite gives the row that has the maximum: here the latest hour's total.
SEARCH_COUNTS = f"""
SELECT {_START}, query, SUM(searches), SUM(zero_hits), last_total, MAX(hour)
FROM search_counts {_SPAN} GROUP BY start, query ORDER BY start, query
"""  # noqa: S608

CLICK_COUNTS = f"""
SELECT {_START}, query, position, SUM(clicks) FROM click_counts {_SPAN}
GROUP BY start, query, position ORDER BY start, query, position
"""  # noqa: S608

SWEEP = (
    "DELETE FROM seen WHERE key IN (SELECT key FROM seen WHERE expires_at <= :now LIMIT :rows)",
    "DELETE FROM sources WHERE key IN (SELECT key FROM sources WHERE expires_at <= :now LIMIT :rows)",
    "DELETE FROM article_counts WHERE hour < :kept_since",
    "DELETE FROM search_counts WHERE hour < :kept_since",
    "DELETE FROM click_counts WHERE hour < :kept_since",
)


def open_database(path: Path, patience_seconds: float) -> sqlite3.Connection:
    """Return a connection to the counters at `path`, made if absent; any thread may use it.

    Raises `sqlite3.Error`, and `CountersUnavailableError` for a folder that cannot be made and for
    a file of another version.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CountersUnavailableError(f"{path.parent}: cannot be made ({error})") from error
    # No waiting within SQLite: see `execute_in_turn`.
    database = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
    try:
        _set_up(database, path, patience_seconds)
    except BaseException:
        database.close()
        raise
    return database


def execute_in_turn(
    database: sqlite3.Connection,
    statement: str,
    values: Mapping[str, int],
    patience_seconds: float,
) -> sqlite3.Cursor:
    """Execute a statement as soon as other processes let go of the file.

    SQLite's own waiting looks again after ever longer pauses, up to a tenth of a second, and the
    file is free only for moments while others write without a break: of six writers one waited for
    more than five seconds. Short random pauses take turns. Raises `sqlite3.Error`.
    """
    give_up_at = time.monotonic() + patience_seconds
    while True:
        try:
            return database.execute(statement, values)
        except sqlite3.OperationalError as error:
            is_busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not is_busy or time.monotonic() > give_up_at:
                raise
        time.sleep(random.uniform(0, _LONGEST_PAUSE_SECONDS))  # noqa: S311 - keeps no secret


def _set_up(database: sqlite3.Connection, path: Path, patience_seconds: float) -> None:
    execute_in_turn(database, "PRAGMA journal_mode = WAL", {}, patience_seconds)
    # Synced at every commit: what was acknowledged outlives a power cut, too.
    database.execute("PRAGMA synchronous = FULL")
    execute_in_turn(database, "BEGIN IMMEDIATE", {}, patience_seconds)
    version = database.execute("PRAGMA user_version").fetchone()[0]
    if version == 0:
        for statement in _TABLES.split(";"):
            database.execute(statement)
        database.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    database.execute("COMMIT")
    if version not in {0, SCHEMA_VERSION}:
        raise CountersUnavailableError(
            f"{path}: counters of version {version}, this Wenmai keeps version {SCHEMA_VERSION}; "
            "use the version of Wenmai that wrote them, or name another file"
        )
