"""Which searches are shown to everybody, and which never are."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from engine.counters.protocol import SearchCount
from engine.index.blocked_words import BlockedWords
from engine.index.hot_searches import HotSearch, HotSearches
from engine.recommend.hot_searches import LEAST_VISITORS, hottest_searches
from engine.recommend.shown_searches import shown_searches

HOUR = 3_600
DAY = 24 * HOUR
NOON = 20_000 * DAY + 4 * HOUR  # noon of a site day


def row(query: str, searches: int, hours_ago: int = 0, total: int = 9) -> SearchCount:
    return SearchCount(query, NOON - hours_ago * HOUR, HOUR, searches, 0, total)


def nothing_blocked(_query: str) -> bool:
    return False


def queries(*rows: SearchCount, blocked: Any = nothing_blocked) -> list[str]:
    return [search.query for search in hottest_searches(rows, blocked)]


def test_most_searched_comes_first_and_ties_stand_by_query() -> None:
    found = hottest_searches([row("拼多多", 5), row("直通车", 9), row("京东", 5)], nothing_blocked)
    assert found == (HotSearch("直通车", 9), HotSearch("京东", 5), HotSearch("拼多多", 5))


def test_what_two_people_searched_for_is_nobodys_business() -> None:
    assert queries(row("张三 电话", LEAST_VISITORS - 1), row("直通车", LEAST_VISITORS)) == [
        "直通车"
    ]


def test_one_person_on_three_days_is_one_person() -> None:
    assert queries(*(row("我的订单", 1, hours_ago=24 * day) for day in range(3))) == []


def test_three_people_in_different_hours_of_one_day_are_three() -> None:
    found = hottest_searches([row("直通车", 1, hours_ago=n) for n in (0, 1, 3)], nothing_blocked)
    assert found == (HotSearch("直通车", 3),)


def test_a_night_is_two_site_days() -> None:
    before_midnight, after_midnight = row("直通车", 2, hours_ago=13), row("直通车", 2, hours_ago=11)
    assert queries(before_midnight, after_midnight) == []


def test_last_week_is_colder_than_today() -> None:
    assert queries(row("双十一", 20, hours_ago=24 * 10), row("直通车", 5)) == ["直通车", "双十一"]


def test_a_search_that_finds_nothing_now_is_not_offered() -> None:
    assert queries(row("没有的词", 9, total=0)) == []
    assert queries(row("直通车", 9, hours_ago=2, total=0), row("直通车", 1, total=4)) == ["直通车"]


def test_blocked_searches_are_left_out_when_the_list_is_made() -> None:
    blocked = BlockedWords(["代开发票"], []).blocks
    assert queries(row("代开 发票", 99), row("直通车", 5), blocked=blocked) == ["直通车"]


def test_blocked_searches_are_left_out_when_the_list_is_shown() -> None:
    known = HotSearches(
        1, 1, (HotSearch("代开发票", 9), HotSearch("直通车", 5), HotSearch("京东", 3))
    )
    snapshot: Any = SimpleNamespace(
        hot_searches=known, blocked_words=BlockedWords(["代开发票"], [])
    )
    assert [search.query for search in shown_searches(snapshot, 10)] == ["直通车", "京东"]
    assert [search.query for search in shown_searches(snapshot, 1)] == ["直通车"]


def test_ten_thousand_searches_in_an_hour_do_not_outrank_what_is_searched_all_day() -> None:
    steady = [row("直通车", 8, hours_ago=n) for n in range(12)]
    usual = [row(f"词{n}", 4) for n in range(30)]
    assert queries(row("刷出来的词", 10_000), *steady, *usual)[0] == "直通车"


def test_no_searches_is_an_empty_list() -> None:
    assert hottest_searches([], nothing_blocked) == ()


@pytest.mark.parametrize("query", ["", "车" * 201])
def test_what_is_no_query_is_left_out(query: str) -> None:
    assert queries(row(query, 9)) == []
