"""Sorting and paging far down, asked of the handler over 1,200 articles with many ties."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from handler_calls import event_for, invoke

from index_builder.pipeline import BuildOptions, build_index

REPOSITORY = Path(__file__).resolve().parents[2]
ARTICLES = 1_200
SIZE = 50
PAGES = 1_000 // SIZE

Search = Callable[..., dict[str, Any]]


def make_articles() -> list[dict[str, Any]]:
    """Return articles of sentences of the sample corpus, all about 进货台账; few differ in date or views."""
    choices = random.Random(20_240_401)  # noqa: S311
    sample = itertools.chain.from_iterable(
        path.read_text("utf-8").splitlines()
        for path in sorted((REPOSITORY / "local" / "sample").glob("*.jsonl"))
    )
    sentences = [
        sentence
        for line in sample
        for sentence in json.loads(line)["body"].replace("\n", "。").split("。")
        if 20 <= len(sentence) <= 60
    ]
    return [
        {
            "id": f"n{number}",
            "title": f"进货台账之{choices.choice(sentences)[:12]}",
            "body": "。".join(["进货台账又记了一页", *choices.sample(sentences, 9)]),
            "category": ["台账", choices.choice("甲乙丙")],
            "tags": choices.sample(["春", "夏", "秋", "冬"], choices.randrange(3)),
            "published_at": choices.choice(
                [None, *((date(2025, 1, 1) + timedelta(days=day)).isoformat() for day in range(9))]
            ),
            "views": choices.choice([None, 0, 1, 2, 1_000]),
        }
        for number in range(ARTICLES)
    ]


@pytest.fixture(scope="module")
def articles() -> dict[str, dict[str, Any]]:
    return {article["id"]: article for article in make_articles()}


@pytest.fixture(scope="module")
def search(articles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Search]:
    """Return a function that asks GET /v1/search of those articles and returns the decoded body."""
    from functions import runtime  # noqa: PLC0415 - reads the environment when it is imported
    from functions.settings import Settings  # noqa: PLC0415
    from functions.warm_snapshot import WarmSnapshot  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("many")
    source = folder / "articles.jsonl"
    lines = (json.dumps(article, ensure_ascii=False) for article in articles.values())
    source.write_text("\n".join(lines), "utf-8")
    build_index(BuildOptions([source], folder / "index", REPOSITORY / "lexicon", jobs=1))

    def ask(**parameters: object) -> dict[str, Any]:
        query = urlencode({"q": "进货台账", "size": SIZE, **parameters})
        answer = invoke(*event_for("/v1/search", query))
        assert answer.status == 200, answer.body
        return answer.body

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runtime, "warm_snapshot", WarmSnapshot(Settings(str(folder / "index"))))
        yield ask


def read_to_the_end(search: Search, **parameters: object) -> list[dict[str, Any]]:
    pages = [search(page=page, **parameters)["items"] for page in range(1, PAGES + 1)]
    assert all(len(page) == SIZE for page in pages)
    return list(itertools.chain.from_iterable(pages))


@pytest.mark.parametrize("sort", ["relevance", "newest", "hot", "views"])
def test_twenty_pages_of_fifty_hold_a_thousand_articles_each_once(search, sort: str) -> None:
    assert search(sort=sort)["total"] == ARTICLES
    found = [item["id"] for item in read_to_the_end(search, sort=sort)]
    assert len(found) == len(set(found)) == 1_000


def test_small_pages_are_the_large_ones_cut_up(search) -> None:
    large = [item["id"] for item in search(page=2)["items"]]
    small = [item["id"] for page in range(6, 11) for item in search(size=10, page=page)["items"]]
    assert small == large


def test_a_phrase_can_be_paged_through_as_far(search) -> None:
    found = [item["id"] for item in read_to_the_end(search, q='"进货台账"')]
    assert len(set(found)) == 1_000


@pytest.mark.parametrize(("sort", "column"), [("newest", "published_at"), ("views", "views")])
def test_ties_fall_to_relevance_and_articles_without_a_value_come_last(
    search, sort: str, column: str
) -> None:
    items = read_to_the_end(search, sort=sort)
    keys = [
        (item[column] is not None, item[column] or (0 if column == "views" else ""), item["score"])
        for item in items
    ]
    assert keys == sorted(keys, reverse=True)
    assert len({key[:2] for key in keys}) < 11


def test_a_page_beyond_a_thousand_is_refused_by_name(search) -> None:
    answer = invoke(*event_for("/v1/search", urlencode({"q": "台账", "size": 50, "page": 21})))
    assert answer.status == 400
    assert answer.body["detail"].startswith("page: ")


def test_a_page_behind_the_last_hit_is_empty_and_keeps_the_total(search) -> None:
    body = search(tag="春", category="台账/甲", page=20)
    assert body["items"] == []
    assert 0 < body["total"] < 950


def test_facets_count_every_hit_and_not_only_the_first_thousand(search, articles) -> None:
    facets = search()["facets"]
    counted = {facet["value"]: facet["count"] for facet in facets["category"] + facets["tag"]}
    assert counted["台账"] == ARTICLES
    for leaf in "甲乙丙":
        expected = sum(article["category"][1] == leaf for article in articles.values())
        assert counted[f"台账/{leaf}"] == expected
    for tag in "春夏秋冬":
        assert counted[tag] == sum(tag in article["tags"] for article in articles.values())


def test_filters_combine(search, articles) -> None:
    body = search(**{"tag": "春", "category": "台账/甲", "from": "2025-01-03", "to": "2025-01-05"})
    assert body["total"] == sum(
        "春" in article["tags"]
        and article["category"][1] == "甲"
        and "2025-01-03" <= (article["published_at"] or "") <= "2025-01-05"
        for article in articles.values()
    )
