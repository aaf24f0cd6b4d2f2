"""How does one file keep the counts for many processes?

Invariant: an event is one transaction of SQLite, synced to the disk before `count` returns: a process
killed at any moment leaves a whole event or none. Writers take turns (WAL, BEGIN IMMEDIATE), readers
wait for nobody. An expired row counts as absent whether it was swept away or not.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any
from weakref import finalize

from engine.counters.buckets import (
    DAYS_KEPT,
    Bucket,
    covered_span,
    site_day,
    start_of_bucket,
)
from engine.counters.protocol import (
    DEFAULT_SOURCE_CAP,
    DEFAULT_WINDOW_SECONDS,
    ArticleCount,
    ArticleTotal,
    Click,
    ClickCount,
    Event,
    Search,
    SearchCount,
    View,
    Visitor,
)
from engine.counters.sqlite_statements import (
    ADD_CLICK,
    ADD_SEARCH,
    ADD_TO_ARTICLE_HOUR,
    ADD_TO_ARTICLE_TOTAL,
    ARTICLE_COUNTS,
    ARTICLE_TOTALS,
    CLICK_COUNTS,
    REMEMBER_SOURCE,
    REMEMBER_VISITOR,
    SEARCH_COUNTS,
    SWEEP,
    execute_in_turn,
    open_database,
)
from engine.counters.subjects import seen_key, source_key
from engine.errors import CountersUnavailableError

_SWEPT_ROWS = 1_000
"""At most so many expired rows go at a time, so that no writer waits long for the sweep."""


class SqliteCounters:
    """Counters in one SQLite file. Threads and processes may share it, each on the same machine."""

    def __init__(
        self,
        path: Path,
        *,
        window_seconds: int = DEFAULT_WINDOW_SECONDS,
        source_cap: int = DEFAULT_SOURCE_CAP,
        patience_seconds: float = 5.0,
    ) -> None:
        self._path = path
        self._window_seconds = window_seconds
        self._source_cap = source_cap
        self._turn = Lock()
        self._swept_hour = 0
        self._patience_seconds = patience_seconds
        with self._told():
            self._database = open_database(path, patience_seconds)
        # Whoever drops the counters without closing them leaves no open file behind.
        finalize(self, self._database.close).atexit = False

    def __repr__(self) -> str:
        return f"SqliteCounters({str(self._path)!r})"

    def count(self, event: Event, visitor: Visitor, now: datetime) -> bool:
        """Count `event` in one transaction."""
        second = int(now.timestamp())
        try:
            with self._turn, self._told(), self._transaction():
                self._remember(event, visitor, second)
                self._add(event, second)
                self._sweep(second)
        except _AlreadyCountedError:
            return False
        return True

    def article_counts(
        self, bucket: Bucket, since: datetime, until: datetime
    ) -> Iterator[ArticleCount]:
        """Read what articles got."""
        rows = self._read(ARTICLE_COUNTS, bucket, covered_span(bucket, since, until))
        for start, article_id, views, clicks in rows:
            yield ArticleCount(article_id, start, bucket.seconds, views, clicks)

    def article_totals(self) -> Iterator[ArticleTotal]:
        """Read what each article got since counting began."""
        with self._turn, self._told():
            rows = self._execute_in_turn(ARTICLE_TOTALS, {}).fetchall()
        return (ArticleTotal(*row) for row in rows)

    def search_counts(
        self, bucket: Bucket, since: datetime, until: datetime
    ) -> Iterator[SearchCount]:
        """Read what was searched for."""
        rows = self._read(SEARCH_COUNTS, bucket, covered_span(bucket, since, until))
        for start, query, searches, zero_hits, last_total, _ in rows:
            yield SearchCount(query, start, bucket.seconds, searches, zero_hits, last_total)

    def click_counts(self, since: datetime, until: datetime) -> Iterator[ClickCount]:
        """Read which positions were chosen each day."""
        rows = self._read(CLICK_COUNTS, Bucket.DAY, covered_span(Bucket.DAY, since, until))
        for start, query, position, clicks in rows:
            yield ClickCount(query, position, start, Bucket.DAY.seconds, clicks)

    def close(self) -> None:
        """Close the file."""
        with self._turn:
            self._database.close()

    def _remember(self, event: Event, visitor: Visitor, second: int) -> None:
        seen = self._database.execute(
            REMEMBER_VISITOR,
            {
                "key": seen_key(event, visitor),
                "now": second,
                "expires_at": second + self._window_seconds,
            },
        )
        if not seen.rowcount:
            raise _AlreadyCountedError
        added = self._database.execute(
            REMEMBER_SOURCE,
            {
                "key": source_key(event, visitor, site_day(second)),
                "expires_at": second + 2 * Bucket.DAY.seconds,
                "cap": self._source_cap,
            },
        )
        if not added.rowcount:
            raise _AlreadyCountedError

    def _add(self, event: Event, second: int) -> None:
        hour = start_of_bucket(Bucket.HOUR, second)
        execute = self._database.execute
        match event:
            case View(article_id):
                execute(ADD_TO_ARTICLE_HOUR, (hour, article_id, 1, 0))
                execute(ADD_TO_ARTICLE_TOTAL, (article_id, 1, 0))
            case Click(article_id, query, position):
                execute(ADD_TO_ARTICLE_HOUR, (hour, article_id, 0, 1))
                execute(ADD_TO_ARTICLE_TOTAL, (article_id, 0, 1))
                if position is not None:
                    execute(ADD_CLICK, (hour, query, position))
            case Search(query, total):
                execute(ADD_SEARCH, (hour, query, total == 0, total))

    def _read(self, statement: str, bucket: Bucket, span: tuple[int, int]) -> list[tuple[Any, ...]]:
        first, end = span
        values = {"first": first, "end": end, "seconds": bucket.seconds}
        with self._turn, self._told():
            return self._execute_in_turn(statement, values).fetchall()

    def _sweep(self, second: int) -> None:
        # Once an hour for each process; what is left over goes the next time.
        hour = start_of_bucket(Bucket.HOUR, second)
        if hour == self._swept_hour:
            return
        values = {
            "now": second,
            "kept_since": hour - (DAYS_KEPT + 1) * Bucket.DAY.seconds,
            "rows": _SWEPT_ROWS,
        }
        for statement in SWEEP:
            self._database.execute(statement, values)
        self._swept_hour = hour

    def _execute_in_turn(self, statement: str, values: Mapping[str, int]) -> sqlite3.Cursor:
        return execute_in_turn(self._database, statement, values, self._patience_seconds)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        # At once for writing: a transaction that began by reading could not wait for its turn.
        self._execute_in_turn("BEGIN IMMEDIATE", {})
        try:
            yield
            self._database.execute("COMMIT")
        except BaseException:
            if self._database.in_transaction:
                self._database.execute("ROLLBACK")
            raise

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise CountersUnavailableError(
                f"{self._path}: the counters cannot be used ({error}); "
                "check that the file is one of Wenmai's, may be written to, and the disk has room"
            ) from error


class _AlreadyCountedError(Exception):
    """Ends a transaction that must leave nothing behind."""
