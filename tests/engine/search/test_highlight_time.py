"""Does the time grow with the length of the text and no faster, whatever the text."""

from __future__ import annotations

import time

import pytest
from highlight_oracle import normalizer

from engine.search.highlight import Highlighter

TERMS = {"宝": 1.0, "宝宝": 1.0, "贝": 2.0, "a": 1.0, "plus": 1.0, "直通车": 3.0}
SHAPES = {
    "nothing but hits": "宝",
    "overlapping hits": "宝宝贝a plus 店铺。",
    "one Latin word": "a",
    "short Latin words": "a ",
    "invisible": "\u200b",
    "invisible between hits": "宝\u200b",
    "joiners": "👨\u200d",
    "marks": "\u0301",
    "flags": "🇨🇳",
    "line breaks": "\n",
    "sentence ends": "。",
    "punctuation that grows": "宝…",
    "letters that grow": "宝㎡",
    "half surrogates": "\ud83d\ude00",
    "nothing to find": "卖家运营流量，",
}


def _seconds(text: str) -> float:
    highlighter = Highlighter(normalizer())
    shortest = float("inf")
    for _ in range(2):
        start = time.process_time()
        highlighter.excerpt(text, TERMS)
        shortest = min(shortest, time.process_time() - start)
    return shortest


@pytest.mark.parametrize("piece", SHAPES.values(), ids=SHAPES)
def test_twice_the_text_takes_about_twice_the_time(piece: str) -> None:
    half = piece * (50_000 // len(piece))
    # Half as much again as twice, and what a busy machine may add.
    assert _seconds(half + half) < 3 * _seconds(half) + 0.05


@pytest.mark.parametrize("piece", ["宝", "a ", "宝\u200b", "卖家运营流量，"])
def test_two_million_characters_take_three_seconds_at_most(piece: str) -> None:
    assert _seconds(piece * (2_000_000 // len(piece))) < 3


def test_a_hit_at_the_end_of_two_million_characters_is_shown() -> None:
    text = "卖家运营流量。" * 285_000 + "直通車優化。"
    assert Highlighter(normalizer()).excerpt(text, TERMS).endswith("<em>直通車</em>優化。")
