"""What a burst is credited with, and what honest growth is."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.recommend.decayed_counts import Count, decayed_score
from engine.recommend.velocity import LEAST_PACE, credited, usual_pace

HOUR = 3_600


def hours(*views: float, start: int = 0) -> list[Count]:
    return [Count((start + n) * HOUR, HOUR, float(v)) for n, v in enumerate(views) if v]


def test_a_burst_from_nothing_is_credited_with_the_usual_pace_and_a_logarithm() -> None:
    (given_views,) = credited(hours(10_000), pace=4.0)
    assert given_views == pytest.approx(4.0 + math.log2(1 + 9_996))
    assert given_views < 18


def test_steady_reading_is_credited_in_full() -> None:
    assert credited(hours(50, 60, 80, 70), pace=50.0) == [50, 60, 80, 70]


def test_reading_that_nearly_doubles_each_hour_is_credited_in_full() -> None:
    growth = [4, 7, 13, 24, 45, 85, 160]
    assert credited(hours(*growth), pace=4.0) == growth


def test_interest_that_lasts_is_credited_in_full_after_a_few_hours() -> None:
    given_views = credited(hours(*[100] * 8), pace=4.0)
    assert given_views[0] < 12
    assert given_views[-1] == 100


def test_a_best_hour_is_forgotten_in_days() -> None:
    last_week = hours(100)
    today = hours(100, start=24 * 7)
    assert credited(last_week + today, pace=100.0)[0] == 100
    assert credited([*last_week, *today], pace=4.0)[1] < 12


def test_a_bucket_of_a_day_is_capped_by_its_length() -> None:
    day = Count(0, 24 * HOUR, 90.0)
    assert credited([day], pace=4.0) == [90.0]
    assert credited([Count(0, 24 * HOUR, 10_000.0)], pace=4.0)[0] < 24 * 4 + 14


def test_one_article_cannot_set_the_usual_pace() -> None:
    quiet = hours(*[1] * 99)
    assert usual_pace([*quiet, *hours(10_000)]) == LEAST_PACE
    assert usual_pace([]) == LEAST_PACE
    assert usual_pace(hours(*range(1, 101))) == pytest.approx(90, abs=1)


@given(st.lists(st.integers(1, 100_000), min_size=1, max_size=48))
def test_nobody_is_credited_with_more_than_was_counted(views: list[int]) -> None:
    given_views = credited(hours(*views), pace=4.0)
    assert all(0 < g <= v for g, v in zip(given_views, views, strict=True))


def test_a_decayed_sum_halves_with_each_half_life() -> None:
    day = 24 * HOUR
    now = Count(100 * day, 0, 8.0)
    before = Count(99 * day, 0, 8.0)
    assert decayed_score([now], [8.0], 1.0) == pytest.approx(3 + 100)
    assert decayed_score([before], [8.0], 1.0) == pytest.approx(3 + 99)
    assert decayed_score([before, now], [8.0, 8.0], 1.0) == pytest.approx(math.log2(12) + 100)
