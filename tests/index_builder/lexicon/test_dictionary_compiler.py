from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path

import jieba
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jieba import finalseg

from engine.errors import LexiconError
from index_builder.lexicon.dictionary_compiler import (
    CompiledDictionary,
    compile_dictionary,
    normalize_words,
    stock_words,
    write_dictionary,
)
from index_builder.lexicon.lexicon_files import LexiconWord

REPOSITORY = Path(__file__).parents[3]
STOCK = {
    "京": 50,
    "东": 70,
    "京东": 9,
    "小": 900,
    "仓": 30,
    "小仓": 4,
    "科学": 600,
    "科学院": 40,
    "AA制": 3,
}


def entry(word: str, frequency: int | None = None) -> LexiconWord:
    return LexiconWord(word, frequency, None, "words.txt:1")


def contents(compiled: CompiledDictionary) -> dict[str, float]:
    return {word: compiled.log_probabilities[number] for word, number in compiled.trie.items()}


def test_jieba_brings_its_349046_words() -> None:
    words = stock_words()
    assert len(words) == 349_045  # one of them is listed twice
    assert words["中国"] == 129_470


def test_words_that_fold_to_one_add_their_counts_up() -> None:
    words = {"账户": 489, "帐户": 110, "T恤": 5, "t恤": 1, "中国": 7}
    folds = str.maketrans("帐T", "账t")
    assert normalize_words(words, lambda text: text.translate(folds)) == {
        "账户": 599,
        "t恤": 6,
        "中国": 7,
    }


def test_words_are_normalised_one_by_one_where_one_of_them_has_a_space() -> None:
    assert normalize_words({"A B": 1, "C": 2}, str.lower) == {"a b": 1, "c": 2}


def test_the_numbers_are_shares_of_all_occurrences() -> None:
    compiled = compile_dictionary({"京东": 3, "小仓": 1, "从未": 0}, [], str.lower)
    assert contents(compiled) == {
        "京东": math.log(3) - math.log(4),
        "小仓": math.log(1) - math.log(4),
    }
    assert compiled.facts["total"] == 4
    assert compiled.facts["longest_word"] == 2
    assert compiled.facts["unknown_log_probability"] == -math.log(4)


ENTRIES = st.lists(
    st.tuples(
        st.text(st.sampled_from("京东小仓科学院aA+，"), min_size=1, max_size=5),
        st.one_of(st.none(), st.integers(0, 1000)),
    ),
    max_size=12,
)


@settings(deadline=None)
@given(entries=ENTRIES)
def test_added_words_get_what_stock_jieba_would_give_them(
    entries: list[tuple[str, int | None]],
) -> None:
    compiled = compile_dictionary(STOCK, [entry(*e) for e in entries], str.lower)
    stock, split = added_by_jieba(entries)
    frequencies = {word: count for word, count in stock.FREQ.items() if count}
    log_total = math.log(stock.total)
    assert compiled.facts["total"] == stock.total
    assert contents(compiled) == {
        word: math.log(count) - log_total for word, count in frequencies.items()
    }
    assert set(compiled.facts["always_split"]) == split


def added_by_jieba(entries: list[tuple[str, int | None]]) -> tuple[jieba.Tokenizer, set[str]]:
    stock = jieba.Tokenizer()
    stock.initialized = True
    for word, count in STOCK.items():
        stock.add_word(word.lower(), count)
    before = set(finalseg.Force_Split_Words)
    try:
        for word, frequency in entries:
            stock.add_word(word.lower(), frequency)
        return stock, finalseg.Force_Split_Words - before
    finally:
        finalseg.Force_Split_Words.intersection_update(before)


def test_compiling_leaves_nothing_behind_in_jieba() -> None:
    # Whatever another suite of this process did with jieba's own tokenizer.
    before = set(finalseg.Force_Split_Words), jieba.dt.initialized, dict(jieba.dt.FREQ)
    compile_dictionary(STOCK, [entry("京东小仓", 0), entry("小仓院")], str.lower)
    assert (set(finalseg.Force_Split_Words), jieba.dt.initialized, dict(jieba.dt.FREQ)) == before


def test_a_word_that_folds_to_nothing_is_named() -> None:
    with pytest.raises(LexiconError, match=r"words\.txt:1: nothing is left of 'B'"):
        compile_dictionary(STOCK, [entry("B")], lambda text: text.replace("B", ""))


def test_the_fingerprint_tells_dictionaries_apart() -> None:
    def fingerprint(*entries: LexiconWord) -> str:
        return str(compile_dictionary(STOCK, entries, str.lower).facts["fingerprint"])

    assert fingerprint(entry("新词")) == fingerprint(entry("新词"))
    different = [
        fingerprint(),
        fingerprint(entry("新词")),
        fingerprint(entry("新词", 77)),
        fingerprint(entry("新词", 0)),
    ]
    assert len(set(different)) == len(different)


def test_equal_input_gives_equal_bytes_in_any_process(tmp_path: Path) -> None:
    program = (
        "import sys, pathlib\n"
        "from index_builder.lexicon.dictionary_compiler import *\n"
        "words = {'京东': 3, '小仓': 1, '科学': 600, '科学院': 40}\n"
        "added = [LexiconWord(w, f, None, '') for w, f in [('直通车', None), ('补单', 0), ('刷单', 0)]]\n"
        "write_dictionary(pathlib.Path(sys.argv[1]), compile_dictionary(words, added, str.lower))\n"
    )
    found = []
    for seed in ("0", "1"):
        folder = tmp_path / seed
        folder.mkdir()
        subprocess.run(
            [sys.executable, "-W", "ignore", "-c", program, str(folder)],
            cwd=REPOSITORY, env={"PYTHONHASHSEED": seed}, check=True,
        )  # fmt: skip
        found.append({path.name: path.read_bytes() for path in sorted(folder.iterdir())})
    assert found[0] == found[1]
    assert sorted(found[0]) == [
        "lexicon.dictionary.json",
        "lexicon.words.log_probability.npy",
        "lexicon.words.marisa",
        "lexicon.words.ranks.npy",
    ]


def test_what_is_written_names_its_contents(tmp_path: Path) -> None:
    compiled = compile_dictionary(STOCK, [entry("直通车")], str.lower)
    write_dictionary(tmp_path, compiled)
    assert compiled.facts["sources"] == {"stock": 9, "lexicon": 1}
    assert compiled.facts["words"] == len(compiled.trie) == 10
