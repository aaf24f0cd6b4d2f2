"""One compiled lexicon for all suites of this room, and stock jieba with the same words to compare."""

from __future__ import annotations

from pathlib import Path

import jieba
import pytest

from engine.analysis.normalizer import Normalizer, open_normalizer
from engine.analysis.segmenter import Segmenter, open_segmenter
from index_builder.lexicon.dictionary_compiler import (
    compile_dictionary,
    normalize_words,
    stock_words,
    write_dictionary,
)
from index_builder.lexicon.folding_compiler import write_folding
from index_builder.lexicon.hidden_states_compiler import write_hidden_states
from index_builder.lexicon.lexicon_files import LexiconWord, read_words

DOMAIN_TERMS = """\
# 领域词
京东
京小仓
拼多多
直通车
低价引流
抖音小店 50 n
Plus会员
買家秀 nz
"""


@pytest.fixture(scope="session")
def lexicon_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the folding table, jieba's words, the domain terms above and the hidden states."""
    folder = tmp_path_factory.mktemp("lexicon")
    write_folding(folder)
    normalize = open_normalizer(folder).normalize
    write_dictionary(folder, compile_dictionary(stock_words(), _domain_terms(folder), normalize))
    write_hidden_states(folder)
    return folder


@pytest.fixture(scope="session")
def normalizer(lexicon_folder: Path) -> Normalizer:
    return open_normalizer(lexicon_folder)


@pytest.fixture(scope="session")
def segmenter(lexicon_folder: Path) -> Segmenter:
    return open_segmenter(lexicon_folder)


@pytest.fixture(scope="session")
def stock(
    lexicon_folder: Path, normalizer: Normalizer, tmp_path_factory: pytest.TempPathFactory
) -> jieba.Tokenizer:
    """A stock tokenizer that read the same words from a dictionary file, the usual way."""
    folder = tmp_path_factory.mktemp("stock")
    words = normalize_words(stock_words(), normalizer.normalize)
    dictionary = folder / "dict.txt"
    dictionary.write_text("".join(f"{word} {count} x\n" for word, count in words.items()), "utf-8")
    tokenizer = jieba.Tokenizer(str(dictionary))
    tokenizer.tmp_dir = str(folder)
    for entry in _domain_terms(lexicon_folder):
        tokenizer.add_word(normalizer.normalize(entry.word), entry.frequency)
    return tokenizer


def _domain_terms(folder: Path) -> list[LexiconWord]:
    path = folder.parent / "domain_terms_of_the_tests.txt"
    path.write_text(DOMAIN_TERMS, "utf-8")
    return read_words(path)
