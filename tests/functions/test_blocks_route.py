from __future__ import annotations

import pytest

ALWAYS = {"token", "id", "header", "comments", "sitemap"}
ENVELOPE = {"index_version", "generated_at", "age_s", "degraded", "request_id"}
BOXES = {"breadcrumb", "tags", "prevnext", "related", "hot"}


def test_one_answer_holds_every_box_of_an_article_page(get) -> None:
    body = get("/v1/articles/41/blocks").body
    assert body.keys() == ALWAYS | BOXES | ENVELOPE
    assert body["id"] == "41"
    assert body["header"] == {
        "title": "直通车低价引流计划怎么搭",
        "author": "半亩塘主",
        "published_at": "2025-03-11T22:47:09+08:00",
        "views": 41230,
    }
    assert body["comments"] == {"count": 186}
    assert body["sitemap"] == "/sitemap.xml"
    assert body["breadcrumb"][-1] == {"name": "直通车", "path": "推广/直通车"}
    assert body["tags"][0] == {"tag": "直通车", "count": 2}
    assert body["prevnext"]["previous"]["id"] == "42"
    assert body["prevnext"]["next"] is None
    assert body["related"][0]["source"] == "tfidf"
    assert body["hot"][0]["rank"] == 1


@pytest.mark.parametrize(
    ("include", "boxes"),
    [
        ("hot", {"hot"}),
        ("tags,breadcrumb", {"tags", "breadcrumb"}),
        ("related,%20prevnext,related", {"related", "prevnext"}),
        ("", BOXES),
        ("related,hot,tags,prevnext,breadcrumb", BOXES),
    ],
)
def test_include_chooses_boxes(get, include: str, boxes: set[str]) -> None:
    answer = get("/v1/articles/41/blocks", f"include={include}")
    assert answer.status == 200
    assert answer.body.keys() == ALWAYS | boxes | ENVELOPE


@pytest.mark.parametrize("include", ["related,hott", "HOT", "all", "x" * 5_000, "hot;tags"])
def test_an_unknown_box_is_refused_by_name(get, include: str) -> None:
    answer = get("/v1/articles/41/blocks", f"include={include}")
    assert answer.status == 400
    assert answer.body["detail"].startswith("include: expected some of related, hot, tags")
    assert len(answer.body["detail"]) < 300


def test_an_unknown_article_has_no_page(get) -> None:
    answer = get("/v1/articles/没有这篇/blocks")
    assert answer.status == 404
    assert "没有这篇" in answer.body["detail"]


def test_a_page_can_be_revalidated(get) -> None:
    first = get("/v1/articles/41/blocks")
    assert get("/v1/articles/41/blocks", if_none_match=first.headers["ETag"]).status == 304
