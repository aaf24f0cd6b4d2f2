"""Ids and tags are the site's, not ours: whatever characters they hold, their routes must work."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from functions import runtime
from functions.settings import Settings
from functions.warm_snapshot import WarmSnapshot
from index_builder.pipeline import BuildOptions, build_index

IDS = (
    "wpm-4188476",
    "d365tw-commerce/add-fields-excel",
    "帖子 1",
    "100%",
    "a%2Fb",
    "c++/c#?",
    'say "hi" `\\',
    "..",
    "x/y/z",
)


@pytest.fixture(scope="module")
def odd_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("odd")
    articles = [
        {
            "id": article_id,
            "title": f"编号{number}的店铺文章",
            "body": f"这篇文章讲第{number}件店铺运营的事情,直播带货与发货。",
            "tags": ["A/B测试", "c++"],
        }
        for number, article_id in enumerate(IDS)
    ]
    source = folder / "odd.jsonl"
    source.write_text("\n".join(map(json.dumps, articles)), encoding="utf-8")
    lexicon = Path(__file__).resolve().parents[2] / "lexicon"
    build_index(BuildOptions([source], folder / "index", lexicon, jobs=1))
    return folder / "index"


@pytest.fixture(autouse=True)
def _serve_odd_index(odd_index: Path, get: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime, "warm_snapshot", WarmSnapshot(Settings(str(odd_index))))


@pytest.mark.parametrize("article_id", IDS)
@pytest.mark.parametrize("encode", [str, lambda text: quote(text, safe="")])
def test_an_article_is_found_whether_the_path_is_decoded_or_not(
    get, article_id: str, encode: Callable[[str], str]
) -> None:
    article = get(f"/v1/articles/{encode(article_id)}")
    assert (article.status, article.body["id"]) == (200, article_id)
    related = get(f"/v1/articles/{encode(article_id)}/related", "size=50")
    assert related.status == 200
    assert {item["id"] for item in related.body["items"]} == set(IDS) - {article_id}


def test_an_id_that_looks_escaped_is_taken_literally_first(get) -> None:
    assert get("/v1/articles/a%2Fb").body["id"] == "a%2Fb"
    assert get("/v1/articles/x%2Fy%2Fz").body["id"] == "x/y/z"


@pytest.mark.parametrize("path", ["/v1/tags/A/B测试", "/v1/tags/A%2FB%E6%B5%8B%E8%AF%95"])
def test_a_tag_may_hold_a_slash(get, path: str) -> None:
    answer = get(path)
    assert (answer.body["tag"], answer.body["total"]) == ("A/B测试", len(IDS))


def test_a_plus_in_a_path_is_a_plus(get) -> None:
    assert get("/v1/tags/c++").body["total"] == len(IDS)
