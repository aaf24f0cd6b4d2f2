"""What is written in codes reads back exactly, whole and in parts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.index.articles import decode_text, encode_text
from engine.index.snapshot import open_snapshot
from engine.index.text_codes import ESCAPE, Codes, TextCodes
from index_builder.corpus import read_corpus
from index_builder.text_encoder import open_text_encoder

PIECES = [
    "直通车",
    "淘寶店鋪",
    "，",
    "。\n",
    "Plus",
    " iPhone 15",
    "㎡",
    "👨‍👩‍👧",
    "🇨🇳",
    "é",
    "\u0301",
    "鳎龘",
    "\0",
]
ODD = ["\0", "\uffff", "\ufffe", "\ufeff", "𠮷", "\U000e0100", "\u200b", "\x07", "ﷺ"]

TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.lists(st.sampled_from([*PIECES, *ODD]), max_size=30).map("".join),
)


@pytest.fixture(scope="module")
def codes(sample_index: Path) -> TextCodes:
    return TextCodes(sample_index)


@pytest.fixture(scope="module")
def encode(sample_index: Path) -> Callable[[str], Codes]:
    return open_text_encoder(sample_index).encode


@given(text=TEXTS)
@example("")
@example("\0" * 9)
@example("宝\0贝")
@example("\uffff\ufffe" * 3)
@example("😀" * 5)
def test_decoding_gives_back_every_text(
    codes: TextCodes, encode: Callable[[str], Codes], text: str
) -> None:
    assert codes.decode(encode(text)) == text


@given(texts=st.lists(TEXTS, max_size=5))
@example(["a\ufffeb", "", "\ufffe"])
def test_texts_read_together_are_those_read_alone(
    codes: TextCodes, encode: Callable[[str], Codes], texts: list[str]
) -> None:
    assert codes.decode_all(list(map(encode, texts))) == texts


@given(text=TEXTS, start=st.integers(0, 30), length=st.integers(0, 30))
def test_any_part_reads_as_a_part_of_the_text(
    codes: TextCodes, encode: Callable[[str], Codes], text: str, start: int, length: int
) -> None:
    written = encode(text)
    if start and start <= len(written) and written[start - 1] == ESCAPE:
        start += 1  # the unit behind an escape means nothing alone
    assert codes.decode_all([written[start : start + length]])[0] in text


def test_the_sample_takes_about_a_code_for_a_character_and_a_half(
    encode: Callable[[str], Codes],
) -> None:
    sample = Path(__file__).parents[3] / "local" / "sample"
    corpus = read_corpus(sorted(sample.glob("*.jsonl")))
    characters = sum(len(article.body) for article in corpus.articles)
    written = sum(len(encode(article.body)) for article in corpus.articles)
    assert 1.3 < characters / written < 1.9


def test_a_word_is_found_by_what_it_holds_in_any_script_and_width(codes: TextCodes) -> None:
    def words(part: str) -> set[str]:
        held = codes.holders([part])
        return {codes.decode(np.full(1, code, np.uint16)) for code in held.get(part, ())}

    assert {"淘宝", "淘寶"} <= words("淘宝")
    assert {"优惠", "優惠"} <= words("优惠")
    assert {"店", "店铺", "商店"} <= words("店")
    assert {"ap", "Ap", "AP", " ap", " Ap"} == words("ap") - {"aP", " aP", " AP"}
    assert {"a", "A", "Ａ", "ａ"} <= words("a")
    assert words("淘宝店铺") == words("鳎龘") == set()


def test_parts_that_no_word_holds_are_left_out(codes: TextCodes) -> None:
    assert set(codes.holders(["鳎龘", "店铺", "𠮷野家店"])) == {"店铺"}
    assert codes.holders([]) == {}


def test_a_stored_text_keeps_its_summary_times_and_counts(
    sample_index: Path, encode: Callable[[str], Codes], codes: TextCodes
) -> None:
    sample = Path(__file__).parents[3] / "local" / "sample"
    corpus = read_corpus(sorted(sample.glob("*.jsonl")))
    table = open_snapshot(sample_index).articles
    for article in corpus.articles:
        number = table.find(article.id)
        assert number is not None
        text = table.text(number)
        assert text == decode_text(encode_text(article, encode), codes)
        assert (text.body, text.summary) == (article.body, article.summary)
        assert (text.likes, text.favorites) == (article.likes, article.favorites)
        assert table.body(number) == article.body
