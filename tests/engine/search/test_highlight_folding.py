"""Does the fast way find what the normalizer finds."""

from __future__ import annotations

import threading

import pytest
from highlight_oracle import TERMS, TEXTS, normalizer
from hypothesis import example, given

from engine.analysis.folding import CharacterFolds
from engine.analysis.normalizer import Normalizer
from engine.search.folded_text import FoldTable, fold_table
from engine.search.occurrences import find_occurrences, find_word

TABLE = FoldTable(normalizer())


@given(TEXTS)
@example("")
@example("𠮷野家")
def test_where_the_table_answers_it_says_what_the_normalizer_says(text: str) -> None:
    folded = TABLE.fold(text, [])
    if folded is None:
        return
    normalized = normalizer().normalize_with_offsets(text)
    origins = list(range(len(text))) if folded.origins is None else folded.origins.tolist()
    assert len(origins) == len(folded.text)
    expected: dict[int, str] = {}
    for character, start in zip(normalized.text, normalized.starts[:-1].tolist(), strict=True):
        expected[start] = expected.get(start, "") + character
    assert origins == list(expected)
    for character, fold in zip(folded.text, expected.values(), strict=True):
        assert character == fold or (character == "\0" and not any(map(str.isalnum, fold)))


@given(TEXTS, TERMS)
def test_both_ways_find_the_same(text: str, terms: list[str]) -> None:
    # An accent at the end, after a space that it cannot change, takes a text the slow way.
    slow = f"{text}  \u0301"
    assert TABLE.fold(slow, terms) is None
    assert find_occurrences(normalizer(), text, terms) == [
        one for one in find_occurrences(normalizer(), slow, terms) if one[1] <= len(text)
    ]


@pytest.mark.parametrize("text", ["e\u0301", "50㎡", "⑩", "ß", "가\u11a8", "𠮷", "का"])
def test_what_depends_on_neighbours_or_grows_is_left_to_the_normalizer(text: str) -> None:
    assert TABLE.fold(text, ["宝"]) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("淘寶ＰＬＵＳ", "淘宝plus"),
        ("淘\u200b寶", "淘宝"),
        ("等等…", "等等\0"),
        ("\ud83d", "\ufffd"),
        ("🔥\u3000A", "🔥 a"),
    ],
)
def test_most_text_is_folded_by_the_table(text: str, expected: str) -> None:
    folded = TABLE.fold(text, ["宝"])
    assert folded is not None
    assert folded.text == expected


def test_punctuation_that_grows_matters_to_a_term_with_that_punctuation_only() -> None:
    assert TABLE.fold("等等…", ["等"]) is not None
    assert TABLE.fold("等等…", ["等", "."]) is not None
    assert TABLE.fold("等等…", ["等等..."]) is None


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


def test_threads_that_learn_at_once_agree() -> None:
    table = FoldTable(normalizer())
    text = "".join(map(chr, range(0x4E00, 0x5E00))) + "ＰＬＵＳ…"
    found: list[str] = []

    def fold() -> None:
        folded = table.fold(text, [])
        assert folded is not None
        found.append(folded.text)

    threads = [threading.Thread(target=fold) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1
