"""A site whose articles change while it is served, and every question that could show one of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

from handler_calls import Answer, event_for, invoke

from engine.index.snapshot import open_snapshot

NEW = {
    "id": "n1",
    "title": "螺蛳粉联名盲盒怎么做私域拉新",
    "body": "螺蛳粉联名款上线之前,私域社群先找种子用户,再谈裂变拉新,老客带新客。",
    "category": ["运营", "私域"],
    "tags": ["螺蛳粉", "私域"],
    "published_at": "2026-05-04T08:00:00+08:00",
}
GONE = "42"
WINDOWS = ("day", "week", "month", "all")


def ask(path: str, query: str = "", *, method: str = "GET", body: Any = None) -> Answer:
    data = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
    event, handler = event_for(path, query, method=method, body=data)
    return invoke(event, handler)


def ids_in(value: Any) -> set[str]:
    """Return all ids that stand anywhere in an answer: ids, article ids and duplicates."""
    found: set[str] = set()
    if isinstance(value, dict):
        for name, part in value.items():
            if name in {"id", "article_id"} and isinstance(part, str):
                found.add(part)
            elif name == "duplicates":
                found.update(part)
            else:
                found |= ids_in(part)
    elif isinstance(value, list):
        for part in value:
            found |= ids_in(part)
    return found


def every_answer(article: dict[str, Any]) -> dict[str, Any]:
    """Ask every route that could show an article, in the ways that would show it."""
    title, tags = article["title"], article["tags"]
    category = quote("/".join(article["category"]))
    others = [item["id"] for item in ask("/v1/hot", "size=20").body["items"]][:5]
    answers: dict[str, Any] = {
        f"search {sort}": ask("/v1/search", f"q={quote(title)}&size=50&sort={sort}").body
        for sort in ("relevance", "newest", "hot", "views")
    }
    answers["search by tag"] = ask(
        "/v1/search", f"q={quote(tags[0])}&tag={quote(tags[0])}&size=50"
    ).body
    answers["listing"] = ask("/v1/articles", "size=50").body
    answers["listing of category"] = ask("/v1/articles", f"size=50&category={category}").body
    answers["suggest"] = ask("/v1/suggest", f"q={quote(title)}&size=20").body
    for window in WINDOWS:
        answers[f"hot {window}"] = ask("/v1/hot", f"size=50&window={window}").body
        answers[f"hot {window} in category"] = ask(
            "/v1/hot", f"size=50&window={window}&category={category}"
        ).body
    for tag in tags:
        answers[f"tag {tag}"] = ask(f"/v1/tags/{tag}", "size=50").body
    for other in others:
        answers[f"related to {other}"] = ask(f"/v1/articles/{other}/related", "size=50").body
        answers[f"blocks of {other}"] = ask(f"/v1/articles/{other}/blocks").body
        answers[f"for you after {other}"] = ask(
            "/v1/recommendations", method="POST", body={"history": [other], "size": 50}
        ).body
    answers["for you after itself"] = ask(
        "/v1/recommendations", method="POST", body={"history": [article["id"]], "size": 50}
    ).body
    return answers


def every_page(article: dict[str, Any]) -> dict[str, str]:
    """Ask every route that shows articles as markup: the sitemap, and the boxes to be included."""
    category = quote("/".join(article["category"]))
    others = [item["id"] for item in ask("/v1/hot", "size=20").body["items"]][:5]
    pages = {"sitemap": ask("/sitemap.xml").body}
    for window in WINDOWS:
        query = f"size=50&window={window}&category={category}"
        pages[f"hot box {window}"] = ask("/v1/fragments/hot.html", query).body
    for other in others:
        path = f"/v1/fragments/related/{other}.html"
        pages[f"related box of {other}"] = ask(path, "size=50").body
    return pages


def articles_counted(path: list[str]) -> int:
    """Return how many articles `/v1/categories` counts below a category, 0 where it is not listed."""
    counts = {item["path"]: item["count"] for item in ask("/v1/categories").body["items"]}
    return int(counts.get("/".join(path), 0))


def sample_article(sample_index: Path, article_id: str) -> dict[str, Any]:
    snapshot = open_snapshot(sample_index)
    number = snapshot.articles.find(article_id)
    assert number is not None
    card = snapshot.articles.card(number)
    return {
        "id": article_id,
        "title": card.title,
        "category": list(card.category),
        "tags": list(card.tags),
        "url": card.url,
    }
