"""What stands on each page of the forum?

One function a page: what was asked -> what the service says -> template and values. Invariant: a page
needs only what it is named after; every other box may be missing and says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from local.web.rendering import segment
from local.web.service import Answer, Service

WINDOWS: Mapping[str, str] = {"day": "今日", "week": "本周", "month": "本月", "all": "总榜"}
SORTS: Mapping[str, str] = {
    "relevance": "最相关",
    "newest": "最新",
    "hot": "最热",
    "views": "阅读最多",
}

PAGE_SIZE = 10
LAST_PAGE = 100
"""The service reaches a thousand hits; who wants more narrows the search."""

HOT_SIZE = 10

Query = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Page:
    """A template with its values, and the status that the page is sent with."""

    template: str
    values: Mapping[str, Any]
    status: HTTPStatus = HTTPStatus.OK
    headers: Mapping[str, str] = field(default_factory=dict)


def home(service: Service, query: Query) -> Page:
    """Show what is hot, what is new, and where everything is."""
    window = query.get("window", "week")
    window = window if window in WINDOWS else "week"
    return Page(
        "home.html",
        {
            "windows": WINDOWS,
            "window": window,
            "hot": service.get("/v1/hot", window=window, size=HOT_SIZE),
            "newest": service.get("/v1/articles", size=12),
            "categories": service.get("/v1/categories"),
            "hot_searches": service.get("/v1/hot-searches", size=10),
        },
    )


def article(service: Service, article_id: str) -> Page:
    """Show one article with every box around it."""
    path = f"/v1/articles/{segment(article_id)}"
    found = service.get(path)
    if not found.is_good:
        return problem(service, found)
    return Page(
        "article.html", {"article": found.body, "blocks": service.get(f"{path}/blocks").body}
    )


def search(service: Service, query: Query) -> Page:
    """Show one page of hits, how the words were read, and what narrows them."""
    text = query.get("q", "").strip()
    asked: dict[str, str | int] = {
        "q": text,
        "page": page_number(query),
        "sort": query.get("sort", "relevance"),
        "category": query.get("category", ""),
        "tag": query.get("tag", ""),
        "from": query.get("from", ""),
        "to": query.get("to", ""),
    }
    values: dict[str, Any] = {"asked": asked, "sorts": SORTS, "found": None, "pages": 0}
    if text:
        found = service.get("/v1/search", size=PAGE_SIZE, **asked)
        values["found"] = found
        if found.is_good:
            values["pages"] = min(-(-found.body["total"] // PAGE_SIZE), LAST_PAGE)
    if values["found"] is None or not values["found"].items:
        values["hot"] = service.get("/v1/hot", size=HOT_SIZE)
        values["hot_searches"] = service.get("/v1/hot-searches", size=10)
    # Pages of hits are no pages for search engines.
    return Page("search.html", values, headers={"X-Robots-Tag": "noindex"})


def tag(service: Service, name: str, query: Query) -> Page:
    """Show the articles under a tag and the tags that go with it."""
    page = page_number(query)
    found = service.get(f"/v1/tags/{segment(name)}", page=page, size=PAGE_SIZE)
    if not found.is_good:
        return problem(service, found)
    if not found.body["total"]:
        return problem(service, Answer(404, {"detail": f"没有文章带“{name}”这个标签"}))
    return Page("tag.html", {"found": found.body, "page": page, "pages": _pages(found.body)})


def category(service: Service, path: str, query: Query) -> Page:
    """Show what is new and what is hot in a category."""
    page = page_number(query)
    found = service.get("/v1/articles", category=path, page=page, size=PAGE_SIZE)
    if not found.is_good:
        return problem(service, found)
    if not found.body["total"]:
        return problem(service, Answer(404, {"detail": f"没有“{path}”这个分类"}))
    categories = service.get("/v1/categories").items
    return Page(
        "category.html",
        {
            "path": path,
            "trail": [one for one in categories if f"{path}/".startswith(one["path"] + "/")],
            "below": [one for one in categories if one["path"].startswith(path + "/")],
            "found": found.body,
            "page": page,
            "pages": _pages(found.body),
            "hot": service.get("/v1/hot", category=path, size=HOT_SIZE, window="month"),
        },
    )


def problem(service: Service, found: Answer) -> Page:
    """Say what went wrong, and where to go from here."""
    status = HTTPStatus(found.status) if found.status >= 400 else HTTPStatus.NOT_FOUND
    missing = status is HTTPStatus.NOT_FOUND
    return Page(
        "problem.html",
        {
            "heading": "没有这个页面" if missing else "这一页暂时打不开",
            "missing": missing,
            "detail": found.body.get("detail", ""),
            "hot": service.get("/v1/hot", size=HOT_SIZE),
        },
        status,
    )


def page_number(query: Query) -> int:
    """Return the page that was asked for, 1 where the number makes no sense."""
    text = query.get("page", "1")
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else 1
    return max(1, number)


def _pages(body: Mapping[str, Any]) -> int:
    return min(-(-int(body["total"]) // PAGE_SIZE), LAST_PAGE)
