"""Metrics against values worked out by hand."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index_builder.evaluation.metrics import ndcg, recall, reciprocal_rank


def test_reciprocal_rank_is_one_over_the_first_relevant_rank() -> None:
    assert reciprocal_rank(["a", "b", "c"], {"b": 1, "c": 1}, 10) == 0.5
    assert reciprocal_rank(["a", "b"], {"b": 1}, 1) == 0.0


def test_ndcg_of_one_relevant_article_at_rank_three_is_a_half() -> None:
    assert ndcg(["x", "y", "a"], {"a": 1}, 10) == pytest.approx(1 / math.log2(4))


def test_ndcg_counts_grades_against_the_best_possible_order() -> None:
    ideal = 3 / 1 + 1 / math.log2(3)
    assert ndcg(["one", "three"], {"one": 1, "three": 3}, 10) == pytest.approx(
        (1 + 3 / math.log2(3)) / ideal
    )


def test_recall_counts_each_relevant_article_once() -> None:
    assert recall(["a", "a", "b"], {"a": 1, "b": 1, "c": 2, "d": 0}, 10) == pytest.approx(2 / 3)


_ids = st.lists(st.sampled_from("abcdefgh"), unique=True)
_grades = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(-1, 3))


@given(_ids, _grades, st.integers(1, 10))
def test_every_metric_lies_between_zero_and_one(
    ranked: list[str], grades: dict[str, int], depth: int
) -> None:
    for metric in (reciprocal_rank, ndcg, recall):
        assert 0.0 <= metric(ranked, grades, depth) <= 1.0 + 1e-9
