from __future__ import annotations

from pathlib import Path

import pytest

from engine.analysis.analyzer import Analyzer
from engine.errors import InputError
from index_builder.lexicon.zero_hit_queries import (
    SoughtWord,
    find_sought_words,
    read_zero_hit_queries,
)


def test_searches_are_read_as_typed_or_with_their_counts(tmp_path: Path) -> None:
    path = tmp_path / "queries.txt"
    path.write_text(
        '京小仓\r\n\n{"query": "稳定币", "count": 4}\n京小仓\n{"query": "京小仓"}\n', "utf-8"
    )
    assert read_zero_hit_queries(path) == {"京小仓": 3, "稳定币": 4}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xd6\xd0", r"queries\.txt: expected a UTF-8 file of searches"),
        ('京小仓\n{"query": 3}'.encode(), r"queries\.txt:2: expected query to be text"),
        (b'{"query": "a", "count": true}', r"queries\.txt:1: expected query to be text"),
        (b'{"query": "a", "count": 0}', r"queries\.txt:1: expected query to be text"),
        (b'{"text": "a"}', r"queries\.txt:1: expected \{"),
        (b'{"a":' * 100_000, r"queries\.txt:1: expected \{"),
        (b"a" * 201, r"queries\.txt:1: a search of 201 characters, at most 200"),
        (b"{", r"queries\.txt:1: expected \{"),
    ],
)
def test_an_unusable_line_is_named_by_its_number(
    tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "queries.txt"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message):
        read_zero_hit_queries(path)
    with pytest.raises(InputError, match="expected a UTF-8 file"):
        read_zero_hit_queries(tmp_path / "absent.txt")


def test_what_was_sought_in_vain_is_counted_and_looked_up(stock_analyzer: Analyzer) -> None:
    queries = {
        "京小仓怎么用": 5,
        "可以在京小仓发货": 2,
        "稳定币": 1,
        "淘宝": 9,
        "怎么": 9,
        "？！": 9,
    }
    articles = ["用京小仓的商家", "淘宝", "京小仓和云仓"]
    assert find_sought_words(queries, articles, stock_analyzer) == [
        SoughtWord("京小仓", 7, 2, ("京", "小仓")),
        SoughtWord("京小仓发货", 2, 0, ("京", "小仓", "发货")),
        SoughtWord("稳定币", 1, 0, ("稳定", "币")),
    ]


def test_odd_searches_are_harmless(stock_analyzer: Analyzer) -> None:
    odd = {"\ud800京小仓\u202e": 1, "": 1, "a" * 200: 1, "(a+)+$": 1, "\x00": 1}
    sought = find_sought_words(odd, ["京小仓\udfff"], stock_analyzer)
    assert [(word.word, word.articles) for word in sought] == [("京小仓", 1)]


def test_searches_are_folded_as_articles_are(stock_analyzer: Analyzer) -> None:
    sought = find_sought_words({"京小倉": 1}, ["京小仓"], stock_analyzer)
    assert sought == [SoughtWord("京小仓", 1, 1, ("京", "小仓"))]
    assert find_sought_words({"京小倉": 1}, [], stock_analyzer, known={"京小仓"}) == []
