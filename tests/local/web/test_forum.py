"""Pages stand on the service's answers, and stand without them too."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from forum_pages import Ask, asker

from local.web.forum import Forum
from local.web.rendering import count, marked

PAGES = [
    "/",
    "/?window=month",
    "/article/42.html",
    f"/search?q={quote('直通车')}",
    "/search",
    f"/tag/{quote('直通车')}",
    f"/category/{quote('推广/直通车')}",
]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_answers_with_a_policy_that_allows_nothing_foreign(ask: Ask, page: str) -> None:
    answer = ask(page)
    assert answer.status == 200
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("page", PAGES)
def test_no_page_has_inline_script_or_style_or_another_host(ask: Ask, page: str) -> None:
    text = ask(page).text
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"\bstyle=|<style|\bon\w+=\"|javascript:", text)
    loaded = re.findall(r"<(?:script|link|img)[^>]*(?:src|href)=\"([^\"]+)\"", text)
    assert loaded
    assert all(target.startswith("/") and not target.startswith("//") for target in loaded)


def test_an_article_page_has_every_box_of_the_seed_page(ask: Ask) -> None:
    text = ask("/article/42.html").text
    for box in (
        "当前位置",
        "阅读量:",
        "相关标签",
        "留言与评论",
        "热门内容",
        "相关文章",
        "上一篇",
        "网站地图",
    ):
        assert box in text, box
    assert text.count('class="why"') >= 5
    links = re.findall(r'href="(/article/[^"]+)"', text.partition("</article>")[2])
    assert len(links) == len(set(links)) >= 15
    assert "/article/42.html" not in links


def test_a_weaker_tier_is_said_in_words(ask: Ask) -> None:
    corrected = ask(f"/search?q={quote('保正金怎么退')}").text
    assert "没有“保正金怎么退”,以下是“<strong>保证金怎么退</strong>”" in corrected
    nothing = ask(f"/search?q={quote('量子纠缠态')}").text
    assert "没有找到“量子纠缠态”" in nothing
    assert "热门内容" in nothing


def test_hits_can_be_paged_sorted_and_narrowed_by_links(ask: Ask) -> None:
    first = ask(f"/search?q={quote('店铺')}").text
    assert 'rel="next"' in first
    second = ask(f"/search?q={quote('店铺')}&page=2&sort=newest").text
    assert 'rel="prev"' in second
    assert "sort=newest&amp;page=" not in first
    narrowed = ask(f"/search?q={quote('店铺')}&category={quote('淘宝')}").text
    assert "已筛选" in narrowed


def test_search_pages_are_not_for_search_engines(ask: Ask) -> None:
    answer = ask(f"/search?q={quote('直通车')}")
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in answer.text


@pytest.mark.parametrize(
    "path", ["/nothing", "/article/none.html", "/static/../forum.py", "/static/x"]
)
def test_a_missing_page_says_so_and_shows_where_to_go(ask: Ask, path: str) -> None:
    answer = ask(path)
    assert answer.status == 404
    assert "没有这个页面" in answer.text
    assert "热门内容" in answer.text


def test_a_page_that_did_not_change_is_not_sent_again(ask: Ask) -> None:
    first = ask("/article/42.html")
    again = ask("/article/42.html", if_none_match=first.headers["ETag"])
    assert (again.status, again.text) == (304, "")
    assert ask("/article/41.html", if_none_match=first.headers["ETag"]).status == 200


def test_pages_only_answer_get_and_head(ask: Ask) -> None:
    assert ask("/", method="POST").status == 405
    head = ask("/", method="HEAD")
    assert (head.status, head.text) == (200, "")


def test_the_services_own_routes_are_answered_by_the_gateway(ask: Ask) -> None:
    assert json.loads(ask("/v1/status").text)["documents"] == 126
    assert ask("/sitemap.xml").headers["Content-Type"].startswith("application/xml")


class _Scripts(HTMLParser):
    """Collects what a browser would take for markup out of the payloads."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.handlers: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.handlers += [name for name, _ in attrs if name.startswith("on")]


@pytest.mark.parametrize(
    "payload",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "'-alert(1)-'",
        "</title><svg/onload=alert(1)>",
        "{{ 7 * 7 }}",
    ],
)
def test_markup_in_a_query_stays_text(ask: Ask, payload: str) -> None:
    text = ask(f"/search?q={quote(payload)}").text
    parser = _Scripts()
    parser.feed(text)
    assert parser.handlers == []
    assert parser.tags.count("script") == len(re.findall(r"<script src=\"/static/", text))
    assert "svg" not in parser.tags
    assert "49" not in re.sub(r"\d{3,}", "", text) or "{{ 7 * 7 }}" in text


StartResponse = Callable[[str, list[tuple[str, str]]], object]


def _down(_environment: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    start_response("503 Service Unavailable", [])
    return [b'{"status": 503, "detail": "no index"}']


def test_a_page_outlives_the_service() -> None:
    ask = asker(Forum(_down))
    home = ask("/")
    assert home.status == 200
    assert home.text.count("暂时取不到") == 3
    search = ask(f"/search?q={quote('直通车')}")
    assert (search.status, "搜索服务正在恢复" in search.text) == (200, True)
    article = ask("/article/42.html")
    assert article.status == 503
    assert "这一页暂时打不开" in article.text


def test_a_service_that_talks_nonsense_costs_the_boxes_alone() -> None:
    def nonsense(_environment: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [])
        return [b"<html>"]

    home = asker(Forum(nonsense))("/")
    assert home.status == 200


def test_highlights_let_em_pass_and_nothing_else() -> None:
    assert marked("<em>直通车</em> &lt;b&gt;") == "<em>直通车</em> &lt;b&gt;"
    assert marked("<em onclick=x>直</em><b>") == "&lt;em onclick=x&gt;直</em>&lt;b&gt;"


def test_counters_read_as_readers_know_them() -> None:
    assert [count(n) for n in (None, 0, 9_999, 25_000)] == ["—", "0", "9999", "2.5万"]


def test_every_static_file_is_used_and_every_used_one_exists() -> None:
    root = Path(__file__).resolve().parents[3] / "local" / "web"
    used = set()
    for template in (root / "templates").glob("*.html"):
        used |= set(re.findall(r"/static/([\w.-]+)", template.read_text(encoding="utf-8")))
    assert used == {path.name for path in (root / "static").iterdir()}
