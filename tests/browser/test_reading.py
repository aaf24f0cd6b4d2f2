"""From box to box, as a reader goes through a site."""

from __future__ import annotations

import json

from playwright.sync_api import Page, Route, expect


def test_from_the_hot_list_to_an_article_to_a_related_one_and_back(page: Page, site: str) -> None:
    page.goto(site)
    first = page.locator(".hot .titles a").first
    title = first.inner_text()
    first.click()
    expect(page.locator("article h1")).to_have_text(title)
    related = page.locator(".related .titles a").first
    next_title = related.inner_text()
    related.click()
    expect(page.locator("article h1")).to_have_text(next_title)
    page.go_back()
    expect(page.locator("article h1")).to_have_text(title)


def test_hot_windows_are_links(page: Page, site: str) -> None:
    page.goto(site)
    page.get_by_role("link", name="总榜").click()
    page.wait_for_url("**/?window=all")
    expect(page.locator(".tabs [aria-current]")).to_have_text("总榜")


def test_filters_narrow_and_can_be_taken_off_again(page: Page, site: str) -> None:
    page.goto(f"{site}/search?q=店铺")
    before = page.locator("[role=status] p").first.inner_text()
    chip = page.locator(".side .chips a").first
    value = chip.inner_text().split()[0]
    chip.click()
    expect(page.locator(".chosen a")).to_contain_text(value)
    assert page.locator("[role=status] p").first.inner_text() != before
    page.locator(".chosen a").click()
    expect(page.locator(".chosen")).to_have_count(0)
    assert page.locator("[role=status] p").first.inner_text() == before


def test_a_date_range_leaves_what_lies_within(page: Page, site: str) -> None:
    page.goto(f"{site}/search?q=店铺")
    page.locator("input[name=from]").fill("2025-01-01")
    page.locator("input[name=to]").fill("2025-12-31")
    page.get_by_role("button", name="按日期筛选").click()
    page.wait_for_url("**from=2025-01-01**")
    days = page.locator(".hits time").all_inner_texts()
    assert days
    assert all(day.startswith("2025") for day in days)


def test_paging_goes_on_and_back_without_repeating_a_hit(page: Page, site: str) -> None:
    page.goto(f"{site}/search?q=店铺")
    first = page.locator(".hits h3").all_inner_texts()
    page.get_by_role("link", name="下一页").click()
    page.wait_for_url("**page=2**")
    second = page.locator(".hits h3").all_inner_texts()
    assert first
    assert second
    assert not set(first) & set(second)
    page.go_back()
    assert page.locator(".hits h3").all_inner_texts() == first


def test_a_search_without_hits_offers_something_to_read(page: Page, site: str) -> None:
    page.goto(f"{site}/search?q=量子纠缠态")
    expect(page.locator("[role=status]")).to_contain_text("没有找到")
    page.locator(".hot .titles a").first.click()
    expect(page.locator("article h1")).to_be_visible()


def test_a_slip_is_disclosed_with_what_was_meant(page: Page, site: str) -> None:
    page.goto(f"{site}/search?q=保正金怎么退")
    expect(page.locator("[role=status] strong")).to_have_text("保证金怎么退")
    expect(page.locator(".hits em").first).to_have_text("保证金")


def test_recommendations_come_from_this_browser_and_can_be_switched_off(
    page: Page, site: str
) -> None:
    page.goto(site)
    expect(page.locator("[data-for-you]")).to_be_hidden()
    for article in ("41", "42"):
        page.goto(f"{site}/article/{article}.html")
    page.goto(site)
    box = page.locator("[data-for-you]")
    expect(box.locator("a").first).to_be_visible()
    hrefs = [link.get_attribute("href") for link in box.locator("a").all()]
    assert "/article/41.html" not in hrefs
    assert json.loads(page.evaluate("localStorage.getItem('wenmai-reads')")) == ["41", "42"]
    box.get_by_role("button", name="关闭推荐").click()
    expect(box.locator("a")).to_have_count(0)
    assert page.evaluate("localStorage.getItem('wenmai-reads')") is None
    page.goto(f"{site}/article/43.html")
    assert page.evaluate("localStorage.getItem('wenmai-reads')") is None
    page.goto(site)
    expect(page.get_by_role("button", name="打开推荐")).to_be_visible()
    assert page.context.cookies() == []


def test_a_view_is_reported_once_with_a_fresh_token(page: Page, site: str) -> None:
    reported: list[str | None] = []

    def keep(route: Route) -> None:
        reported.append(route.request.post_data)
        route.fulfill(status=202, body="{}")

    page.route("**/v1/events", keep)
    page.goto(f"{site}/article/42.html")
    page.wait_for_timeout(500)
    assert len(reported) == 1
    event = json.loads(reported[0] or "")
    assert (event["type"], event["article_id"]) == ("view", "42")


def test_when_the_service_goes_down_the_page_stays_and_the_box_is_quiet(
    page: Page, site: str
) -> None:
    page.goto(f"{site}/article/42.html")
    page.route("**/v1/**", lambda route: route.abort())
    page.locator("#q").press_sequentially("直通车")
    page.wait_for_timeout(400)
    expect(page.locator(".wenmai-completions")).to_be_hidden()
    expect(page.locator("article h1")).to_be_visible()
    page.goto(site)
    expect(page.locator("[data-for-you]")).to_be_hidden()
