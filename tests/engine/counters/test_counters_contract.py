"""What every implementation of the counters keeps, and what none of them counts twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from counters_fixtures import OpenAgain, at

from engine.counters.buckets import Bucket
from engine.counters.protocol import (
    ArticleCount,
    ArticleTotal,
    Click,
    ClickCount,
    Counters,
    Search,
    SearchCount,
    View,
    Visitor,
)
from engine.counters.recent import recent_article_counts, recent_search_counts

MORNING = at("2026-05-04 08:30")
"""00:30 UTC: the site's day began at 16:00 UTC of the day before."""

HOUR, DAY = 3_600, 86_400
EIGHT = int(at("2026-05-04 08:00").timestamp())
MIDNIGHT = int(at("2026-05-04 00:00").timestamp())


def visitor(name: str, source: str | None = None) -> Visitor:
    return Visitor(name, source or f"source of {name}")


def test_a_view_is_read_back_by_hour_by_day_and_in_total(counters: Counters) -> None:
    assert counters.count(View("41"), visitor("阿"), MORNING) is True
    until = MORNING + timedelta(hours=1)
    hours = list(counters.article_counts(Bucket.HOUR, MORNING, until))
    days = list(counters.article_counts(Bucket.DAY, MORNING, until))
    assert hours == [ArticleCount("41", EIGHT, HOUR, views=1, clicks=0)]
    assert days == [ArticleCount("41", MIDNIGHT, DAY, views=1, clicks=0)]
    assert list(counters.article_totals()) == [ArticleTotal("41", views=1, clicks=0)]


def test_nothing_counted_is_nothing_read(counters: Counters) -> None:
    until = MORNING + timedelta(days=1)
    assert list(counters.article_counts(Bucket.DAY, MORNING, until)) == []
    assert list(counters.search_counts(Bucket.HOUR, MORNING, until)) == []
    assert list(counters.click_counts(MORNING, until)) == []
    assert list(counters.article_totals()) == []


def test_a_visitor_counts_once_for_an_article_and_window(counters: Counters) -> None:
    assert counters.count(View("41"), visitor("阿"), MORNING)
    assert not counters.count(View("41"), visitor("阿"), MORNING)
    assert not counters.count(View("41"), visitor("阿"), MORNING + timedelta(hours=23, minutes=59))
    assert counters.count(View("42"), visitor("阿"), MORNING)
    assert counters.count(View("41"), visitor("宝"), MORNING)
    assert list(counters.article_totals()) == [ArticleTotal("41", 2, 0), ArticleTotal("42", 1, 0)]


def test_a_row_that_expired_counts_as_absent_though_it_is_still_there(
    open_again: OpenAgain,
) -> None:
    counters = open_again(window_seconds=1_800)
    assert counters.count(View("41"), visitor("阿"), MORNING)
    assert not counters.count(View("41"), visitor("阿"), MORNING + timedelta(seconds=1_799))
    # Nobody has swept: neither TTL nor the hourly sweep has come by.
    assert counters.count(View("41"), visitor("阿"), MORNING + timedelta(seconds=1_800))
    # And the window begins anew.
    assert not counters.count(View("41"), visitor("阿"), MORNING + timedelta(seconds=3_599))
    assert counters.count(View("41"), visitor("阿"), MORNING + timedelta(seconds=3_600))


def test_views_clicks_and_searches_do_not_shadow_each_other(counters: Counters) -> None:
    person = visitor("阿")
    assert counters.count(View("直通车"), person, MORNING)
    assert counters.count(Click("直通车", "直通车", 1), person, MORNING)
    assert counters.count(Click("直通车", "", None), person, MORNING)
    assert counters.count(Search("直通车", 4), person, MORNING)
    assert list(counters.article_totals()) == [ArticleTotal("直通车", views=1, clicks=2)]


def test_ids_and_queries_are_kept_apart_however_they_are_spelled(counters: Counters) -> None:
    person = visitor("阿")
    odd = ["a", "a#b", "a/b", "a b", '"', "'; DROP TABLE seen; --", "𠮷野家", "0", "00"]
    for article_id in odd:
        assert counters.count(View(article_id), person, MORNING)
        assert counters.count(Click(article_id, article_id, 3), person, MORNING)
        assert counters.count(Search(article_id, 1), person, MORNING)
    # Neither "a" and "bc" nor "ab" and "c" are taken for each other.
    assert counters.count(Click("a", "bc", 1), person, MORNING)
    assert counters.count(Click("ab", "c", 1), person, MORNING)
    until = MORNING + timedelta(hours=1)
    searched = [row.query for row in counters.search_counts(Bucket.HOUR, MORNING, until)]
    assert searched == sorted(odd)
    clicked = [row.query for row in counters.click_counts(MORNING, until) if row.position == 3]
    assert clicked == sorted(odd)
    assert [row.article_id for row in counters.article_totals()] == sorted([*odd, "ab"])


def test_searches_tell_how_often_nothing_was_found(counters: Counters) -> None:
    for name, total in (("阿", 0), ("宝", 0), ("陈", 7)):
        assert counters.count(Search("拼多多 百亿补贴", total), visitor(name), MORNING)
    assert not counters.count(Search("拼多多 百亿补贴", 0), visitor("阿"), MORNING)
    (row,) = counters.search_counts(Bucket.DAY, MORNING, MORNING + timedelta(hours=1))
    assert (row.query, row.searches, row.zero_hits) == ("拼多多 百亿补贴", 3, 2)


def test_the_last_total_is_that_of_the_latest_search(counters: Counters) -> None:
    for minutes, total in enumerate((5, 0, 9, 3)):
        moment = MORNING + timedelta(minutes=40 * minutes)
        assert counters.count(Search("直播带货", total), visitor(str(minutes)), moment)
    until = MORNING + timedelta(hours=6)
    (day,) = counters.search_counts(Bucket.DAY, MORNING, until)
    assert day == SearchCount("直播带货", MIDNIGHT, DAY, searches=4, zero_hits=1, last_total=3)
    hours = list(counters.search_counts(Bucket.HOUR, MORNING, until))
    assert [(row.searches, row.zero_hits, row.last_total) for row in hours] == [
        *((1, 0, 5), (2, 1, 9), (1, 0, 3)),
    ]


def test_clicks_are_read_back_by_query_and_position(counters: Counters) -> None:
    assert counters.count(Click("41", "直通车", 1), visitor("阿"), MORNING)
    assert counters.count(Click("41", "直通车", 2), visitor("宝"), MORNING)
    assert counters.count(Click("42", "直通车", 2), visitor("阿"), MORNING)
    assert counters.count(Click("42", "", 2), visitor("阿"), MORNING)
    assert counters.count(Click("43", "", None), visitor("阿"), MORNING)
    rows = list(counters.click_counts(MORNING, MORNING + timedelta(hours=1)))
    assert rows == [
        ClickCount("", 2, MIDNIGHT, DAY, clicks=1),
        ClickCount("直通车", 1, MIDNIGHT, DAY, clicks=1),
        ClickCount("直通车", 2, MIDNIGHT, DAY, clicks=2),
    ]
    clicks = {row.article_id: row.clicks for row in counters.article_totals()}
    assert clicks == {"41": 2, "42": 2, "43": 1}


def test_days_begin_at_the_sites_midnight(counters: Counters) -> None:
    before, after = at("2026-05-03 23:59"), at("2026-05-04 00:00")
    assert counters.count(View("41"), visitor("阿"), before)
    assert counters.count(View("41"), visitor("宝"), after)
    days = list(counters.article_counts(Bucket.DAY, before, after + timedelta(hours=1)))
    assert [(row.start_seconds, row.views) for row in days] == [(MIDNIGHT - DAY, 1), (MIDNIGHT, 1)]


def test_a_span_holds_the_bucket_of_its_first_moment_and_none_that_starts_at_its_end(
    counters: Counters,
) -> None:
    for hour in range(6, 12):
        assert counters.count(View("41"), visitor(str(hour)), at(f"2026-05-04 {hour:02}:30"))
    since, until = at("2026-05-04 08:45"), at("2026-05-04 10:00")
    hours = list(counters.article_counts(Bucket.HOUR, since, until))
    assert [row.start_seconds for row in hours] == [EIGHT, EIGHT + HOUR]
    # A day that has begun is told whole.
    (day,) = counters.article_counts(Bucket.DAY, since, until)
    assert day.views == 6
    assert list(counters.article_counts(Bucket.HOUR, until, since)) == []


def test_months_and_years_follow_each_other(counters: Counters) -> None:
    moments = [at("2025-12-31 12:00"), at("2026-01-01 12:00"), at("2026-02-01 00:00")]
    for moment in moments:
        assert counters.count(View("41"), visitor("阿"), moment)
    days = list(counters.article_counts(Bucket.DAY, moments[0], moments[-1] + timedelta(hours=1)))
    assert [row.views for row in days] == [1, 1, 1]


def test_what_is_older_than_what_is_kept_is_not_read(counters: Counters) -> None:
    assert counters.count(View("41"), visitor("阿"), MORNING)
    late = MORNING + timedelta(days=9)
    assert list(counters.article_counts(Bucket.HOUR, MORNING, late)) == []
    assert len(list(counters.article_counts(Bucket.DAY, MORNING, late))) == 1
    assert list(counters.article_counts(Bucket.DAY, MORNING, MORNING + timedelta(days=130))) == []
    assert list(counters.article_totals()) == [ArticleTotal("41", 1, 0)]


def test_one_source_adds_so_much_to_an_article_and_no_more(open_again: OpenAgain) -> None:
    counters = open_again(source_cap=3)
    counted = [
        counters.count(View("41"), visitor(f"made up {n}", "one address"), MORNING)
        for n in range(10)
    ]
    assert counted == [True] * 3 + [False] * 7
    # Others, other articles and other days are not held up by it.
    assert counters.count(View("41"), visitor("阿", "another address"), MORNING)
    assert counters.count(View("42"), visitor("made up 1", "one address"), MORNING)
    assert counters.count(
        View("41"), visitor("tomorrow", "one address"), MORNING + timedelta(days=1)
    )


def test_what_the_cap_held_back_is_not_taken_for_counted(open_again: OpenAgain) -> None:
    assert open_again(source_cap=1).count(View("41"), visitor("阿", "one address"), MORNING)
    assert not open_again(source_cap=1).count(View("41"), visitor("宝", "one address"), MORNING)
    # Nothing was left behind that would keep this visitor out.
    assert open_again(source_cap=2).count(View("41"), visitor("宝", "one address"), MORNING)


def test_counts_outlive_those_who_counted(open_again: OpenAgain) -> None:
    assert open_again().count(View("41"), visitor("阿"), MORNING)
    assert not open_again().count(View("41"), visitor("阿"), MORNING)
    assert list(open_again().article_totals()) == [ArticleTotal("41", 1, 0)]


@pytest.mark.parametrize("threads", [8])
def test_of_many_equal_events_at_once_one_is_counted(open_again: OpenAgain, threads: int) -> None:
    instances = [open_again() for _ in range(threads)]

    def count(instance: Counters) -> int:
        return sum(instance.count(View(str(n)), visitor("阿"), MORNING) for n in range(10))

    with ThreadPoolExecutor(threads) as pool:
        assert sum(pool.map(count, instances)) == 10
    assert {row.views for row in instances[0].article_totals()} == {1}


def test_of_many_visitors_at_once_none_is_lost(open_again: OpenAgain) -> None:
    instances = [open_again() for _ in range(8)]

    def count(number: int) -> int:
        return sum(
            instances[number].count(View("41"), visitor(f"{number} {n}"), MORNING)
            for n in range(10)
        )

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(count, range(8))) == 80
    assert list(instances[0].article_totals()) == [ArticleTotal("41", 80, 0)]


def test_recent_counts_hold_every_event_exactly_once(counters: Counters) -> None:
    now = at("2026-05-04 08:30")
    for days in (0, 1, 2, 3, 4, 11):
        for hours in (0, 7):
            moment = now - timedelta(days=days, hours=hours)
            name = visitor(moment.isoformat())
            assert counters.count(View("41"), name, moment)
            assert counters.count(Search("直播", 1), name, moment)
    rows = list(recent_article_counts(counters, now))
    assert sum(row.views for row in rows) == 12
    assert {row.length_seconds for row in rows} == {HOUR, DAY}
    assert all(row.length_seconds == DAY or row.start_seconds >= MIDNIGHT - 2 * DAY for row in rows)
    searches = list(recent_search_counts(counters, now))
    assert [(r.start_seconds, r.searches) for r in searches] == [
        (r.start_seconds, r.views) for r in rows
    ]
    assert sum(row.views for row in recent_article_counts(counters, now, days=1)) == 2
    assert sum(row.views for row in recent_article_counts(counters, now, days=5)) == 10
