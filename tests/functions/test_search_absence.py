"""Why is this article not here? Asked of the handler over the sample corpus."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from engine.index.snapshot import open_snapshot

FIELDS = {
    *("id", "listed", "reasons", "terms", "excluded", "missing_phrases", "score", "explain"),
    *("floor", "last_score", "rank", "page", "folded_into"),
}


@pytest.fixture
def absence(get):
    """Return a function that asks why an article is not among the hits: id, query, parameters."""

    def ask(article_id: str, text: str, **parameters: object) -> dict[str, Any]:
        query = {"q": text, "explain_id": article_id, **parameters}
        answer = get("/v1/search", urlencode(query))
        assert answer.status == 200, answer.body
        assert answer.body["absence"].keys() == FIELDS
        return answer.body["absence"]

    return ask


def test_it_is_only_told_when_asked_for(get) -> None:
    assert "absence" not in get("/v1/search", urlencode({"q": "直通车"})).body
    assert "absence" not in get("/v1/search", urlencode({"q": "直通车", "explain_id": ""})).body


def test_an_article_on_the_page_is_listed_and_has_no_reason(absence) -> None:
    found = absence("42", "直通车 扣费 公式")
    assert (found["listed"], found["reasons"], found["rank"], found["page"]) == (True, [], 1, 1)
    assert found["terms"] == [
        {"term": "直通车", "held_as": "直通车"},
        {"term": "扣费", "held_as": "扣费"},
        {"term": "公式", "held_as": "公式"},
    ]
    assert sum(part["weight"] for part in found["explain"]) == pytest.approx(
        found["score"], abs=1e-6
    )


def test_an_unknown_article_is_an_answer_that_says_so(absence) -> None:
    found = absence("no-such-id", "直通车")
    assert (found["listed"], found["reasons"]) == (False, ["unknown_article"])
    assert found["score"] is found["rank"] is None


@pytest.mark.parametrize(
    ("parameters", "reasons"),
    [
        ({"category": "淘宝"}, ["category"]),
        ({"tag": "直播"}, ["tag"]),
        ({"from": "2025-02-01"}, ["period"]),
        ({"to": "2025-01-01"}, ["period"]),
        ({"category": "淘宝", "tag": "直播", "to": "2025-01-01"}, ["category", "tag", "period"]),
    ],
)
def test_each_filter_that_keeps_it_out_is_named(absence, parameters, reasons: list[str]) -> None:
    found = absence("42", "直通车 扣费", **parameters)
    assert found["reasons"] == reasons
    assert found["score"] > 0


def test_an_excluded_word_is_named(absence) -> None:
    found = absence("42", "直通车 -质量分")
    assert (found["reasons"], found["excluded"]) == (["excluded_word"], ["质量分"])


def test_a_missing_phrase_is_named(absence) -> None:
    found = absence("41", '直通车 "质量分的关系"')
    assert "missing_phrase" in found["reasons"]
    assert found["missing_phrases"] == ["质量分的关系"]


def test_a_phrase_that_no_article_holds_keeps_nobody_out(absence) -> None:
    found = absence("42", '直通车 "扣费质量分"')
    assert (found["listed"], found["missing_phrases"]) == (True, [])


def test_an_article_without_any_of_the_words_lacks_them_all(absence) -> None:
    found = absence("67", "直通车 质量分")
    assert found["reasons"] == ["no_term"]
    assert {term["held_as"] for term in found["terms"]} == {None}
    assert found["score"] == 0


def test_an_article_with_too_few_of_the_words_stands_below_the_floor(absence) -> None:
    found = absence("41", "直通车扣费公式与质量分的关系")
    assert found["reasons"] == ["below_floor"]
    assert 0 < found["score"] < found["floor"]
    assert None in {term["held_as"] for term in found["terms"]}


def test_a_repost_names_the_article_that_stands_for_it(absence) -> None:
    found = absence("102", "天猫 年费 返还")
    assert (found["reasons"], found["folded_into"]) == (["folded"], "7")


def test_an_article_further_down_names_its_page_and_the_gap(absence, get) -> None:
    seventh = get("/v1/search", urlencode({"q": "店铺", "size": 7})).body["items"][-1]
    found = absence(seventh["id"], "店铺", size=2)
    assert found["reasons"] == ["other_page"]
    assert (found["rank"], found["page"]) == (7, 4)
    assert found["score"] == pytest.approx(seventh["score"], abs=1e-4)
    assert found["score"] < found["last_score"]
    there = absence(seventh["id"], "店铺", size=2, page=4)
    assert (there["listed"], there["rank"]) == (True, 7)


def test_a_query_read_otherwise_is_explained_as_it_was_read(absence) -> None:
    found = absence("58", "广告法级限词")
    assert found["listed"]
    assert "级" not in "".join(term["term"] for term in found["terms"])


def test_a_query_of_stop_words_seeks_nothing(absence) -> None:
    assert absence("42", "怎么")["reasons"] == ["query_without_terms"]


@pytest.mark.parametrize(
    "parameters",
    [
        {"q": "直通车"},
        {"q": "店铺", "size": 5, "page": 3},
        {"q": '"质量分" 直通车', "size": 3},
        {"q": "淘宝 -直播", "category": "淘宝", "size": 4},
        {"q": "拼多多 保证金 怎么 退", "to": "2025-06-30"},
        {"q": "zhitongche"},
        {"q": "鹩哥虢氍"},
        {"q": "直播", "sort": "newest", "freshness": "0.5", "size": 6},
    ],
)
def test_every_article_is_listed_or_has_a_reason(get, sample_index: Path, parameters) -> None:
    articles = open_snapshot(sample_index).articles
    shown = [item["id"] for item in get("/v1/search", urlencode(parameters)).body["items"]]
    for number in range(len(articles)):
        article_id = articles.article_id(number)
        query = urlencode({**parameters, "explain_id": article_id})
        found = get("/v1/search", query).body["absence"]
        assert found["listed"] == (article_id in shown), article_id
        assert found["listed"] != bool(found["reasons"]), article_id


@pytest.mark.parametrize("explain_id", ["x" * 201, "a%00b"])
def test_an_id_that_cannot_be_one_is_refused_by_name(get, explain_id: str) -> None:
    answer = get("/v1/search", f"q=a&explain_id={explain_id}")
    assert answer.status == 400
    assert answer.body["detail"].startswith("explain_id: ")
