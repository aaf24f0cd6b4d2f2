"""Which part of a text is read for its excerpt."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.index.snapshot import Snapshot, open_snapshot
from engine.index.text_codes import Codes, TextCodes
from engine.search.body_parts import BodyParts
from engine.search.excerpt import EXCERPT_LENGTH
from engine.search.passages import MARGIN, find_passages
from index_builder.text_encoder import open_text_encoder

FILLER = "卖家在后台看到的流量分成很多种，" * 60

Read = Callable[[str, dict[str, float]], str | None]


@pytest.fixture(scope="module")
def snapshot(sample_index: Path) -> Snapshot:
    return open_snapshot(sample_index)


@pytest.fixture(scope="module")
def codes(snapshot: Snapshot) -> TextCodes:
    return snapshot.articles.text_codes


@pytest.fixture(scope="module")
def encode(sample_index: Path) -> Callable[[str], Codes]:
    return open_text_encoder(sample_index).encode


@pytest.fixture(scope="module")
def read(codes: TextCodes, encode: Callable[[str], Codes]) -> Read:
    def part(text: str, weights: dict[str, float]) -> str | None:
        written = encode(text)
        (passage,) = find_passages(codes, [written], weights)
        return None if passage is None else codes.decode(written[slice(*passage)])

    return part


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("淘寶怎麼開店", "淘宝"),  # another script
        ("直播带货的门槛", "直播带货"),  # two words of the table
        ("做一个APP试试", "app"),  # an odd number of letters
        ("the MVP of it", "mvp"),
        ("B端产品经理", "b端"),  # letters and Han
        ("开了一家鳎店", "店"),  # one character
    ],
)
def test_a_term_is_seen_however_it_is_written(read: Read, text: str, term: str) -> None:
    found = read(FILLER + text + FILLER, {term: 1.0})
    assert found is not None
    assert text in found
    assert len(found) < len(FILLER)


def test_parts_of_a_term_that_stand_apart_are_not_the_term(read: Read) -> None:
    text = f"直播间。{FILLER}带货。{FILLER}直播带货。{FILLER}"
    found = read(text, {"直播带货": 1.0})
    assert found is not None
    assert "直播带货" in found
    assert read(f"直播间。{FILLER}带货。", {"直播带货": 1.0}) is None


def test_the_passage_is_where_most_of_the_weight_stands_together(read: Read) -> None:
    text = f"淘宝。{FILLER}淘宝直通车。{FILLER}保证金。{FILLER}"
    together = read(text, {"淘宝": 1.0, "直通车": 1.0, "保证金": 1.5})
    heavy = read(text, {"淘宝": 1.0, "直通车": 1.0, "保证金": 2.5})
    assert together is not None
    assert heavy is not None
    assert "淘宝直通车" in together
    assert "保证金" in heavy


def test_nothing_seen_is_told(read: Read) -> None:
    assert read(FILLER, {"鳎龘": 1.0}) is None
    assert read(FILLER, {}) is None
    assert read("", {"淘宝": 1.0}) is None


def test_many_texts_are_told_apart(codes: TextCodes, encode: Callable[[str], Codes]) -> None:
    texts = ["淘宝", FILLER, "", FILLER + "淘宝", "开淘宝" + FILLER]
    passages = find_passages(codes, list(map(encode, texts)), {"淘宝": 1.0})
    assert [passage is not None for passage in passages] == [True, False, False, True, True]
    assert passages[4] is not None
    assert passages[4].start == 0


def test_a_margin_is_more_than_a_window(codes: TextCodes, encode: Callable[[str], Codes]) -> None:
    # Half as many codes as characters hold at least nine tenths of a window in prose.
    assert len(codes.decode(encode(FILLER)[:MARGIN])) > 0.9 * EXCERPT_LENGTH


def test_a_part_begins_and_ends_with_whole_latin_words(snapshot: Snapshot) -> None:
    articles = snapshot.articles
    for number in range(len(articles)):
        body = articles.body(number)
        (part,) = BodyParts(articles, [number], {"店": 1.0, "plus": 2.0}).parts
        assert part.text in body
        start = body.index(part.text)
        if not part.opens:
            assert (
                not body[start - 1 : start + 1].isascii()
                or not body[start - 1 : start + 1].isalnum()
            )
        assert part.closes == (not body[start + len(part.text) :].strip())
        assert part.opens == (not body[:start].strip())
