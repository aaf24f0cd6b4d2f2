"""Cuts with and without one line, over a dictionary small enough to see through."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from engine.analysis.segmenter import open_segmenter
from index_builder.lexicon.cut_changes import CutComparison
from index_builder.lexicon.dictionary_compiler import compile_dictionary, write_dictionary
from index_builder.lexicon.findings import Kind
from index_builder.lexicon.hidden_states_compiler import write_hidden_states
from index_builder.lexicon.lexicon_files import LexiconWord
from index_builder.lexicon.word_contexts import Context

STOCK = {"淘宝": 300, "店铺": 300, "店": 200, "铺": 20, "京": 50, "小仓": 30, "京东": 100,
         "东": 100, "我": 900, "的": 9000, "端的": 90, "端": 40, "移动": 80, "开": 90,
         "知乎": 40, "商家": 60}  # fmt: skip


def compiled(folder: Path, lines: Mapping[str, int | None]) -> Path:
    words = [LexiconWord(word, count, None, "domain_terms.txt:1") for word, count in lines.items()]
    folder.mkdir(exist_ok=True)
    write_hidden_states(folder)
    write_dictionary(folder, compile_dictionary(STOCK, words, str))
    return folder


@pytest.fixture(scope="module")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> CutComparison:
    lines = {"京小仓": None, "淘宝店": 9000, "端的": 1, "知乎": None, "商家": 0}
    return CutComparison(compiled(tmp_path_factory.mktemp("lexicon"), lines), STOCK)


@pytest.mark.parametrize(
    ("word", "text", "kind", "cuts"),
    [
        ("京小仓", "我的京小仓", Kind.JOINS, "我/的/京/小仓 → 我/的/京小仓"),
        ("淘宝店", "淘宝店铺", Kind.MOVES_NEIGHBOURS, "淘宝/店铺 → 淘宝店/铺"),
        ("淘宝店", "我的淘宝店", Kind.JOINS, "我/的/淘宝/店 → 我/的/淘宝店"),
        ("知乎", "我的知乎", Kind.CHANGES_NOTHING, "我/的/知乎 → 我/的/知乎"),
        ("端的", "移动端的", Kind.SPLITS, "移动/端的 → 移动/端/的"),
        ("商家", "我的商家", Kind.SPLITS, "我/的/商家 → 我/的/商/家"),
    ],
)
def test_what_a_line_changes_is_told_with_before_and_after(
    comparison: CutComparison, word: str, text: str, kind: Kind, cuts: str
) -> None:
    (change,) = comparison.compare(word, [Context(text, text.index(word))])
    assert change.kind is kind
    assert f"{'/'.join(change.before)} → {'/'.join(change.after)}" == cuts


def test_a_word_that_loses_to_its_neighbour_is_told(tmp_path: Path) -> None:
    lines = {"宝店": 1, "淘宝": 3000}
    (change,) = CutComparison(compiled(tmp_path / "a", lines), STOCK).compare(
        "宝店", [Context("淘宝店铺", 1)]
    )
    assert (change.kind, change.after) == (Kind.NEIGHBOUR_WINS, ("淘宝", "店铺"))


def test_a_word_within_a_longer_one_has_not_lost(tmp_path: Path) -> None:
    lines = {"京小仓": None, "小仓": 30}
    (change,) = CutComparison(compiled(tmp_path / "a", lines), STOCK).compare(
        "小仓", [Context("我的京小仓", 3)]
    )
    assert change.kind is Kind.CHANGES_NOTHING


@pytest.mark.parametrize("left_out", ["京小仓", "淘宝店", "端的", "店铺"])
def test_without_a_line_is_as_if_it_had_not_been_compiled(tmp_path: Path, left_out: str) -> None:
    lines = {"京小仓": 60, "淘宝店": 9000, "端的": 1, "店铺": 0}
    others = {word: count for word, count in lines.items() if word != left_out}
    comparison = CutComparison(compiled(tmp_path / "with", lines), STOCK)
    without = open_segmenter(compiled(tmp_path / "without", others))
    for text in ("我的京东京小仓", "淘宝店铺", "开淘宝店的我", "移动端的店铺", "小仓东京端的"):
        (change,) = comparison.compare(left_out, [Context(text, 0)])
        assert list(change.before) == list(without.cut(text)), text
