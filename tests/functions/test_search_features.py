"""What a search promises beside its hits, each asked of the handler over the sample corpus."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from engine.index.hotness import HOT_WINDOWS
from engine.index.snapshot import Snapshot, open_snapshot

SAMPLE = Path(__file__).resolve().parents[2] / "local" / "sample"


@pytest.fixture
def search(get):
    """Return a function that asks GET /v1/search and returns the decoded body."""

    def ask(text: str, **parameters: object) -> dict[str, Any]:
        answer = get("/v1/search", urlencode({"q": text, "size": 50, **parameters}))
        assert answer.status == 200, answer.body
        assert answer.headers["X-Robots-Tag"] == "noindex"
        return answer.body

    return ask


@pytest.fixture(scope="module")
def articles() -> dict[str, dict[str, Any]]:
    lines = [
        line for path in SAMPLE.glob("*.jsonl") for line in path.read_text("utf-8").splitlines()
    ]
    return {article["id"]: article for article in map(json.loads, lines)}


@pytest.fixture(scope="module")
def snapshot(sample_index: Path) -> Snapshot:
    return open_snapshot(sample_index)


def ids(body: dict[str, Any]) -> list[str]:
    return [item["id"] for item in body["items"]]


def whole_text(article: dict[str, Any]) -> str:
    return "\n".join((article["title"], article["body"], *article["tags"]))


@pytest.mark.parametrize(
    ("text", "tier", "first"),
    [
        ("直通车扣费公式", "exact", "42"),
        ("质量分 扣费 公式", "all_terms", "42"),
        ("直通车 飞碟 扣费", "any_term", "42"),
        ("zhitongche koufei", "pinyin", "42"),
        ("广告法级限词", "corrected", "58"),
    ],
)
def test_a_weaker_tier_is_disclosed_by_the_query_and_by_every_hit(
    search, text: str, tier: str, first: str
) -> None:
    strength = ["exact", "all_terms", "any_term", "pinyin", "corrected"]
    body = search(text)
    assert body["query"]["tier"] == tier
    assert ids(body)[0] == first
    assert all(strength.index(item["tier"]) >= strength.index(tier) for item in body["items"])


def test_a_query_read_otherwise_says_what_was_sought_instead(search) -> None:
    corrected = search("广告法级限词")
    assert corrected["query"]["corrected_to"] == "广告法极限词"
    assert corrected["query"]["text"] == "广告法级限词"
    read = search("zhitongche koufei")["query"]
    assert read["corrected_to"] is None
    assert {(added["term"], added["via"]) for added in read["expanded"]} >= {("直通车", "pinyin")}


def test_what_else_a_query_may_have_meant_is_suggested_and_finds_something(search) -> None:
    body = search("zhitongche koufei")
    assert body["suggestions"]
    for suggestion in body["suggestions"]:
        assert search(suggestion)["total"] > 0, suggestion


def test_nothing_found_is_tier_none_with_no_facets(search) -> None:
    body = search("鹩哥虢氍")
    assert (body["total"], body["items"], body["query"]["tier"]) == (0, [], "none")
    assert body["facets"] == {"category": [], "tag": []}


def test_a_root_category_keeps_its_whole_subtree_and_nothing_else(search, articles) -> None:
    everything = search("店铺")
    assert everything["total"] <= 50
    expected = {i for i in ids(everything) if articles[i]["category"][0] == "淘宝"}
    found = search("店铺", category="淘宝")
    assert expected <= set(ids(found))
    assert {item["category"][0] for item in found["items"]} == {"淘宝"}
    assert len({item["category"][1] for item in found["items"]}) > 1
    leaf = search("店铺", category="淘宝/店铺运营")
    assert {tuple(item["category"]) for item in leaf["items"]} == {("淘宝", "店铺运营")}
    assert ids(search("店铺", category="店铺运营"))


def test_a_tag_keeps_the_articles_that_carry_it(search) -> None:
    found = search("扣费", tag="直通车")
    assert found["total"] > 0
    assert all("直通车" in item["tags"] for item in found["items"])
    assert ids(search("扣费", tag="直通車")) == ids(found)
    assert search("扣费", tag="没有这个标签")["total"] == 0


def test_a_period_includes_its_first_and_its_last_day(search, articles) -> None:
    day = articles["42"]["published_at"][:10]
    assert "42" in ids(search("直通车", **{"from": day, "to": day}))
    assert "42" not in ids(search("直通车", to="2025-01-07"))
    assert "42" not in ids(search("直通车", **{"from": "2025-01-09"}))


@pytest.mark.parametrize("text", ["店铺", "淘宝", "直播 流量", "怎么 退货"])
def test_a_facet_counts_exactly_the_hits_that_are_left_when_it_is_chosen(search, text: str) -> None:
    facets = search(text)["facets"]
    assert facets["category"]
    for facet in facets["category"]:
        assert search(text, category=facet["value"])["total"] == facet["count"], facet
    for facet in facets["tag"]:
        assert search(text, tag=facet["value"])["total"] == facet["count"], facet


def test_a_filter_that_only_weak_hits_pass_still_shows_them(search) -> None:
    # 直通车扣费 is what articles under 推广 are about; elsewhere they share a word at best.
    narrowed = search("直通车 扣费 公式", category="跨境")
    assert all(item["category"][0] == "跨境" for item in narrowed["items"])
    assert {item["tier"] for item in narrowed["items"]} <= {"any_term"}


@pytest.mark.parametrize(("sort", "column"), [("newest", "published_at"), ("views", "views")])
def test_a_sort_orders_all_hits_by_its_column(search, sort: str, column: str) -> None:
    body = search("店铺", sort=sort)
    values = [item[column] for item in body["items"]]
    given = [value for value in values if value is not None]
    assert values == sorted(given, reverse=True) + [None] * (len(values) - len(given))
    assert sorted(ids(body)) == sorted(ids(search("店铺")))


def test_hot_orders_by_the_hot_list_of_the_month(search, snapshot: Snapshot) -> None:
    hotness = snapshot.hotness.scores[HOT_WINDOWS.index("month")]
    numbers = [snapshot.articles.find(article_id) for article_id in ids(search("店铺", sort="hot"))]
    heat = [float(hotness[number]) for number in numbers]
    assert heat == sorted(heat, reverse=True)
    assert len(heat) > 10


def test_relevance_is_the_default_sort(search) -> None:
    scores = [item["score"] for item in search("直播 流量")["items"]]
    assert scores == sorted(scores, reverse=True)
    assert ids(search("直播 流量")) == ids(search("直播 流量", sort="relevance"))


def test_every_hit_of_a_quoted_phrase_holds_it(search, articles) -> None:
    body = search('"质量分" 直通车')
    assert 0 < body["total"] < search("质量分 直通车")["total"]
    for article_id in ids(body):
        assert "质量分" in whole_text(articles[article_id])


def test_no_hit_holds_an_excluded_word(search, articles) -> None:
    without = search("直通车 -质量分")
    assert without["total"] > 0
    for article_id in ids(without):
        assert "质量分" not in whole_text(articles[article_id])
    assert set(ids(without)) == {
        article_id for article_id in ids(search("直通车")) if article_id in ids(without)
    }


def test_a_repost_is_folded_into_the_earliest_that_says_so(search) -> None:
    body = search("天猫 年费 返还")
    found = {item["id"]: item["duplicates"] for item in body["items"]}
    assert found["7"] == ["102"]
    assert "102" not in found
    assert body["total"] == len(found)


@pytest.mark.parametrize(
    "text",
    [
        "直播带货",
        "直通车 扣费 公式",
        "ztc 扣费",
        "七天无理由 退货",
        "天猫年费达标返还的口径与常见误区",
    ],
)
def test_the_parts_of_an_explanation_sum_to_the_score(search, text: str) -> None:
    items = search(text, explain=1)["items"]
    assert items
    for item in items:
        assert item["explain"]
        assert all(part["weight"] > 0 for part in item["explain"])
        total = sum(part["weight"] for part in item["explain"])
        assert total == pytest.approx(item["score"], abs=1e-6)
