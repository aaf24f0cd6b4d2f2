"""What a list of ten shows when one topic has more to offer than the rest."""

from __future__ import annotations

import numpy as np

from engine.recommend.diversity import choose_diverse


def topics(*numbers: int) -> np.ndarray:
    """Return one vector per article: equal numbers are one topic, others have nothing in common."""
    return np.eye(8, dtype=np.float32)[list(numbers)]


def test_ten_articles_on_one_topic_leave_room_for_weaker_others() -> None:
    scores = [20.0 - 0.1 * place for place in range(10)] + [12.0, 11.9, 11.8, 11.7, 11.6]
    chosen = choose_diverse(scores, topics(*[0] * 10, 1, 2, 3, 4, 5), 10, repeat_cost=2.0)
    # 20, 17.9, 15.8, 13.7 are still above 12; the fifth would stand at 11.6.
    assert chosen == [0, 1, 2, 3, 4, 10, 11, 12, 13, 14]


def test_without_a_cost_the_best_scores_win() -> None:
    assert choose_diverse([3.0, 2.0, 1.0], topics(0, 0, 1), 2, repeat_cost=0.0) == [0, 1]
    assert choose_diverse([3.0, 2.0, 1.0], topics(0, 0, 1), 2, repeat_cost=2.0) == [0, 2]


def test_half_alike_costs_a_quarter() -> None:
    vectors = np.array([[1, 0], [0.5, 0.75**0.5], [0, 1]], dtype=np.float32)
    assert choose_diverse([3.0, 2.0, 1.6], vectors, 2, repeat_cost=1.0) == [0, 1]
    assert choose_diverse([3.0, 2.0, 1.6], vectors, 2, repeat_cost=2.0) == [0, 2]


def test_articles_without_a_vector_are_like_nothing() -> None:
    assert choose_diverse([2.0, 1.0], np.zeros((2, 4), dtype=np.float32), 5, 9.0) == [0, 1]


def test_nothing_to_choose_from_is_an_empty_list() -> None:
    assert choose_diverse([], np.zeros((0, 4), dtype=np.float32), 10, 2.0) == []
