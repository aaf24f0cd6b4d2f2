"""The pictures in README are made here: `WENMAI_SCREENSHOTS=docs/screenshots pytest tests/browser`."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

REPOSITORY = Path(__file__).resolve().parents[2]

PICTURES = {
    "home": ("/", 1280, 900),
    "article": ("/article/42.html", 1280, 1000),
    "search": ("/search?q=保正金怎么退", 1280, 900),
    "phone": ("/search?q=直通车", 390, 844),
    "studio": ("/studio", 1280, 1000),
}


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the pictures go: nowhere that lasts, unless the environment names a folder."""
    named = os.environ.get("WENMAI_SCREENSHOTS")
    return REPOSITORY / named if named else tmp_path_factory.mktemp("screenshots")


@pytest.mark.parametrize("name", PICTURES)
def test_a_page_can_be_shown(page: Page, site: str, folder: Path, name: str) -> None:
    path, width, height = PICTURES[name]
    page.set_viewport_size({"width": width, "height": height})
    page.goto(site + path)
    if name == "studio":
        form = page.locator("form[data-form=try]")
        form.get_by_label("查询").fill("直通车怎么降价")
        form.get_by_role("button").click()
        expect(page.locator("[data-result=try] tbody tr").first).to_be_visible()
    if name == "home":
        page.locator("#q").press_sequentially("zhitong")
        expect(page.locator(".wenmai-completions [role=option]").first).to_be_visible()
    folder.mkdir(parents=True, exist_ok=True)
    picture = folder / f"{name}.png"
    page.screenshot(path=picture)
    assert picture.stat().st_size > 20_000
    missing = [
        image
        for image in page.locator("img").all()
        if not image.evaluate("one => one.naturalWidth")
    ]
    assert missing == []
