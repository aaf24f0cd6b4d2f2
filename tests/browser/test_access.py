"""For every reader: small screens, keyboards, screen readers."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

PAGES = [
    "/",
    "/article/42.html",
    "/search?q=直通车",
    "/search?q=量子纠缠态",
    "/tag/直通车",
    "/category/推广",
    "/nothing",
]


@pytest.mark.parametrize("path", PAGES)
def test_no_serious_accessibility_finding(page: Page, site: str, path: str) -> None:
    page.goto(site + path)
    results = Axe().run(page)
    serious = [
        f"{found['id']}: {[node['html'][:120] for node in found['nodes']]}"
        for found in results.response["violations"]
        if found["impact"] in {"serious", "critical"}
    ]
    assert serious == []


def test_open_completions_have_no_serious_finding_either(page: Page, site: str) -> None:
    page.goto(site)
    page.locator("#q").press_sequentially("直通")
    expect(page.locator(".wenmai-completions [role=option]").first).to_be_visible()
    page.locator("#q").press("ArrowDown")
    found = Axe().run(page).response["violations"]
    assert [one["id"] for one in found if one["impact"] in {"serious", "critical"}] == []


def test_the_accessibility_check_sees_a_planted_defect(page: Page, site: str) -> None:
    page.goto(site)
    page.evaluate("document.querySelector('label[for=q]').remove()")
    page.evaluate("document.getElementById('q').removeAttribute('placeholder')")
    found = {one["id"] for one in Axe().run(page).response["violations"]}
    assert found & {"label", "aria-input-field-name"}


@pytest.mark.parametrize("path", PAGES)
def test_nothing_sticks_out_of_a_narrow_phone(page: Page, site: str, path: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(site + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    expect(page.locator("#q")).to_be_in_viewport()


def test_a_reader_with_a_keyboard_alone_finds_and_opens_an_article(page: Page, site: str) -> None:
    page.goto(site)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("直通车扣费")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?**")
    for _ in range(40):
        if page.evaluate("document.activeElement.closest('.hits') !== null"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/article/**")
    expect(page.locator("article h1")).to_contain_text("直通车")


def test_the_page_works_without_scripts(page: Page, site: str) -> None:
    plain = page.context.browser.new_context(java_script_enabled=False)  # type: ignore[union-attr]
    tab = plain.new_page()
    tab.goto(site)
    tab.locator("#q").fill("直通车")
    tab.get_by_role("button", name="搜索").click()
    tab.wait_for_url("**/search?q=**")
    expect(tab.locator(".hits li").first).to_be_visible()
    plain.close()
