"""Newest articles and categories, through the handler."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from handler_calls import Answer, event_for, invoke

pytestmark = pytest.mark.usefixtures("served_index")


def get(path: str, query: str = "") -> Answer:
    return invoke(*event_for(path, query))


def test_the_newest_articles_come_first_and_pages_do_not_overlap(served_index: Path) -> None:
    seen: list[str] = []
    dates: list[str] = []
    total = get("/v1/articles").body["total"]
    for page in range(1, total // 50 + 2):
        items = get("/v1/articles", f"page={page}&size=50").body["items"]
        seen += [item["id"] for item in items]
        dates += [item["published_at"] or "" for item in items]
    assert len(seen) == len(set(seen)) == total
    assert dates == sorted(dates, reverse=True)


def test_a_category_lists_what_is_filed_below_it() -> None:
    body = get("/v1/articles", f"category={quote('推广')}&size=50").body
    assert body["scope"] == "推广"
    assert body["total"] == len(body["items"]) > 0
    assert {item["category"][0] for item in body["items"]} == {"推广"}


def test_an_unknown_category_is_empty_and_no_error() -> None:
    answer = get("/v1/articles", f"category={quote('没有这个分类')}")
    assert (answer.status, answer.body["total"], answer.body["items"]) == (200, 0, [])


def test_every_category_counts_what_its_list_holds() -> None:
    categories = get("/v1/categories").body["items"]
    paths = [category["path"] for category in categories]
    assert "推广/直通车" in paths
    assert paths.index("推广") < paths.index("推广/直通车")
    for category in categories:
        listed = get("/v1/articles", f"category={quote(category['path'])}").body["total"]
        assert category["count"] == listed
        assert category["name"] == category["path"].rpartition("/")[2]


@pytest.mark.parametrize("query", ["page=0", "size=51", "page=21&size=50", "sort=newest"])
def test_a_bad_page_is_refused_by_name(query: str) -> None:
    answer = get("/v1/articles", query)
    assert answer.status == 400
    assert query.partition("=")[0] in answer.body["detail"]
