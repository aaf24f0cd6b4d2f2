"""The editor's page, as an editor uses it."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect


def test_an_editor_sees_how_a_query_was_cut_and_why_an_article_is_missing(
    page: Page, site: str
) -> None:
    page.goto(f"{site}/studio")
    form = page.locator("form[data-form=try]")
    form.get_by_label("查询").fill("直通车 -质量分")
    form.get_by_label("为什么没有这篇").fill("42")
    form.get_by_role("button").click()
    result = page.locator("[data-result=try]")
    expect(result.locator(".cuts span").first).to_contain_text("直通车")
    expect(result).to_contain_text("excluded_word")
    expect(result.locator("tbody tr").first).to_contain_text("直通车")


def test_the_hot_list_is_drawn_with_its_parts(page: Page, site: str) -> None:
    page.goto(f"{site}/studio")
    result = page.locator("[data-result=hot]")
    expect(result.locator("svg[role=img] rect.bar-engagement").first).to_be_attached()
    expect(result.locator("tbody tr")).to_have_count(20)


def test_a_failed_route_says_so_and_leaves_the_rest(page: Page, site: str) -> None:
    page.route("**/studio/api/queries**", lambda route: route.abort())
    page.goto(f"{site}/studio")
    expect(page.locator("[data-result=queries] [role=alert]")).to_contain_text("取不到")
    expect(page.locator("[data-result=hot] tbody tr")).to_have_count(20)


def test_hostile_queries_stay_text_in_the_studio(page: Page, site: str) -> None:
    page.goto(f"{site}/studio")
    form = page.locator("form[data-form=try]")
    form.get_by_label("查询").fill("<img src=x onerror=window.owned=1>")
    form.get_by_role("button").click()
    expect(page.locator("[data-result=try]")).to_contain_text("规范化后")
    assert page.evaluate("window.owned") is None
    assert page.locator("[data-result] img").count() == 0


def test_the_studio_has_no_serious_accessibility_finding(page: Page, site: str) -> None:
    page.goto(f"{site}/studio")
    expect(page.locator("[data-result=hot] tbody tr").first).to_be_visible()
    serious = [
        f"{found['id']}: {[node['html'][:120] for node in found['nodes']]}"
        for found in Axe().run(page).response["violations"]
        if found["impact"] in {"serious", "critical"}
    ]
    assert serious == []
