from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from counters_fixtures import at

from engine.counters.figures import (
    Analytics,
    ArticleFigures,
    DayFigures,
    PositionFigures,
    QueryFigures,
    analyse,
)
from engine.counters.protocol import Click, Counters, Search, View, Visitor
from engine.counters.wilson import wilson_interval
from engine.errors import LexiconError
from local.analytics.blocked_queries import blocked_queries

NOW = at("2026-05-04 20:30")
LEXICON = Path(__file__).resolve().parents[3] / "lexicon"


def analysed(counters: Counters, *, days: int = 3, least: int = 2, top: int = 10) -> Analytics:
    return analyse(
        counters,
        NOW,
        days=days,
        least_visitors=least,
        top=top,
        is_blocked=lambda query: "假证" in query,
    )


def search(counters: Counters, query: str, total: int, visitors: str, days_ago: int = 0) -> None:
    for name in visitors:
        person = Visitor(f"{name}{days_ago}", name)
        assert counters.count(Search(query, total), person, NOW - timedelta(days=days_ago))


def test_queries_are_ranked_by_how_many_made_them(counters: Counters) -> None:
    search(counters, "直通车", 4, "阿宝陈")
    search(counters, "直通车", 4, "阿宝", days_ago=1)
    search(counters, "元宇宙", 0, "阿宝陈丁")
    search(counters, "拼多多", 9, "阿宝")
    assert counters.count(Click("41", "直通车", 2), Visitor("阿0", "阿"), NOW)
    analytics = analysed(counters)
    assert analytics.top_queries == (
        QueryFigures("直通车", searches=5, zero_hits=0, clicks=1),
        QueryFigures("元宇宙", searches=4, zero_hits=4, clicks=0),
        QueryFigures("拼多多", searches=2, zero_hits=0, clicks=0),
    )
    assert analytics.zero_hit_queries == (QueryFigures("元宇宙", 4, 4, 0),)
    assert analysed(counters, top=1).top_queries == analytics.top_queries[:1]


def test_a_rare_query_is_held_back_however_often_one_person_makes_it(counters: Counters) -> None:
    for days_ago in range(3):
        search(counters, "王小明 电话", 0, "阿", days_ago)
    search(counters, "直通车", 4, "阿宝")
    analytics = analysed(counters)
    assert [line.query for line in analytics.top_queries] == ["直通车"]
    assert analytics.zero_hit_queries == ()
    assert analytics.held_back == 1
    # In the sums it is.
    assert sum(day.searches for day in analytics.days) == 5
    assert [line.query for line in analysed(counters, least=1).top_queries] == [
        *("王小明 电话", "直通车"),
    ]
    assert analysed(counters, least=3).held_back == 2


def test_blocked_words_never_appear(counters: Counters) -> None:
    search(counters, "办假证", 0, "阿宝陈丁鄂")
    analytics = analysed(counters, least=1)
    assert "假证" not in repr(analytics)
    assert analytics.held_back == 1


def test_click_through_counts_how_often_a_hit_stood_there(counters: Counters) -> None:
    search(counters, "直通车", 2, "阿宝陈丁")
    search(counters, "拼多多", 30, "阿宝")
    search(counters, "元宇宙", 0, "阿宝")
    for name, position in (("阿0", 1), ("宝0", 1), ("陈0", 2)):
        assert counters.count(Click("41", "直通车", position), Visitor(name, name), NOW)
    # Neither a click outside of a search nor one on a later page belongs here.
    assert counters.count(Click("42", "", 1), Visitor("阿0", "阿"), NOW)
    assert counters.count(Click("43", "拼多多", 11), Visitor("阿0", "阿"), NOW)
    positions = analysed(counters).positions
    assert [(p.position, p.shown, p.clicks) for p in positions] == [
        *((1, 6, 2), (2, 6, 1), *((n, 2, 0) for n in range(3, 11))),
    ]
    low, high = wilson_interval(2, 6)
    assert positions[0] == PositionFigures(1, 6, 2, 2 / 6, low, high)


def test_clicks_without_their_searches_never_make_more_than_all(counters: Counters) -> None:
    for name in "阿宝陈":
        assert counters.count(Click("41", "直通车", 1), Visitor(name, name), NOW)
    (first,) = analysed(counters).positions
    assert (first.shown, first.clicks, first.rate) == (3, 3, 1.0)


def test_days_are_whole_and_none_is_missing(counters: Counters) -> None:
    search(counters, "直通车", 4, "阿宝")
    search(counters, "元宇宙", 0, "阿", days_ago=2)
    search(counters, "太早", 0, "阿宝", days_ago=3)
    assert counters.count(View("41"), Visitor("阿0", "阿"), NOW - timedelta(hours=20))
    analytics = analysed(counters)
    assert (analytics.first_day, analytics.last_day) == ("2026-05-02", "2026-05-04")
    assert analytics.days == (
        DayFigures("2026-05-02", views=0, searches=1, zero_hits=1),
        DayFigures("2026-05-03", views=0, searches=0, zero_hits=0),
        DayFigures("2026-05-04", views=1, searches=2, zero_hits=0),
    )


def test_articles_are_ranked_by_views(counters: Counters) -> None:
    for article_id, names in (("41", "阿宝"), ("42", "阿宝陈"), ("43", "阿宝")):
        for name in names:
            assert counters.count(View(article_id), Visitor(name, name), NOW)
    assert counters.count(Click("43", "", None), Visitor("阿", "阿"), NOW)
    assert counters.count(Click("44", "", None), Visitor("阿", "阿"), NOW)
    assert analysed(counters).most_viewed == (
        ArticleFigures("42", 3, 0),
        ArticleFigures("41", 2, 0),
        ArticleFigures("43", 2, 1),
    )


def test_nothing_counted_is_a_report_of_nothing(counters: Counters) -> None:
    analytics = analysed(counters)
    assert analytics.top_queries == analytics.positions == analytics.most_viewed == ()
    assert len(analytics.days) == 3


@pytest.mark.parametrize(("hits", "cases"), [(0, 1), (1, 1), (0, 50), (3, 10), (50, 50)])
def test_an_interval_holds_its_share(hits: int, cases: int) -> None:
    low, high = wilson_interval(hits, cases)
    assert 0 <= low <= hits / cases <= high <= 1
    assert low < high


def test_an_interval_is_wilsons() -> None:
    # Worked by hand: 10 of 100 at 95 %.
    assert wilson_interval(10, 100) == pytest.approx((0.0552, 0.1744), abs=1e-4)


def test_the_packaged_list_blocks_however_a_word_is_spaced() -> None:
    is_blocked = blocked_queries(LEXICON)
    assert is_blocked("代开发票")
    assert is_blocked("代 开 发 票 加我")
    assert is_blocked("13800138000 是谁")
    assert not is_blocked("直通车 降价")
    assert not is_blocked("消毒品")


def test_a_folder_without_a_list_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match="blocked_words"):
        blocked_queries(tmp_path)
