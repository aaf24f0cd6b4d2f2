"""Counts of words agree with counting them one by one."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from index_builder.word_counts import count_words


def test_words_ascend_and_are_counted_by_text() -> None:
    words, counts = count_words([["直通车", "扣费", "直通车"], [], ["扣费"]])
    assert words == ["扣费", "直通车"]
    assert counts.toarray().tolist() == [[1, 2], [0, 0], [1, 0]]
    assert counts.dtype == np.int32


def test_texts_without_a_word_have_no_columns() -> None:
    assert count_words([[], []])[1].shape == (2, 0)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.lists(st.sampled_from(["淘宝", "京东", "plus", "运费险", "𠮷", "a"])), max_size=6)
)
def test_any_texts_are_counted_like_one_by_one(texts: list[list[str]]) -> None:
    words, counts = count_words(texts)
    assert words == sorted(set().union(*texts))
    assert counts.has_sorted_indices
    for row, text in enumerate(texts):
        found = counts[row]
        named = zip(found.indices.tolist(), found.data.tolist(), strict=True)
        assert {words[column]: count for column, count in named} == Counter(text)
