from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest

from engine.index.snapshot import open_snapshot


def test_every_article_has_something_to_read_next(get, sample_index: Path) -> None:
    articles = open_snapshot(sample_index).articles
    for number in range(len(articles)):
        article_id = articles.article_id(number)
        answer = get(f"/v1/articles/{article_id}/related", "size=5")
        ids = [item["id"] for item in answer.body["items"]]
        assert answer.status == 200
        assert ids
        assert article_id not in ids
        assert len(ids) == len(set(ids)) <= 5


def test_related_articles_say_why_they_are_shown(get) -> None:
    first = get("/v1/articles/41/related").body["items"][0]
    assert first["source"] == "tfidf"
    assert first["score"] > 0
    assert first["shared_terms"]


def test_an_article_comes_with_its_whole_text(get) -> None:
    answer = get("/v1/articles/41")
    assert answer.body["title"] == "直通车低价引流计划怎么搭"
    assert len(answer.body["body"]) > len(answer.body["excerpt"])
    assert {"updated_at", "summary", "index_version", "request_id"} <= answer.body.keys()


@pytest.mark.parametrize(
    "path", ["/v1/articles/没有这篇", "/v1/articles/%/related", "/v1/articles/a/b"]
)
def test_an_unknown_article_is_a_problem_that_names_it(get, path: str) -> None:
    answer = get(path)
    assert answer.status == 404
    assert answer.body["type"] == "urn:wenmai:problem:not-found"
    assert path.split("/")[3] in answer.body["detail"]


def test_hot_articles_are_ranked_from_one(get) -> None:
    answer = get("/v1/hot", "size=5&window=month")
    assert [item["rank"] for item in answer.body["items"]] == [1, 2, 3, 4, 5]
    scores = [item["score"] for item in answer.body["items"]]
    assert scores == sorted(scores, reverse=True)
    assert (answer.body["window"], answer.body["scope"]) == ("month", "site")


def test_a_hot_list_can_be_one_category(get) -> None:
    answer = get("/v1/hot", "category=" + quote("拼多多"))
    assert answer.body["scope"] == "拼多多"
    assert answer.body["items"]
    assert all(item["category"][0] == "拼多多" for item in answer.body["items"])


def test_a_tag_has_a_page(get) -> None:
    answer = get("/v1/tags/直通车")
    assert answer.body["tag"] == "直通车"
    assert answer.body["total"] == len(answer.body["items"]) > 0
    assert all("直通车" in item["tags"] for item in answer.body["items"])
    assert answer.body["related_tags"][0].keys() == {"tag", "count"}


def test_an_unknown_tag_is_an_empty_page(get) -> None:
    answer = get("/v1/tags/没有这个标签")
    assert (answer.status, answer.body["total"], answer.body["items"]) == (200, 0, [])


@pytest.mark.parametrize("path", ["/v1/hot", "/v1/tags/直通车", "/v1/articles/41"])
def test_every_answer_can_be_revalidated(get, path: str) -> None:
    first = get(path)
    assert first.headers["Cache-Control"].startswith("public, max-age=")
    assert first.headers["X-Content-Type-Options"] == "nosniff"
    assert "X-Robots-Tag" not in first.headers
    assert get(path, if_none_match=first.headers["ETag"]).status == 304
