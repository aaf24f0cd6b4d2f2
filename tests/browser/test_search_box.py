"""The box that people judge a search by."""

from __future__ import annotations

from playwright.sync_api import Page, expect


def options(page: Page) -> list[str]:
    return [
        text.strip() for text in page.locator(".wenmai-completions [role=option]").all_inner_texts()
    ]


def test_completions_follow_what_is_typed(page: Page, site: str) -> None:
    page.goto(site)
    page.locator("#q").press_sequentially("直通")
    expect(page.locator(".wenmai-completions [role=option]").first).to_be_visible()
    assert page.locator("#q").get_attribute("aria-expanded") == "true"
    assert any("直通车" in text for text in options(page))
    assert page.locator(".wenmai-completions em").first.inner_text() == "直通"


def test_nothing_is_asked_while_an_input_method_composes(page: Page, site: str) -> None:
    page.goto(site)
    asked: list[str] = []
    page.on(
        "request", lambda request: asked.append(request.url) if "/suggest" in request.url else None
    )
    page.locator("#q").focus()
    client = page.context.new_cdp_session(page)
    for text in ("z", "zhi", "zhi'tong", "zhi'tong'che"):
        client.send(
            "Input.imeSetComposition",
            {"text": text, "selectionStart": len(text), "selectionEnd": len(text)},
        )
        page.wait_for_timeout(200)
    assert asked == []
    # The input method's own Enter, which every browser reports as key 229, sends no form.
    page.locator("#q").dispatch_event(
        "keydown", {"key": "Enter", "keyCode": 229, "isComposing": True}
    )
    assert page.url.rstrip("/") == site
    client.send("Input.insertText", {"text": "直通车"})
    expect(page.locator(".wenmai-completions [role=option]").first).to_be_visible()
    assert page.locator("#q").input_value() == "直通车"
    assert len(asked) == 1


def test_pinyin_letters_complete_to_hanzi(page: Page, site: str) -> None:
    page.goto(site)
    page.locator("#q").press_sequentially("zhitongche")
    expect(page.locator(".wenmai-completions [role=option]").first).to_be_visible()
    assert any("直通车" in text for text in options(page))


def test_arrows_choose_and_escape_gives_back_what_was_typed(page: Page, site: str) -> None:
    page.goto(site)
    box = page.locator("#q")
    box.press_sequentially("直通")
    expect(page.locator(".wenmai-completions [role=option]").first).to_be_visible()
    box.press("ArrowDown")
    chosen = page.locator(".wenmai-completions [aria-selected=true]")
    expect(chosen).to_have_count(1)
    assert box.input_value() == chosen.get_attribute("data-text")
    assert box.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    box.press("ArrowUp")
    assert box.input_value() == "直通"
    box.press("ArrowUp")
    assert (
        page.locator(".wenmai-completions [role=option]").last.get_attribute("aria-selected")
        == "true"
    )
    box.press("Escape")
    expect(page.locator(".wenmai-completions")).to_be_hidden()
    assert box.input_value() == "直通"


def test_enter_searches_for_what_was_typed(page: Page, site: str) -> None:
    page.goto(site)
    page.locator("#q").fill("退保证金")
    page.locator("#q").press("Enter")
    page.wait_for_url("**/search?**")
    expect(page.locator(".hits li").first).to_be_visible()
    assert page.locator("#q").input_value() == "退保证金"


def test_enter_on_a_completion_opens_its_article(page: Page, site: str) -> None:
    page.goto(site)
    box = page.locator("#q")
    box.press_sequentially("直通车扣费公式")
    title = page.locator(".wenmai-completions [role=option][data-article]").first
    expect(title).to_be_visible()
    while page.locator(".wenmai-completions [aria-selected=true][data-article]").count() == 0:
        box.press("ArrowDown")
    box.press("Enter")
    page.wait_for_url("**/article/42.html")


def test_a_click_on_a_completion_works(page: Page, site: str) -> None:
    page.goto(site)
    page.locator("#q").press_sequentially("直通车")
    option = page.locator(".wenmai-completions [role=option]").first
    expect(option).to_be_visible()
    option.click()
    page.wait_for_url(lambda url: "/search" in url or "/article/" in url)
