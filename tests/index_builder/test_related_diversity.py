"""Maximal marginal relevance: the best first, then what is not the same again."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from index_builder.related_diversity import diversify

NONE = -np.inf


def _diversify(scores: list[float], between: list[list[float]], diversity: float) -> list[int]:
    order = diversify(
        np.array([scores], dtype=np.float32),
        np.array([between], dtype=np.float32),
        diversity,
        len(scores),
    )
    return order[0].tolist()


THREE = [[1.0, 0.9, 0.1], [0.9, 1.0, 0.1], [0.1, 0.1, 1.0]]


def test_without_diversity_the_order_is_that_of_the_scores() -> None:
    assert _diversify([0.7, 0.8, 0.6], THREE, 0.0) == [1, 0, 2]


def test_the_same_again_stands_behind_what_is_new() -> None:
    assert _diversify([0.7, 0.8, 0.6], THREE, 0.3) == [1, 2, 0]


def test_equal_scores_keep_their_places() -> None:
    assert _diversify([0.5, 0.5, 0.5], np.eye(3).tolist(), 0.2) == [0, 1, 2]


def test_what_is_no_candidate_is_never_taken() -> None:
    assert _diversify([NONE, 0.2, NONE], THREE, 0.3) == [1, -1, -1]


@settings(deadline=None, max_examples=50)
@given(
    npst.arrays(np.float32, (4, 6), elements=st.floats(0, 1, width=16)),
    npst.arrays(np.float32, (4, 6, 3), elements=st.floats(-1, 1, width=16)),
    st.sampled_from([0.0, 0.05, 0.5]),
)
def test_many_lists_at_once_are_ordered_as_each_alone(
    scores: np.ndarray, looks: np.ndarray, diversity: float
) -> None:
    between = looks @ looks.transpose(0, 2, 1)
    order = diversify(scores, between, diversity, 5)
    for row in range(4):
        chosen: list[int] = []
        for _ in range(5):
            left = [place for place in range(6) if place not in chosen]
            value = [
                (1 - np.float32(diversity)) * scores[row, place]
                - np.float32(diversity)
                * max([np.float32(0), *(between[row, taken, place] for taken in chosen)])
                for place in left
            ]
            chosen.append(left[int(np.argmax(value))])
        assert order[row].tolist() == chosen
