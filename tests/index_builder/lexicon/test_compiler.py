"""The project's own word lists, compiled: what they cut, and what a bad list is told."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from engine.analysis.analyzer import Analyzer, open_analyzer
from engine.errors import LexiconError
from engine.index.snapshot import open_snapshot
from index_builder.lexicon.compiler import compile_lexicon
from index_builder.lexicon.synonym_rules import read_stop_words, read_synonyms

LEXICON = Path(__file__).resolve().parents[3] / "lexicon"


@pytest.fixture(scope="module")
def analyzer(sample_index: Path) -> Analyzer:
    return open_analyzer(open_snapshot(sample_index).directory)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("京东京小仓", ["京东", "京小仓"]),
        ("拼多多直通车", ["拼多多", "直通车"]),
        ("直通車扣費", ["直通车", "扣费"]),
        ("usb超高速", ["usb", "超高速"]),
        ("dvd盘", ["dvd", "盘"]),
        ("仅退款不退货怎么申诉", ["仅退款", "不", "退货", "怎么", "申诉"]),
    ],
)
def test_sellers_words_are_cut_as_sellers_mean_them(
    analyzer: Analyzer, text: str, words: list[str]
) -> None:
    assert analyzer.words(analyzer.normalize(text)) == words


def test_a_group_finds_each_other_and_an_arrow_points_one_way(tmp_path: Path) -> None:
    path = tmp_path / "synonyms.txt"
    path.write_text("# 平台\ntb, taobao，淘宝\n补单 => 虚假交易, 刷单\n", encoding="utf-8")
    assert read_synonyms(path, str.lower) == {
        "tb": ["taobao", "淘宝"],
        "taobao": ["tb", "淘宝"],
        "淘宝": ["tb", "taobao"],
        "补单": ["虚假交易", "刷单"],
    }


@pytest.mark.parametrize("line", ["淘宝", "tb,,淘宝", "补单 =>", "=> 刷单"])
def test_a_line_that_says_nothing_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "synonyms.txt"
    path.write_text(f"# 第一行\n{line}\n", encoding="utf-8")
    with pytest.raises(LexiconError, match=r"synonyms\.txt:2: "):
        read_synonyms(path, str.lower)


def test_stop_words_are_folded_and_listed_once(tmp_path: Path) -> None:
    path = tmp_path / "stop_words.txt"
    path.write_text("的\nThe\nthe\n", encoding="utf-8")
    assert read_stop_words(path, str.lower) == ["the", "的"]


def test_a_list_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "stop_words.txt"
    path.write_bytes("的".encode("gbk"))
    with pytest.raises(LexiconError, match="expected a UTF-8 text file"):
        read_stop_words(path, str.lower)


def test_a_missing_list_says_what_a_lexicon_consists_of(tmp_path: Path) -> None:
    source = tmp_path / "lexicon"
    shutil.copytree(LEXICON, source)
    (source / "synonyms.txt").unlink()
    with pytest.raises(LexiconError, match=r"a lexicon has domain_terms\.txt, synonyms"):
        compile_lexicon(source, tmp_path)
