"""Pairs of units, whatever a text is made of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.analysis.grams import is_pair, join_units, unit_bigrams, unit_runs

TEXT = st.text(alphabet="店铺退货ａé_7plus. ,。·🛒\u3000\n", max_size=12)


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("店铺退货", ["店铺", "铺退", "退货"]),
        ("京东 plus会员", ["京东", "东plus", "plus会", "会员"]),
        ("iphone 15 手机", ["iphone 15", "15手", "手机"]),
        ("退货,运费", ["退货", "运费"]),
        ("店", []),
        ("店_铺", []),
        ("", []),
    ],
)
def test_pairs_are_of_neighbouring_units(text: str, pairs: list[str]) -> None:
    assert unit_bigrams(text) == pairs


@given(TEXT)
def test_pairs_join_the_units_of_a_run(text: str) -> None:
    runs = unit_runs(text)
    expected = [join_units(run[at], run[at + 1]) for run in runs for at in range(len(run) - 1)]
    assert unit_bigrams(text) == expected


@given(TEXT)
def test_a_pair_is_what_falls_into_one_pair(text: str) -> None:
    assert is_pair(text) == (unit_bigrams(text) == [text])
