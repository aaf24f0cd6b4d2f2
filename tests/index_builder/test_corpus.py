"""Which lines become articles, and when a source is refused as a whole."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.errors import GateRefusedError, SourceError
from index_builder.corpus import read_corpus


def _line(article_id: str, title: str = "标题", body: str = "正文") -> str:
    return json.dumps({"id": article_id, "title": title, "body": body}, ensure_ascii=False)


def _source(path: Path, lines: list[str]) -> Path:
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_the_last_of_duplicate_ids_wins_and_is_reported(tmp_path: Path) -> None:
    source = _source(tmp_path / "a.jsonl", [_line("1", "旧"), _line("2"), _line("1", "新")])
    corpus = read_corpus([source])
    assert [(article.id, article.title) for article in corpus.articles] == [
        ("1", "新"),
        ("2", "标题"),
    ]
    assert corpus.replaced_ids == ("1",)


def test_the_order_of_lines_leaves_no_trace(tmp_path: Path) -> None:
    lines = [_line(str(number)) for number in range(30)]
    forward = read_corpus([_source(tmp_path / "a.jsonl", lines)])
    backward = read_corpus([_source(tmp_path / "b.jsonl", lines[::-1])])
    assert forward.articles == backward.articles


def test_one_bad_line_in_a_hundred_is_tolerated(tmp_path: Path) -> None:
    lines = [_line(str(number)) for number in range(99)] + ["{broken"]
    corpus = read_corpus([_source(tmp_path / "a.jsonl", lines)])
    assert len(corpus.articles) == 99
    assert [(q.line, q.source) for q in corpus.quarantined] == [(100, "a.jsonl")]


def test_more_than_one_bad_line_in_a_hundred_is_refused(tmp_path: Path) -> None:
    lines = [_line(str(number)) for number in range(98)] + ["{broken", "[]"]
    with pytest.raises(GateRefusedError, match=r"2 of 100 lines unusable \(2.0%\).*at most 1%"):
        read_corpus([_source(tmp_path / "a.jsonl", lines)])


def test_an_empty_file_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"empty\.jsonl: no articles in it"):
        read_corpus([_source(tmp_path / "empty.jsonl", [])])


def test_a_body_of_markup_alone_is_quarantined(tmp_path: Path) -> None:
    lines = [_line(str(number)) for number in range(120)] + [_line("x", body="<p><br/></p>")]
    corpus = read_corpus([_source(tmp_path / "a.jsonl", lines)])
    assert [q.reason for q in corpus.quarantined] == ["body: nothing but markup (article 'x')"]
