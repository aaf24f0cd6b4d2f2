from __future__ import annotations

import json
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from moto_server import S3Server

from engine.counters.protocol import Click, Counters, Search, View, Visitor
from engine.counters.sqlite import SqliteCounters
from engine.errors import InputError
from functions.counters_location import open_counters
from index_builder.lexicon.zero_hit_queries import read_zero_hit_queries
from local.commands.analytics import command

MARKUP = '<script>alert("1")</script>'
FORMULA = "$x^2$ & 引流"


class Page(HTMLParser):
    """What a browser would make of the page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.ids: list[str] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.ids += [value or "" for name, value in attrs if name == "id"]

    def handle_data(self, data: str) -> None:
        self.texts.append(data.strip())


def fill(counters: Counters) -> None:
    now = datetime.now(UTC)
    for name in "阿宝陈":
        person = Visitor(name, name)
        for query, total in (("直通车", 4), (MARKUP, 0), (FORMULA, 2), ("代开发票", 0)):
            assert counters.count(Search(query, total), person, now)
        assert counters.count(View("41"), person, now)
        assert counters.count(Click("41", "直通车", 1), person, now)
    assert counters.count(Search("只有我搜过", 0), Visitor("阿", "阿"), now)
    counters.close()


@pytest.fixture
def counters_file(tmp_path: Path) -> Path:
    path = tmp_path / "counters.sqlite"
    fill(SqliteCounters(path))
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(command, [str(a) for a in arguments], catch_exceptions=False)


def test_the_table_tells_what_was_searched_and_read(
    counters_file: Path, sample_index: Path
) -> None:
    result = run("--counters", counters_file, "--index", sample_index)
    assert result.exit_code == 0
    for told in ("直通车", MARKUP, FORMULA, "直通车低价引流计划怎么搭", "50.0%"):
        assert told in result.output
    assert "2 queries are held back" in result.output
    for hidden in ("代开发票", "只有我搜过"):
        assert hidden not in result.output


def test_json_has_the_same_figures(counters_file: Path) -> None:
    result = run("--counters", counters_file, "--json", "--days", 2)
    figures = json.loads(result.stdout)
    assert [q["query"] for q in figures["top_queries"]] == [FORMULA, MARKUP, "直通车"]
    assert [q["query"] for q in figures["zero_hit_queries"]] == [MARKUP]
    assert figures["most_viewed"] == [{"article_id": "41", "views": 3, "clicks": 3}]
    assert len(figures["days"]) == 2
    assert "代开发票" not in result.stdout


def test_the_page_is_self_contained_and_what_people_typed_is_text(
    counters_file: Path, tmp_path: Path, sample_index: Path
) -> None:
    path = tmp_path / "report.html"
    result = run("--counters", counters_file, "--index", sample_index, "--html", path)
    assert (result.exit_code, result.stdout) == (0, "")
    text = path.read_text("utf-8")
    page = Page(text)
    assert {"script", "img", "link", "iframe"} & page.tags == set()
    assert {"src", "onload", "onclick"} & page.attributes == set()
    assert "alert" not in page.tags
    # Chinese in the plots is real text, and so is everything else.
    assert page.texts.count("直通车") == 2, "once in the plot and once in the table"
    assert page.texts.count(MARKUP) == 2
    assert page.texts.count(FORMULA) == 2
    assert "直通车低价引流计划怎么搭" in page.texts
    assert len(page.ids) == len(set(page.ids)), "pictures share one space of ids"
    assert "default-src 'none'" in text
    for hidden in ("代开发票", "只有我搜过"):
        assert hidden not in text


def test_searches_that_found_nothing_go_to_the_miner_of_words(
    counters_file: Path, tmp_path: Path
) -> None:
    path = tmp_path / "zero_hits.jsonl"
    assert run("--counters", counters_file, "--zero-hits", path).stdout == ""
    assert read_zero_hit_queries(path) == {MARKUP: 3}


def test_equal_figures_give_equal_pages(counters_file: Path, tmp_path: Path) -> None:
    for name in ("one", "other"):
        run("--counters", counters_file, "--html", tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


def test_a_report_of_nothing_is_a_page_too(tmp_path: Path) -> None:
    SqliteCounters(tmp_path / "empty.sqlite").close()
    result = run(
        "--counters", tmp_path / "empty.sqlite", "--html", tmp_path / "r.html", "--days", 1
    )
    assert result.exit_code == 0
    assert "No views yet." in (tmp_path / "r.html").read_text("utf-8")
    assert "none" in run("--counters", tmp_path / "empty.sqlite").output


def test_a_table_of_dynamodb_is_read_too(
    s3_server: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in s3_server.environment.items():
        monkeypatch.setenv(name, value)
    place = f"dynamodb://{s3_server.create_counters_table()}"
    fill(open_counters(place))
    assert "直通车" in run("--counters", place, "--days", 2).output


def test_a_path_without_counters_is_refused_and_nothing_made(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no counters there"):
        run("--counters", tmp_path / "misspelt.sqlite")
    assert list(tmp_path.iterdir()) == []


def test_a_page_that_cannot_be_written_is_named(counters_file: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        run("--counters", counters_file, "--html", tmp_path / "no" / "such" / "folder.html")


def test_the_table_stays_whole_when_a_query_holds_what_moves_a_cursor(tmp_path: Path) -> None:
    counters = SqliteCounters(tmp_path / "c.sqlite")
    for name in "阿宝":
        assert counters.count(
            Search("\x1b[2J清屏[bold]", 0), Visitor(name, name), datetime.now(UTC)
        )
    counters.close()
    output = run("--counters", tmp_path / "c.sqlite").output
    assert "\x1b[2J" not in output
    assert "清屏[bold]" in output
