"""One source moves an article by no more than a few places: a small run of the simulation.

Each claim is made twice: as the scores are, and with the velocity cap planted out, where it must not hold.
"""

from __future__ import annotations

from functools import cache

import pytest

from benchmarks.hot_simulation import (
    Ranking,
    burst,
    places_of_success,
    rank,
    simulated_site,
    uncapped,
)
from engine.counters.protocol import DEFAULT_SOURCE_CAP
from engine.recommend.hot_evidence import Credit
from engine.recommend.velocity import credited

SITE = simulated_site(articles=400, views_a_day=6_000, seed=3)
FEW_PLACES = 5


@cache
def ranking_of(window: str, credit: Credit) -> Ranking:
    return rank(SITE, window, credit)


def climbed(window: str, place: int, hits: int, credit: Credit = credited) -> int:
    ranking = ranking_of(window, credit)
    article = ranking.order()[place - 1]
    return place - ranking.place_after(article, burst(hits))


@pytest.mark.parametrize("window", ["day", "week"])
@pytest.mark.parametrize("place", [2, 5, 10, 20])
def test_ten_thousand_hits_of_one_source_move_an_article_by_a_few_places(
    window: str, place: int
) -> None:
    assert 0 <= climbed(window, place, DEFAULT_SOURCE_CAP) <= FEW_PLACES


@pytest.mark.parametrize("window", ["day", "week"])
@pytest.mark.parametrize("place", [2, 5, 10, 20])
def test_they_would_not_move_it_much_further_if_all_of_them_were_counted(
    window: str, place: int
) -> None:
    assert climbed(window, place, 10_000) <= FEW_PLACES


def test_without_the_velocity_cap_the_same_hits_take_any_article_to_the_top() -> None:
    for place in (5, 20, 100):
        assert climbed("day", place, 10_000, uncapped) == place - 1


def test_an_honest_success_reaches_the_top_within_a_day() -> None:
    places = [int(text.rpartition(" ")[2]) for text in places_of_success(SITE, "day")]
    assert places == sorted(places, reverse=True)
    assert places[-1] <= 3
