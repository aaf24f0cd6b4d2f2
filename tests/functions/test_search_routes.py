from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import pytest

from engine.index.snapshot import open_snapshot

SAMPLE = Path(__file__).resolve().parents[2] / "local" / "sample"

CARD = {
    *("id", "title", "url", "excerpt", "category", "tags"),
    *("author", "published_at", "views", "comments", "cover"),
}
ENVELOPE = {"index_version", "generated_at", "age_s", "degraded", "request_id"}


def test_a_search_answers_with_every_field_of_the_contract(get, sample_index: Path) -> None:
    answer = get("/v1/search", "q=" + quote("直通车 质量分"))
    assert answer.status == 200
    assert answer.body.keys() == {
        *("query", "total", "page", "size", "items", "facets", "suggestions", "token"),
        *ENVELOPE,
    }
    assert answer.body["query"].keys() == {
        *("text", "normalized", "terms", "tier", "corrected_to", "expanded"),
    }
    assert answer.body["query"]["text"] == "直通车 质量分"
    assert answer.body["total"] >= len(answer.body["items"]) > 0
    first = answer.body["items"][0]
    assert first.keys() == CARD | {"score", "highlights", "duplicates", "tier"}
    assert first["title"] == "直通车扣费公式与质量分的关系"
    assert first["highlights"].keys() == {"title", "excerpt"}
    snapshot = open_snapshot(sample_index)
    assert answer.body["index_version"] == snapshot.version
    assert answer.body["generated_at"].endswith("+08:00")
    assert answer.body["degraded"] is False
    assert answer.body["request_id"] == "request-1"


def test_highlights_are_html_with_em_only(get) -> None:
    class Tags(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.seen: set[str] = set()

        def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
            self.seen.add(tag)

    parser = Tags()
    for item in get("/v1/search", "size=50&q=" + quote("淘宝 店铺")).body["items"]:
        parser.feed(item["highlights"]["title"] + item["highlights"]["excerpt"])
    assert parser.seen == {"em"}


def test_explanations_come_only_when_asked_for_and_sum_to_the_score(get) -> None:
    for item in get("/v1/search", "explain=1&q=" + quote("直播带货")).body["items"]:
        assert sum(part["weight"] for part in item["explain"]) == pytest.approx(
            item["score"], abs=0.01
        )


def test_nothing_found_is_an_answer(get) -> None:
    answer = get("/v1/search", "q=" + quote("鹩哥虢氍"))
    assert answer.status == 200
    assert answer.body["items"] == []
    assert answer.body["query"]["tier"] == "none"


def test_pages_continue_each_other(get) -> None:
    query = "q=" + quote("店铺")
    whole = [item["id"] for item in get("/v1/search", query + "&size=8").body["items"]]
    pages = [
        item["id"]
        for page in (1, 2)
        for item in get("/v1/search", f"{query}&size=4&page={page}").body["items"]
    ]
    assert pages == whole


def test_a_period_and_a_category_narrow_a_search(get) -> None:
    period = "from=2025-01-01&to=2025-06-30"
    items = get("/v1/search", f"size=50&{period}&q=" + quote("店铺")).body["items"]
    assert items
    assert all("2025-01-01" <= item["published_at"] < "2025-07-01" for item in items)
    category = items[0]["category"]
    query = f"q={quote('店铺')}&category={quote('/'.join(category), safe='')}"
    for item in get("/v1/search", query).body["items"]:
        assert item["category"][: len(category)] == category


def test_suggestions_lead_to_titles_and_tags(get) -> None:
    answer = get("/v1/suggest", "q=" + quote("直通"))
    assert answer.status == 200
    assert answer.body.keys() == {"items", *ENVELOPE}
    kinds = {item["kind"] for item in answer.body["items"]}
    assert kinds <= {"title", "tag", "query"}
    for item in answer.body["items"]:
        assert "直通" in item["text"]
        assert item["highlight"].startswith("<em>")
        assert ("article_id" in item) == (item["kind"] == "title")


def test_the_status_tells_what_is_served(get) -> None:
    answer = get("/v1/status")
    lines = sum(len(path.read_text("utf-8").splitlines()) for path in SAMPLE.glob("*.jsonl"))
    assert answer.body["documents"] == lines
    assert answer.body["age_s"] >= 0
    assert answer.body["live"] == {"delta": 0, "tombstones": 0}
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/v1/search", "/v1/suggest"])
def test_search_answers_are_not_for_search_engines(get, path: str) -> None:
    assert get(path, "q=a").headers["X-Robots-Tag"] == "noindex"


def test_the_etag_survives_a_second_request_and_saves_the_body(get) -> None:
    query = "q=" + quote("直播")
    first = get("/v1/search", query)
    second = get("/v1/search", query, if_none_match=first.headers["ETag"])
    assert second.status == 304
    assert second.body is None
    assert get("/v1/search", "q=a", if_none_match=first.headers["ETag"]).status == 200


@pytest.mark.parametrize(
    ("path", "query", "named"),
    [
        ("/v1/search", "", "q"),
        ("/v1/search", "q=a&size=1_0", "size"),
        ("/v1/search", "q=a&q=b", "q"),
        ("/v1/search", "q=a&colour=red", "colour"),
        ("/v1/suggest", "q=" + "9" * 5_000, "q"),
        ("/v1/status", "verbose=1", "verbose"),
        ("/v1/search", "q=%ff", "q"),
    ],
)
def test_a_bad_parameter_is_a_problem_that_names_it(get, path: str, query: str, named: str) -> None:
    answer = get(path, query)
    assert answer.status == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.body.keys() == {"type", "title", "status", "detail", "request_id"}
    assert answer.body["status"] == 400
    assert named in answer.body["detail"]
    assert answer.body["request_id"] == "request-1"
