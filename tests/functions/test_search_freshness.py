"""Freshness as a bounded boost, asked of the handler over the sample corpus."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import pytest


@pytest.fixture
def search(get):
    """Return a function that asks GET /v1/search and returns the decoded body."""

    def ask(text: str, **parameters: object) -> dict[str, Any]:
        answer = get("/v1/search", urlencode({"q": text, "size": 50, "explain": 1, **parameters}))
        assert answer.status == 200, answer.body
        return answer.body

    return ask


def scores(body: dict[str, Any]) -> dict[str, float]:
    return {item["id"]: item["score"] for item in body["items"]}


def test_it_is_off_unless_asked_for(search) -> None:
    plain = search("店铺")
    assert "freshness" not in plain
    assert "freshness" not in search("店铺", freshness="0")
    assert scores(plain) == scores(search("店铺", freshness="0.00"))
    fields = {part["field"] for item in plain["items"] for part in item["explain"]}
    assert "freshness" not in fields


def test_it_is_disclosed_with_what_it_counts_from(search) -> None:
    freshness = search("店铺", freshness="0.3")["freshness"]
    assert freshness.keys() == {"most", "half_life_days", "newest"}
    assert (freshness["most"], freshness["half_life_days"]) == (0.3, 180)
    assert freshness["newest"].endswith("+08:00")


@pytest.mark.parametrize("text", ["店铺", "直播 流量", "天猫 年费"])
def test_an_article_gains_what_its_age_allows_and_never_more(search, text: str) -> None:
    plain, boosted = search(text), search(text, freshness="0.4")
    newest = datetime.fromisoformat(boosted["freshness"]["newest"])
    assert scores(plain).keys() == scores(boosted).keys()
    for item in boosted["items"]:
        age = (newest - datetime.fromisoformat(item["published_at"])).total_seconds() / 86_400
        expected = scores(plain)[item["id"]] * (1 + 0.4 * 2 ** (-age / 180))
        assert item["score"] == pytest.approx(expected, rel=1e-5)
    assert list(scores(boosted).values()) == sorted(scores(boosted).values(), reverse=True)


def test_it_is_a_part_of_its_own_and_the_parts_still_sum(search) -> None:
    for item in search("直播 流量", freshness="0.4")["items"]:
        assert [part["field"] for part in item["explain"]].count("freshness") == 1
        total = sum(part["weight"] for part in item["explain"])
        assert total == pytest.approx(item["score"], abs=1e-6)


def test_the_clear_winner_stays_ahead_of_newer_articles(search) -> None:
    assert next(iter(scores(search("直通车扣费公式与质量分", freshness="1")))) == "42"


def test_the_same_question_has_the_same_answer(search) -> None:
    first, second = search("店铺", freshness="0.5"), search("店铺", freshness="0.5")
    assert first["items"] == second["items"]


@pytest.mark.parametrize("value", ["1.5", "-0.1", "0.333", "1e-1", ".5", "nan", "", "yes", "+1"])
def test_what_is_no_share_is_refused_by_name(get, value: str) -> None:
    answer = get("/v1/search", urlencode({"q": "店铺", "freshness": value}))
    assert answer.status == 400
    assert answer.body["detail"].startswith("freshness: expected a number from 0 to 1")
