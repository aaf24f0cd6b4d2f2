"""Fixtures of the lexicon suites."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.analysis.analyzer import STOP_WORDS_NAME, SYNONYMS_NAME, Analyzer, open_analyzer
from engine.index.codec import dump_json
from index_builder.lexicon.dictionary_compiler import (
    compile_dictionary,
    stock_words,
    write_dictionary,
)
from index_builder.lexicon.folding_compiler import write_folding
from index_builder.lexicon.hidden_states_compiler import write_hidden_states
from index_builder.lexicon.lexicon_files import LexiconWord

STOP_WORDS = ("的", "怎么", "可以", "在", "和", "或", "了")

ADDED = [LexiconWord("小仓", 50, None, "domain_terms.txt:1")]
"""A neighbour that steals: 京小仓 is cut 京/小仓."""


@pytest.fixture(scope="session")
def stock_analyzer(tmp_path_factory: pytest.TempPathFactory) -> Analyzer:
    """Return an analyzer of jieba's own words, 小仓 and a few stop words, compiled once."""
    compiled: Path = tmp_path_factory.mktemp("compiled")
    write_folding(compiled)
    write_hidden_states(compiled)
    write_dictionary(compiled, compile_dictionary(stock_words(), ADDED, str))
    (compiled / SYNONYMS_NAME).write_bytes(dump_json({}))
    (compiled / STOP_WORDS_NAME).write_bytes(dump_json(STOP_WORDS))
    return open_analyzer(compiled)
