"""A real browser in front of the real forum.

Debian's Chromium, headless, driven by playwright. Where it is absent the suite skips with a clear line;
CI installs it and sets WENMAI_BROWSER=required, so there an absent browser is a failure.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from forum_server import PAYLOADS, serving
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from index_builder.pipeline import BuildOptions, build_index

REPOSITORY = Path(__file__).resolve().parents[2]

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

_FLAGS = [
    "--no-sandbox",  # CI runs as root
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if CHROMIUM is None and os.environ.get("WENMAI_BROWSER") != "required":
        missing = pytest.mark.skip(reason="no Chromium here; on Debian: apt-get install chromium")
        for item in items:
            if Path(__file__).parent in item.path.parents:
                item.add_marker(missing)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_FLAGS)
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def site(sample_index: Path) -> Iterator[str]:
    """The forum over the sample corpus."""
    with serving(sample_index) as url:
        yield url


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh tab that fails the test on any script error or refused resource."""
    context = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900})
    tab = context.new_page()
    problems: list[str] = []
    tab.on("pageerror", lambda error: problems.append(f"script error: {error}"))
    tab.on(
        "console",
        lambda message: (
            problems.append(message.text) if "Content Security Policy" in message.text else None
        ),
    )
    tab.set_default_timeout(15_000)
    yield tab
    tab.unroute_all(behavior="ignoreErrors")
    context.close()
    assert problems == []


@pytest.fixture(scope="session")
def hostile_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an index whose titles, tags and categories try to be markup."""
    folder = tmp_path_factory.mktemp("hostile")
    lines = [
        {
            "id": f"x{number}",
            "title": f"直通车{number}号攻略 &lt;img src=x onerror=alert(1)&gt; {payload}",
            "body": f"直通车的标题里有人写了 {payload} 这样的东西,正文也有:{payload}。" * 3,
            "tags": [f"标签{number} {payload}", "直通车"],
            "category": ["推广", f"分类 {payload}".replace("/", "／")],
            "author": payload,
            "published_at": f"2026-01-0{number + 1}T08:00:00+08:00",
            "views": 10 + number,
        }
        for number, payload in enumerate(PAYLOADS)
    ]
    source = folder / "hostile.jsonl"
    source.write_text(
        "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8"
    )
    build_index(BuildOptions([source], folder / "index", REPOSITORY / "lexicon", jobs=1))
    return folder / "index"
