"""What POST /v1/events counts, over the sample index and a SQLite file of its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from event_calls import Page, send

from engine.counters.buckets import Bucket
from engine.counters.protocol import Counters

NOW = datetime.now(UTC)
CANARY = "鹩鸲虢氍"
ADDRESS = "203.0.113.77"


def searches(counters: Counters) -> dict[str, tuple[int, int, int]]:
    until = datetime.now(UTC) + timedelta(hours=1)
    return {
        row.query: (row.searches, row.zero_hits, row.last_total)
        for row in counters.search_counts(Bucket.DAY, NOW, until)
    }


def clicks(counters: Counters) -> dict[tuple[str, int], int]:
    until = datetime.now(UTC) + timedelta(hours=1)
    return {(row.query, row.position): row.clicks for row in counters.click_counts(NOW, until)}


def test_a_view_is_counted_and_acknowledged(page: Page) -> None:
    answer = page.send(type="view", article_id="41", visitor="阿")
    assert answer.status == 202
    assert answer.body.keys() == {
        *("counted", "index_version", "generated_at", "age_s", "degraded", "request_id"),
    }
    assert answer.body["counted"] is True
    assert answer.headers["Cache-Control"] == "no-store"
    assert page.views == {"41": 1}


def test_a_repeated_view_is_acknowledged_and_not_counted(page: Page) -> None:
    answers = [page.send(type="view", article_id="41", visitor="阿") for _ in range(5)]
    assert [answer.status for answer in answers] == [202] * 5
    assert [answer.body["counted"] for answer in answers] == [True, *[False] * 4]
    assert page.views == {"41": 1}


def test_visitors_without_a_name_are_told_apart_by_address_and_browser(page: Page) -> None:
    event = {"type": "view", "article_id": "41"}
    assert send(event, ip=ADDRESS, browser="Firefox").body["counted"] is True
    assert send(event, ip=ADDRESS, browser="Firefox").body["counted"] is False
    assert send(event, ip=ADDRESS, browser="Safari").body["counted"] is True
    assert send(event, ip="203.0.113.78", browser="Firefox").body["counted"] is True
    assert page.views == {"41": 3}


def test_made_up_visitors_of_one_address_count_only_so_often(page: Page) -> None:
    answers = [page.send(type="view", article_id="41", visitor=f"bot {n}") for n in range(50)]
    assert {answer.status for answer in answers} == {202}
    assert page.views == {"41": 32}


def test_a_search_is_counted_as_it_is_understood(page: Page) -> None:
    for name, query in (("阿", "直通车"), ("宝", " 直通車 "), ("陈", "直通车")):
        assert page.send(type="search", query=query, visitor=name).body["counted"] is True
    ((query, (times, zero_hits, total)),) = searches(page.counters).items()
    assert (query, times, zero_hits) == ("直通车", 3, 0)
    assert total >= 4


def test_a_search_that_finds_nothing_is_told_by_the_index_and_not_by_the_page(page: Page) -> None:
    assert page.send(type="search", query=CANARY, visitor="阿").status == 202
    assert searches(page.counters) == {CANARY: (1, 1, 0)}


def test_a_click_is_counted_for_the_article_and_for_the_position(page: Page) -> None:
    event = {"type": "click", "article_id": "42", "query": "直通車", "position": 2}
    assert page.send(**event, visitor="阿").body["counted"] is True
    assert page.send(**event, visitor="阿").body["counted"] is False
    assert page.send(type="click", article_id="42", visitor="阿").body["counted"] is True
    assert clicks(page.counters) == {("直通车", 2): 1}
    assert [(row.article_id, row.clicks) for row in page.counters.article_totals()] == [("42", 2)]


def test_null_counts_as_absent(page: Page) -> None:
    event = {"type": "view", "article_id": "41", "query": None, "position": None, "token": None}
    assert page.send(**event).status == 202
