"""What people write into titles, tags and queries never becomes markup."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from forum_server import PAYLOADS, serving
from playwright.sync_api import Page, expect


@pytest.fixture(scope="module")
def hostile_site(hostile_index: Path) -> Iterator[str]:
    with serving(hostile_index) as url:
        yield url


def assert_harmless(page: Page) -> None:
    page.wait_for_timeout(150)
    assert page.evaluate("window.owned") is None
    assert page.locator("main img, main svg, main script").count() == 0


@pytest.mark.parametrize("path", ["/", "/article/x0.html", "/article/x1.html", "/article/x2.html",
                                  "/search?q=直通车", "/category/推广"])  # fmt: skip
def test_hostile_articles_are_shown_as_text(page: Page, hostile_site: str, path: str) -> None:
    page.goto(hostile_site + path)
    assert_harmless(page)
    expect(page.locator("main")).to_contain_text(
        "onerror" if path != "/article/x1.html" else "script"
    )


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_queries_and_tags_are_shown_as_text(
    page: Page, hostile_site: str, payload: str
) -> None:
    page.goto(f"{hostile_site}/search?q={quote(payload)}")
    assert_harmless(page)
    assert page.locator("#q").input_value() == payload
    page.goto(f"{hostile_site}/tag/{quote('标签0 ' + payload, safe='')}")
    assert_harmless(page)


def test_hostile_completions_are_shown_as_text(page: Page, hostile_site: str) -> None:
    page.goto(hostile_site)
    page.locator("#q").press_sequentially("直通车")
    expect(page.locator(".wenmai-completions [role=option]").first).to_be_visible()
    assert (
        page.locator(
            ".wenmai-completions img, .wenmai-completions svg, .wenmai-completions script"
        ).count()
        == 0
    )
    assert_harmless(page)


def test_the_check_sees_markup_when_there_is_some(page: Page, hostile_site: str) -> None:
    page.goto(hostile_site)
    page.evaluate("document.querySelector('main').innerHTML += '<img src=/static/icon.svg>'")
    with pytest.raises(AssertionError):
        assert_harmless(page)
