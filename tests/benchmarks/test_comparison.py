from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks.comparison.documents import prepare, read_build_input, read_ids
from benchmarks.comparison.measurement import WrongAnswerError, ask_all, percentile
from benchmarks.comparison.runner import Limits, compare, judge
from benchmarks.comparison.scenarios import (
    SAMPLE_QUERIES,
    Scenario,
    choose_scenario,
)
from benchmarks.comparison.table import render
from benchmarks.document import BEGIN, END, with_tables
from benchmarks.peers.protocol import PEERS, BuildInput, Entry, IndexBytes, make_peer
from engine.errors import InputError
from local.cli import wenmai


class Scripted:
    """A peer that returns what it was told to return."""

    reads_words = False
    normalizes = False

    def __init__(self, *answer: str) -> None:
        self._answer = list(answer)

    def build(self, given: BuildInput, folder: Path) -> None: ...

    def open(self, folder: Path) -> None: ...

    def search(self, text: str, size: int) -> list[str]:
        del text, size
        return self._answer

    def index_bytes(self, folder: Path) -> IndexBytes:
        del folder
        return IndexBytes(0)


def test_the_figures_are_those_of_wenmai_evaluate(
    scenario: Scenario, built_index: Path, sample_index: Path
) -> None:
    peer = make_peer("wenmai")
    peer.open(built_index)
    known = frozenset(str(number) for number in range(1, 127))
    asked = ask_all(peer, [query.text for query in scenario.queries], known, passes=1)
    arguments = ["evaluate", "search", "--index", str(sample_index), "--json"]
    arguments += ["--queries", str(SAMPLE_QUERIES / "queries.jsonl")]
    arguments += ["--qrels", str(SAMPLE_QUERIES / "qrels.tsv")]
    printed = CliRunner().invoke(wenmai, arguments, catch_exceptions=False).stdout
    assert judge(scenario, scenario.queries, asked.answers) == json.loads(printed)["figures"]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (["1", "nobody"], "'nobody' is not in the corpus"),
        (["1", "2", "1"], "one article twice"),
        ([str(number) for number in range(1, 12)], "11 hits where 10 were asked for"),
    ],
)
def test_an_engine_that_answers_nonsense_has_no_figures(answer: list[str], reason: str) -> None:
    known = frozenset(str(number) for number in range(1, 127))
    with pytest.raises(WrongAnswerError, match=reason):
        ask_all(Scripted(*answer), ["店铺"], known)


class Slow(Scripted):
    """A peer that moves its own clock by the milliseconds it was told to take, one after the other."""

    def __init__(self, *milliseconds: float) -> None:
        super().__init__("1")
        self.now = 0.0
        self._milliseconds = iter(milliseconds)

    def search(self, text: str, size: int) -> list[str]:
        self.now += next(self._milliseconds) / 1_000
        return super().search(text, size)


def test_of_several_passes_the_best_time_counts_and_the_first_does_not() -> None:
    peer = Slow(1, 1, 7, 4, 5, 6)
    asked = ask_all(peer, ["甲", "乙"], frozenset("1"), passes=3, clock=lambda: peer.now)
    assert asked.milliseconds == pytest.approx((5.0, 4.0))
    assert asked.passes == 2


def test_an_engine_out_of_time_is_judged_by_the_queries_that_it_answered() -> None:
    peer = Slow(*[1_000.0] * 100)
    asked = ask_all(peer, ["甲"] * 99, frozenset("1"), seconds=9.5, clock=lambda: peer.now)
    assert len(asked.answers) == len(asked.milliseconds) == 10
    assert asked.passes == 1


def test_a_whole_comparison_measures_what_is_there_and_names_what_is_not(
    scenario: Scenario, prepared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(
        PEERS, "absent", Entry("An engine nobody has", "absent:A", "no_such_package")
    )
    monkeypatch.setitem(PEERS, "broken", Entry("An engine without a class", "protocol:Missing"))
    engines = ["fts5-trigram", "absent", "broken"]
    found = compare(scenario, engines, prepared.parent, Limits(passes=2), lambda _: None)
    measured, absent, broken = found["engines"]
    assert measured["queries"] == found["queries"] == 36
    assert 0 < measured["p50_ms"] <= measured["p99_ms"]
    assert measured["search_bytes"] > 100_000
    assert {row["type"] for row in measured["quality"]} == {"all", "question", "words"}
    assert measured["quality"][0]["ndcg"] > 0.5
    assert (
        absent["unfinished"] == "not measured: the Python package no_such_package is not installed"
    )
    assert broken["unfinished"].startswith("failed building (exit 1): ")
    text = render(found)
    assert "| SQLite FTS5, trigrams |" in text
    assert "- An engine nobody has: not measured" in text


def test_every_engine_gets_the_same_text(scenario: Scenario, prepared: Path) -> None:
    given = read_build_input(prepared)
    assert {document.id for document in given.documents} == read_ids(prepared)
    traditional = next(document for document in given.documents if document.id == "92")
    assert traditional.title.startswith("超商取货运费涨了")
    assert traditional.title_words.split(" ")[:2] == ["超商取", "货运"]
    lines = [json.loads(line) for line in given.source.read_text("utf-8").splitlines()]
    assert all("tags" not in line and "summary" not in line for line in lines)


def test_paragraphs_are_taken_evenly_and_lose_no_text(tmp_path: Path) -> None:
    body = (
        "\n".join(f"第{number}段说的是店铺运营里的一件小事,请耐心读完它" for number in range(10))
        + "\n短"
    )
    source = tmp_path / "long.jsonl"
    source.write_text(json.dumps({"id": "a", "title": "长文", "body": body}) + "\n", "utf-8")
    folder = prepare(Scenario("long", (source,), (), {}, paragraphs=5), tmp_path / "work")
    given = read_build_input(folder)
    assert [document.id for document in given.documents] == ["a#0", "a#2", "a#4", "a#6", "a#8"]
    first = given.documents[0]
    assert first.title + first.body == "第0段说的是店铺运营里的一件小事,请耐心读完它"


def test_a_corpus_without_queries_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--queries"):
        choose_scenario(tmp_path / "articles.jsonl", None, None, "sample")
    with pytest.raises(InputError, match="--corpus"):
        choose_scenario(None, tmp_path / "queries.jsonl", None, "sample")


def test_a_table_tells_absent_from_zero() -> None:
    row = {
        "engine": "a",
        "title": "A",
        "cut_seconds": 0.0,
        "index_seconds": 1.5,
        "search_bytes": 2_000_000,
        "text_bytes": 0,
        "other_bytes": 0,
        "resident_mb": None,
        "p50_ms": 2.0,
        "p99_ms": 4.0,
        "queries": 4,
        "quality": [],
    }
    facts = {"scenario": "s", "documents": 3, "characters": 1_000_000, "queries": 9}
    text = render({**facts, "engines": [row]})
    cells = [cell.strip() for cell in text.splitlines()[4].strip("|").split("|")]
    assert cells == ["A", "0.0", "1.5", "2.0", "–", "–", "2.00", "4.0", "–", "–", "–"]
    assert "- A: only the first 4 of 9 queries" in text


def test_a_percentile_is_one_of_the_values() -> None:
    values = [float(number) for number in range(100, 0, -1)]
    assert percentile(values, 0.50) == 50.0
    assert percentile(values, 0.99) == 99.0
    assert percentile([7.0], 0.99) == 7.0


def test_tables_go_between_the_marks_of_a_page_and_nowhere_else() -> None:
    facts = {"scenario": "s", "characters": 1_000_000, "queries": 9, "engines": []}
    page = f"before\n\n{BEGIN}\nold\n{END}\n\nafter\n"
    both = [{**facts, "documents": 3_000}, {**facts, "documents": 20}]
    written = with_tables(page, both)
    assert written.startswith("before\n\n")
    assert written.endswith("\n\nafter\n")
    assert "old" not in written
    assert written.index("s: 20 documents") < written.index("s: 3,000 documents")
    assert with_tables(written, both) == written
    with pytest.raises(InputError, match="tables of make bench: begin"):
        with_tables("no marks", both)
