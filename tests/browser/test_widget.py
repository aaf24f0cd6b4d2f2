"""The boxes on somebody else's page: their own markup, our script, the service on another origin."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from local.http_server import listen, make_server

WIDGET = Path(__file__).resolve().parents[2] / "local" / "web" / "static" / "widget.js"

HOST_PAGE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>老站</title>
<form action="/search.php"><input type="search" name="q" data-wenmai="search" aria-label="搜索"></form>
<div data-wenmai="related" data-article-id="42" data-size="4">暂无相关文章</div>
<div data-wenmai="hot" data-window="month" data-size="3" data-category="推广"></div>
<div data-wenmai="related" data-article-id="missing">暂无相关文章</div>
<script src="/widget.js" data-api="{api}" data-article="/show.php?id={{id}}" defer></script></html>"""


@pytest.fixture
def old_site(site: str) -> Iterator[str]:
    """A page of another site that includes the widget; the service answers elsewhere."""

    def application(
        environment: dict[str, Any], start_response: Callable[..., object]
    ) -> Iterable[bytes]:
        is_script = environment["PATH_INFO"] == "/widget.js"
        kind = "text/javascript" if is_script else "text/html"
        start_response("200 OK", [("Content-Type", f"{kind}; charset=utf-8")])
        return [WIDGET.read_bytes() if is_script else HOST_PAGE.format(api=site).encode()]

    with listen("127.0.0.1", 0) as listener:
        server = make_server(application, listener)
        threading.Thread(target=server.run, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.close()


def allow_origin(page: Page) -> None:
    """Add the header that the template's CORS allow-list makes API Gateway add."""

    def through(route: Any) -> None:
        answer = route.fetch()
        route.fulfill(
            response=answer, headers={**answer.headers, "Access-Control-Allow-Origin": "*"}
        )

    page.route("**/v1/**", through)


def test_boxes_are_filled_across_origins_and_keep_their_text_where_nothing_comes(
    page: Page, old_site: str
) -> None:
    allow_origin(page)
    page.goto(old_site)
    expect(page.locator(".wenmai-related a")).to_have_count(4)
    expect(page.locator(".wenmai-hot a")).to_have_count(3)
    expect(page.locator("[data-article-id=missing]")).to_have_text("暂无相关文章")
    assert "/article/" in (page.locator(".wenmai-related a").first.get_attribute("href") or "")


def test_the_search_box_completes_and_leads_to_the_sites_own_pages(
    page: Page, old_site: str
) -> None:
    allow_origin(page)
    page.goto(old_site)
    page.locator("input").press_sequentially("直通车扣费")
    option = page.locator(".wenmai-completions [data-article='42']")
    expect(option).to_be_visible()
    option.click()
    page.wait_for_url("**/show.php?id=42")


def test_a_service_that_is_down_leaves_the_page_as_it_was(page: Page, old_site: str) -> None:
    page.route("**/v1/**", lambda route: route.abort())
    page.goto(old_site)
    page.locator("input").fill("直通车")
    page.wait_for_timeout(300)
    expect(page.locator("[data-article-id='42']")).to_have_text("暂无相关文章")
    page.locator("input").press("Enter")
    page.wait_for_url("**/search.php?q=**")


def test_the_widget_is_five_kilobytes_at_most() -> None:
    assert len(gzip.compress(WIDGET.read_bytes(), 9)) <= 5_000
