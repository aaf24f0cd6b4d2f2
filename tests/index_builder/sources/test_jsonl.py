"""A file of articles is read to its end whatever single lines are like."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from engine.errors import SourceError
from index_builder.sources import jsonl
from index_builder.sources.jsonl import QuarantinedLine, ReadArticle, read_jsonl

GOOD = json.dumps({"id": "1", "title": "标题", "body": "正文"}, ensure_ascii=False)


def _write(path: Path, *lines: str | bytes) -> Path:
    raw = b"\n".join(line.encode() if isinstance(line, str) else line for line in lines)
    path.write_bytes(raw)
    return path


def test_bad_lines_are_set_aside_with_number_and_reason(tmp_path: Path) -> None:
    source = _write(
        tmp_path / "a.jsonl",
        GOOD,
        "{",
        "",
        b"\xff\xfe",
        "[1]",
        '{"id": "2", "title": "无正文"}',
        GOOD,
    )
    items = list(read_jsonl(source))
    assert [item.article.id for item in items if isinstance(item, ReadArticle)] == ["1", "1"]
    bad = [(item.line, item.reason) for item in items if isinstance(item, QuarantinedLine)]
    assert [line for line, _ in bad] == [2, 4, 5, 6]
    assert bad[0][1].startswith("not JSON")
    assert bad[1][1] == "not UTF-8 at byte 0"
    assert bad[2][1] == "expected a JSON object with id, title and body, found a list"
    assert bad[3][1] == "body: expected a string, found null"


def test_gzip_is_recognised_by_content_not_by_name(tmp_path: Path) -> None:
    source = tmp_path / "export.jsonl"
    source.write_bytes(gzip.compress(GOOD.encode()))
    assert [item.article.id for item in read_jsonl(source) if isinstance(item, ReadArticle)] == [
        "1"
    ]


def test_a_byte_order_mark_is_no_reason_to_lose_the_first_line(tmp_path: Path) -> None:
    source = _write(tmp_path / "a.jsonl", b"\xef\xbb\xbf" + GOOD.encode())
    assert [type(item) for item in read_jsonl(source)] == [ReadArticle]


def test_a_truncated_gzip_is_an_error_not_a_shorter_corpus(tmp_path: Path) -> None:
    source = tmp_path / "a.jsonl.gz"
    source.write_bytes(gzip.compress((GOOD + "\n").encode() * 500)[:-20])
    with pytest.raises(SourceError, match="cannot be read on after line"):
        list(read_jsonl(source))


@pytest.mark.parametrize("name", ["missing.jsonl", "."])
def test_a_missing_file_or_a_folder_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(SourceError, match=r"expected a \.jsonl or"):
        list(read_jsonl(tmp_path / name))


def test_an_endless_line_costs_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl, "MAX_LINE_BYTES", 1000)
    source = _write(tmp_path / "a.jsonl", GOOD, "x" * 5000, GOOD)
    kinds = [type(item) for item in read_jsonl(source)]
    assert kinds == [ReadArticle, QuarantinedLine, ReadArticle]


def test_a_ten_megabyte_article_is_an_article(tmp_path: Path) -> None:
    body = "发货超时会被罚多少。" * 350_000
    assert len(body.encode()) > 10_000_000
    record = {"id": "1", "title": "长文", "body": body}
    source = _write(tmp_path / "a.jsonl", json.dumps(record, ensure_ascii=False))
    (item,) = read_jsonl(source)
    assert isinstance(item, ReadArticle)
    assert item.article.body == body


def test_deep_nesting_and_endless_digits_are_quarantined(tmp_path: Path) -> None:
    source = _write(
        tmp_path / "a.jsonl",
        '{"id": "1", "x": ' + "[" * 100_000 + "]" * 100_000 + "}",
        '{"id": ' + "9" * 5000 + "}",
        GOOD,
    )
    kinds = [type(item) for item in read_jsonl(source)]
    assert kinds == [QuarantinedLine, QuarantinedLine, ReadArticle]
