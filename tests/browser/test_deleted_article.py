"""An article that the site deleted is gone from every page that a reader can reach."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from forum_server import serving
from playwright.sync_api import Page, expect

from engine.index.publication import publish_artifact
from engine.store.local_folder import LocalFolderStore
from functions import runtime
from functions.settings import Settings


@pytest.fixture
def live_site(sample_index: Path, tmp_path: Path) -> Iterator[str]:
    """The forum over a published index, which can change while it is served."""
    publish_artifact(LocalFolderStore(tmp_path / "site"), sample_index, datetime.now(UTC))
    with pytest.MonkeyPatch.context() as patch, serving(tmp_path / "site") as url:
        patch.setattr(runtime, "settings", Settings(str(tmp_path / "site")))
        yield url


def change(url: str, method: str, article_id: str, body: object = None) -> int:
    """Send a change as a program on the same machine does."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    connection.request(method, f"/v1/articles/{article_id}", json.dumps(body) if body else None)
    status = connection.getresponse().status
    connection.close()
    return status


def test_a_deleted_article_is_in_no_box_and_its_page_says_so(page: Page, live_site: str) -> None:
    page.goto(f"{live_site}/search?q=直通车扣费公式")
    expect(page.locator(".hits a[data-hit='42']")).to_be_visible()
    assert change(live_site, "DELETE", "42") == 200
    # A page may be kept for five seconds; a reader who reloads wants a new one.
    page.reload()
    expect(page.locator("a[href='/article/42.html']")).to_have_count(0)
    answer = page.goto(f"{live_site}/article/42.html")
    assert answer is not None
    assert answer.status == 404
    expect(page.locator("h1")).to_have_text("没有这个页面")
    for path in ("/", "/article/41.html", "/tag/直通车", "/category/推广/直通车"):
        page.goto(live_site + path)
        expect(page.locator("a[href='/article/42.html']")).to_have_count(0)
    page.locator("#q").press_sequentially("直通车扣费")
    page.wait_for_timeout(500)
    expect(page.locator(".wenmai-completions [data-article='42']")).to_have_count(0)


def test_a_new_article_can_be_found_and_read_at_once(page: Page, live_site: str) -> None:
    article = {"title": "螺蛳粉联名款怎么谈授权", "body": "螺蛳粉联名先看商标授权链。\n再谈分成。"}
    assert change(live_site, "PUT", "n1", article) == 200
    page.goto(f"{live_site}/search?q=螺蛳粉联名")
    page.locator(".hits a[data-hit='n1']").click()
    expect(page.locator("article h1")).to_have_text("螺蛳粉联名款怎么谈授权")
    expect(page.locator(".related li").first).to_be_visible()
