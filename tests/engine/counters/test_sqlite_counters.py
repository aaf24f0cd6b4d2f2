"""What only a file can suffer: killed writers, other processes, damage."""

from __future__ import annotations

import gc
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from counters_fixtures import at

from engine.counters.protocol import ArticleTotal, Search, View, Visitor
from engine.counters.sqlite import SqliteCounters
from engine.errors import CountersUnavailableError

NOW = at("2026-05-04 08:30")
COUNTING = Path(__file__).with_name("counting_process.py")


def table(path: Path, statement: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(path) as database:
        rows: list[tuple[object, ...]] = database.execute(statement).fetchall()
    database.close()
    return rows


@pytest.mark.parametrize("milliseconds", [30, 90, 200])
def test_killed_writers_leave_whole_events_and_all_that_they_acknowledged(
    tmp_path: Path, milliseconds: int
) -> None:
    path = tmp_path / "counters.sqlite"
    writers = [
        subprocess.Popen(
            [sys.executable, str(COUNTING), str(path), name], stdout=subprocess.PIPE, text=True
        )
        for name in ("家", "公司")
    ]
    acknowledged = []
    for writer in writers:
        assert writer.stdout is not None
        acknowledged.append(json.loads(writer.stdout.readline()))
    time.sleep(milliseconds / 1_000)
    for writer in writers:
        os.kill(writer.pid, signal.SIGKILL)
    for writer in writers:
        told, _ = writer.communicate()
        # The last line may have been cut by the kill.
        acknowledged += [json.loads(line) for line in told.splitlines() if line.endswith("]")]
    counters = SqliteCounters(path, source_cap=1_000_000)
    # Never lost once acknowledged: none of them counts again.
    for article_id, visitor, source in acknowledged:
        assert not counters.count(View(article_id), Visitor(visitor, source), datetime.now(UTC))
    counters.close()
    # Never half: every remembered visitor has moved every count, and nothing else has.
    ((remembered,),) = table(path, "SELECT COUNT(*) FROM seen")
    ((hours,),) = table(path, "SELECT SUM(views) FROM article_counts")
    ((totals,),) = table(path, "SELECT SUM(views) FROM article_totals")
    ((sources,),) = table(path, "SELECT SUM(events) FROM sources")
    assert remembered == hours == totals == sources
    # A kill between the commit and the acknowledgement leaves one more than was told, for each.
    assert len(acknowledged) <= remembered <= len(acknowledged) + len(writers)


def test_a_failure_between_the_two_writes_leaves_neither(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counters = SqliteCounters(tmp_path / "counters.sqlite")
    with monkeypatch.context() as patch:
        patch.setattr("engine.counters.sqlite.ADD_TO_ARTICLE_TOTAL", "INSERT INTO nowhere VALUES 1")
        with pytest.raises(CountersUnavailableError):
            counters.count(View("41"), Visitor("阿", "家"), NOW)
    assert list(counters.article_totals()) == []
    assert counters.count(View("41"), Visitor("阿", "家"), NOW)
    assert list(counters.article_totals()) == [ArticleTotal("41", 1, 0)]
    counters.close()


def test_processes_that_open_a_new_file_at_once_all_get_it(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "counters.sqlite"
    writers = [
        subprocess.Popen(
            [sys.executable, str(COUNTING), str(path), str(n)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for n in range(6)
    ]
    try:
        for writer in writers:
            assert writer.stdout is not None
            assert writer.stdout.readline().startswith("[")
    finally:
        for writer in writers:
            writer.kill()
            writer.communicate()


def test_a_writer_that_does_not_get_its_turn_says_so_and_counts_nothing(tmp_path: Path) -> None:
    path = tmp_path / "counters.sqlite"
    counters = SqliteCounters(path, patience_seconds=0.1)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(CountersUnavailableError, match="locked"):
        counters.count(View("41"), Visitor("阿", "家"), NOW)
    # Readers wait for nobody.
    assert list(counters.article_totals()) == []
    other.execute("ROLLBACK")
    other.close()
    assert counters.count(View("41"), Visitor("阿", "家"), NOW)
    counters.close()


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("这不是计数文件" * 100, encoding="utf-8")
    with pytest.raises(CountersUnavailableError, match=r"notes\.txt.*not a database"):
        SqliteCounters(path)
    assert path.read_text("utf-8").startswith("这不是计数文件")


def test_counters_of_another_version_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "counters.sqlite"
    SqliteCounters(path).close()
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version = 9")
    database.close()
    with pytest.raises(CountersUnavailableError, match="version 9"):
        SqliteCounters(path)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(CountersUnavailableError, match="file"):
        SqliteCounters(tmp_path / "file" / "counters.sqlite")


def test_what_is_over_is_swept_away_and_totals_stay(tmp_path: Path) -> None:
    path = tmp_path / "counters.sqlite"
    counters = SqliteCounters(path)
    assert counters.count(View("41"), Visitor("阿", "家"), NOW)
    assert counters.count(Search("直通车", 3), Visitor("阿", "家"), NOW)
    assert counters.count(View("42"), Visitor("宝", "家"), NOW + timedelta(days=200))
    counters.close()
    assert table(path, "SELECT COUNT(*) FROM seen") == [(1,)]
    assert table(path, "SELECT COUNT(*) FROM sources") == [(1,)]
    assert table(path, "SELECT article_id FROM article_counts") == [("42",)]
    assert table(path, "SELECT COUNT(*) FROM search_counts") == [(0,)]
    assert table(path, "SELECT article_id FROM article_totals") == [("41",), ("42",)]


def test_the_file_holds_neither_visitor_nor_source(tmp_path: Path) -> None:
    path = tmp_path / "counters.sqlite"
    counters = SqliteCounters(path)
    assert counters.count(View("41"), Visitor("visitor-key", "source-key"), NOW)
    counters.close()
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"41" in kept
    assert b"visitor-key" not in kept
    assert b"source-key" not in kept


def test_counters_that_nobody_holds_any_more_leave_no_open_file(tmp_path: Path) -> None:
    counters = SqliteCounters(tmp_path / "counters.sqlite")
    database = counters._database
    assert database.execute("SELECT 1").fetchone() == (1,)
    del counters
    gc.collect()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        database.execute("SELECT 1")
