"""Stock jieba with the same words is the judge: whatever it says, a segmenter says."""

from __future__ import annotations

from pathlib import Path

import jieba
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.analysis.segmenter import Segmenter

QUERIES = Path(__file__).parents[4] / "shared" / "data" / "taobao_queries.txt"

HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FD5)
WORDS = st.one_of(
    st.sampled_from(
        ["京东", "京小仓", "拼多多", "直通车", "低价引流", "plus会员", "t恤", "的", "了"]
    ),
    st.sampled_from(["中国科学院", "不可思议", "研究生命起源", "结婚的和尚未结婚的"]),
    st.sampled_from(["a", "sku", "3.5%", "c++", "100", "#", "&", "._", "%-", "é", "。", "👍🏽"]),
    st.sampled_from(["\r\n", "\u3000", " ", "\ud83d", "\udc4d", "\x00"]),
    st.sampled_from("\u9fd6\u4dff㐀𠮷"),  # just outside what jieba takes for Han
)
TEXT = st.lists(st.one_of(HAN, WORDS, st.characters(exclude_categories=())), max_size=60).map(
    "".join
)
RUNS = st.tuples(st.one_of(HAN, WORDS), st.integers(1, 200)).map(lambda run: run[0] * run[1])

MODES = {
    "cut": lambda tokenizer, text: tokenizer.lcut(text),
    "cut word by word": lambda tokenizer, text: list(tokenizer.cut(text)),
    "cut without model": lambda tokenizer, text: tokenizer.lcut(text, HMM=False),
    "cut all": lambda tokenizer, text: tokenizer.lcut(text, cut_all=True),
    "cut for search": lambda tokenizer, text: tokenizer.lcut_for_search(text),
    "cut for search without model": lambda tokenizer, text: tokenizer.lcut_for_search(
        text, HMM=False
    ),
    "tokenize": lambda tokenizer, text: list(tokenizer.tokenize(text)),
    "tokenize for search": lambda tokenizer, text: list(tokenizer.tokenize(text, mode="search")),
}


@settings(deadline=None)
@given(text=st.one_of(TEXT, RUNS))
def test_every_mode_gives_what_stock_jieba_gives(
    segmenter: Segmenter, stock: jieba.Tokenizer, text: str
) -> None:
    for name, mode in MODES.items():
        assert mode(segmenter, text) == mode(stock, text), name


@settings(deadline=None)
@given(text=st.one_of(TEXT, RUNS))
def test_the_lattice_and_the_route_are_those_of_stock_jieba(
    segmenter: Segmenter, stock: jieba.Tokenizer, text: str
) -> None:
    lattice = stock.get_DAG(text)
    assert segmenter.get_DAG(text) == lattice
    route: dict[int, tuple[float, int]] = {}
    stock_route: dict[int, tuple[float, int]] = {}
    segmenter.calc(text, lattice, route)
    stock.calc(text, lattice, stock_route)
    assert route == stock_route


def test_shopping_queries_are_cut_as_stock_jieba_cuts_them(
    segmenter: Segmenter, stock: jieba.Tokenizer
) -> None:
    if not QUERIES.is_file():
        pytest.skip(f"no real queries at {QUERIES}: nothing to compare on")
    queries = QUERIES.read_text("utf-8").splitlines()
    assert len(queries) == 20_000
    # A line feed belongs to no word: one text of all queries is cut as each of them is.
    text = "\n".join(queries)
    for name in ("cut", "cut without model", "cut all", "cut for search", "tokenize"):
        assert MODES[name](segmenter, text) == MODES[name](stock, text), name
