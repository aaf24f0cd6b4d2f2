"""From rows of the counters to scores that outlive an index."""

from __future__ import annotations

import math

import pytest

from engine.counters.protocol import ArticleCount, ArticleTotal
from engine.index.hotness import HOT_WINDOWS
from engine.live import hot_list
from engine.recommend import hot_evidence
from engine.recommend.hot_evidence import live_scores

HOUR = 3_600
DAY = 24 * HOUR
NOW = 20_000 * DAY


def row(article_id: str, hours_ago: int, views: int, clicks: int = 0) -> ArticleCount:
    return ArticleCount(article_id, NOW - hours_ago * HOUR, HOUR, views, clicks)


def test_newer_views_weigh_more_the_shorter_the_window() -> None:
    scores = live_scores([row("new", 1, 2), row("old", 49, 2)], [])
    gaps = [new - old for new, old in zip(scores["new"], scores["old"], strict=True)]
    assert gaps == pytest.approx([2.0, 2 / 7, 2 / 30, 0.0], abs=1e-3)


def test_a_click_counts_beside_its_view() -> None:
    scores = live_scores([row("read", 1, 2), row("chosen", 1, 1, clicks=1)], [])
    assert scores["read"] == scores["chosen"]


def test_what_was_counted_before_the_rows_counts_without_decay() -> None:
    scores = live_scores([row("41", 1, 2)], [ArticleTotal("41", 60, 4)])
    assert scores["41"][HOT_WINDOWS.index("all")] == pytest.approx(math.log2(64))


def test_the_order_of_rows_makes_no_difference() -> None:
    rows = [row("41", 1, 900), row("41", 2, 30), row("42", 3, 5), row("41", 5, 2)]
    assert live_scores(rows, []) == live_scores(rows[::-1], [])


def test_only_the_hottest_of_each_window_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hot_evidence, "MOST_ARTICLES", 1)
    rows = [row("now", 1, 2), row("then", 400, 2), row("then", 401, 2), row("never", 300, 1)]
    assert set(live_scores(rows, [])) == {"now", "then"}


def test_no_counts_are_no_scores() -> None:
    assert live_scores([], []) == {}
    assert live_scores([row("41", 1, 0)], [ArticleTotal("42", 9, 0)]) == {}


def test_the_object_holds_what_the_refresh_may_write() -> None:
    scores = live_scores([row("淘宝/41", 1, 900), row("42", 3, 5)], [])
    evidence = hot_list.HotEvidence(3, NOW, scores)
    data = hot_list.HOT_LIST.encode(evidence)
    assert hot_list.HOT_LIST.decode(data) == evidence
