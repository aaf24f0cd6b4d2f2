"""The hot formula by hand: decay, credit for new articles, and its bounds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.documents import Article
from engine.index.articles import MISSING
from engine.index.hot_formula import (
    ages_in_days,
    credited_strengths,
    engagement,
    exposures,
    hot_order,
    prior_strengths,
    reference_of,
    window_scores,
)


def test_engagement_is_counted_in_views() -> None:
    assert engagement(Article("1", "标题", "正文")) == 0.0
    article = Article("1", "标题", "正文", views=100, comments=2, likes=3, favorites=1)
    assert engagement(article) == 100 + 40 + 15 + 10


def test_a_score_falls_by_one_with_each_half_life() -> None:
    scores = window_scores(np.array([5.0, 5.0]), np.array([0.0, 30.0]))
    assert (scores[:, 0] - scores[:, 1]).tolist() == pytest.approx([30, 30 / 7, 1, 0])


def test_half_of_the_engagement_comes_in_the_first_week() -> None:
    assert exposures(np.array([0.0, 7.0, 14.0, -3.0])).tolist() == [0.0, 0.5, 0.75, 0.0]


def test_a_new_article_gets_what_its_neighbours_had_and_an_old_one_nothing() -> None:
    prior = np.log2(1 + np.array([1_000.0, 1_000.0]))
    views = np.zeros(2)
    fresh, old = 2 ** credited_strengths(views, np.array([0.0, 1.0]), prior) - 1
    assert (fresh, old) == (pytest.approx(1_000), pytest.approx(0))


def test_credit_shrinks_as_own_evidence_grows() -> None:
    views = np.array([0.0, 10.0, 1_000.0, 100_000.0])
    prior = np.full(4, np.log2(1_001))
    credit = 2 ** credited_strengths(views, np.zeros(4), prior) - 1 - views
    assert credit.tolist() == pytest.approx([1_000, 1_000 / 1.01, 500, 1_000 / 101], rel=1e-6)


@given(st.floats(0, 1e9), st.floats(0, 1), st.floats(0, 30), st.floats(0, 1e6))
def test_more_views_never_make_an_article_colder(
    views: float, exposure: float, prior: float, more: float
) -> None:
    first, second = credited_strengths(
        np.array([views, views + more]), np.full(2, exposure), np.full(2, prior)
    )
    assert second >= first - 1e-9
    assert first <= np.log2(1 + views + 2**prior) + 1e-9


def test_the_prior_is_the_neighbours_mean_drawn_to_the_site() -> None:
    strengths = np.array([10.0, 2.0, 0.0, 0.0])
    exposure = np.array([1.0, 1.0, 1.0, 0.0])
    neighbours = np.array([[-1, -1], [0, -1], [0, 1], [3, -1]])
    similarities = np.array([[0.0, 0.0], [0.5, 0.0], [0.5, 0.5], [1.0, 0.0]])
    site = 4.0  # the fourth article has had no exposure and says nothing
    assert prior_strengths(strengths, exposure, neighbours, similarities).tolist() == pytest.approx(
        [site, (0.5 * 10 + 0.5 * site) / 1.0, (0.5 * 10 + 0.5 * 2 + 0.5 * site) / 1.5, site]
    )


def test_undated_articles_count_as_the_oldest() -> None:
    published = np.array([86_400 * 10, MISSING, 86_400 * 4], dtype=np.int64)
    assert ages_in_days(published, reference_of(published)).tolist() == [0.0, 6.0, 6.0]
    nothing = np.array([MISSING, MISSING], dtype=np.int64)
    assert ages_in_days(nothing, reference_of(nothing)).tolist() == [0.0, 0.0]


def test_ties_stand_in_the_order_of_the_articles() -> None:
    scores = np.array([[1.0, 2.0, 2.0, 1.0]], dtype=np.float32)
    assert hot_order(scores).tolist() == [[1, 2, 0, 3]]
