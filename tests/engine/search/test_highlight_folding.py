"""Does the fast way find what the normalizer finds."""

from __future__ import annotations

import gc
import threading
import weakref

import pytest
from highlight_oracle import TERMS, TEXTS, normalizer
from hypothesis import example, given

from engine.analysis.folding import CharacterFolds
from engine.analysis.normalizer import Normalizer
from engine.search.folded_text import FoldTable, fold_table
from engine.search.occurrences import find_occurrences, find_word

TABLE = FoldTable(normalizer())


@given(TEXTS, TERMS)
@example("", [])
@example("𠮷野家", ["家"])
@example("等等…㎡\u200b", ["等..."])
def test_a_folded_text_is_the_normalized_text(text: str, terms: list[str]) -> None:
    folded = TABLE.fold(text, terms)
    normalized = normalizer().normalize_with_offsets(text)
    starts = list(range(len(text) + 1)) if folded.starts is None else folded.starts.tolist()
    assert len(starts) == len(folded.text) + 1
    # Each U+0000 stands for punctuation that becomes several characters.
    widths = [
        len(normalizer().normalize(text[start])) if character == "\0" else 1
        for character, start in zip(folded.text, starts, strict=False)
    ]
    expected = iter(zip(normalized.text, normalized.starts.tolist(), strict=False))
    for character, start, width in zip(folded.text, starts, widths, strict=False):
        spelled = [next(expected) for _ in range(width)]
        assert {place for _, place in spelled} == {start}
        assert character == "\0" or character == "".join(one for one, _ in spelled)
        assert character != "\0" or not any(one.isalnum() for one, _ in spelled)
    assert list(expected) == []


@given(TEXTS, TERMS)
def test_the_table_and_the_normalizer_find_the_same(text: str, terms: list[str]) -> None:
    # An accent at the end, after a space that it cannot change, takes a text the other way.
    other = find_occurrences(normalizer(), f"{text}  \u0301", terms)
    assert find_occurrences(normalizer(), text, terms) == [
        one for one in other if one[1] <= len(text)
    ]


@pytest.mark.parametrize(
    ("text", "expected", "starts"),
    [
        ("淘寶ＰＬＵＳ", "淘宝plus", None),
        ("淘\u200b寶", "淘宝", [0, 2, 3]),
        ("5㎡店", "5m2店", [0, 1, 1, 2, 3]),
        ("等等…", "等等\0", None),
        ("\ud83d店", "\ufffd店", None),
        ("🔥\u3000A", "🔥 a", None),
        ("cafe\u0301店", "café店", [0, 1, 2, 3, 5, 6]),
        ("\u200b", "", [1]),
        ("", "", None),
    ],
)
def test_each_folded_character_knows_its_origin(
    text: str, expected: str, starts: list[int] | None
) -> None:
    folded = TABLE.fold(text, ["宝"])
    assert folded.text == expected
    assert (None if folded.starts is None else folded.starts.tolist()) == starts


def test_punctuation_that_grows_is_spelled_out_for_a_term_with_that_punctuation_only() -> None:
    assert TABLE.fold("等等…", ["等", "."]).text == "等等\0"
    assert TABLE.fold("等等…", ["等..."]).text == "等等..."


def test_a_term_stands_where_no_longer_latin_word_does() -> None:
    assert find_word("plus surplus 京东plus 7plus plus", "plus") == [0, 15, 26]
    assert find_word("宝宝宝", "宝宝") == [0, 1]
    assert find_word("宝", "") == []


def test_a_term_that_is_everywhere_is_sampled_evenly() -> None:
    positions = find_word("宝" * 10_000, "宝", most=100)
    assert positions == list(range(0, 10_000, 100))
    assert find_word("宝贝" * 50, "宝", most=50) == list(range(0, 100, 2))


def test_a_table_lives_as_long_as_its_normalizer() -> None:
    other = Normalizer(CharacterFolds({}))
    assert fold_table(other) is fold_table(other)
    assert fold_table(other) is not fold_table(normalizer())
    table = weakref.ref(fold_table(other))
    del other
    gc.collect()
    assert table() is None


def test_threads_that_learn_at_once_agree() -> None:
    table = FoldTable(normalizer())
    text = "".join(map(chr, range(0x4E00, 0x5E00))) + "ＰＬＵＳ…"
    found = []

    def fold() -> None:
        found.append(table.fold(text, []).text)

    threads = [threading.Thread(target=fold) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1
