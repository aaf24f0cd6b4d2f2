"""What the editor's page asks for: readings, versions, queries and hot parts, for signed requests alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from event_calls import Page, counting
from handler_calls import Answer, event_for, invoke

from engine.counters.protocol import Search, View, Visitor
from engine.index.publication import publish_artifact
from engine.store.local_folder import LocalFolderStore
from functions import runtime, studio
from functions.settings import Settings
from local.lambda_context import LambdaContext

pytestmark = pytest.mark.usefixtures("served_index")


def ask(path: str, query: str = "") -> Answer:
    return invoke(*event_for(path, query))


def raw(path: str) -> dict[str, Any]:
    event, _ = event_for(path)
    return studio.handler(event, LambdaContext("studio", "request-1"))


def test_a_query_is_shown_as_it_was_cut_with_the_parts_of_each_score() -> None:
    body = ask("/studio/api/try", f"q={quote('直通车怎么降价')}").body
    pieces = {(piece["role"], piece["text"]): piece for piece in body["cutting"]["pieces"]}
    assert pieces["word", "直通车"]["alternatives"] == ["ztc"]
    assert pieces["word", "降价"]["articles"] > 0
    assert ("stop_word", "怎么") in pieces
    assert ("pair", "通车") in pieces
    first = body["items"][0]
    assert sum(part["weight"] for part in first["explain"]) == pytest.approx(
        first["score"], abs=1e-5
    )


def test_a_word_that_nobody_knows_is_a_candidate() -> None:
    cutting = ask("/studio/api/try", "q=zzqx").body["cutting"]
    assert cutting["unknown"] == ["zzqx"]
    assert ask("/studio/api/try", f"q={quote('直通车')}").body["cutting"]["unknown"] == []


def test_an_absent_article_is_explained() -> None:
    body = ask("/studio/api/try", f"q={quote('直通车 -质量分')}&explain_id=42").body
    assert body["absence"]["reasons"] == ["excluded_word"]


def test_hot_parts_add_up_to_the_score() -> None:
    body = ask("/studio/api/hot", "window=week&size=5").body
    assert [row["rank"] for row in body["items"]] == [1, 2, 3, 4, 5]
    for row in body["items"]:
        parts = row["engagement"] + row["age"] + row["live"]
        assert parts == pytest.approx(row["score"], abs=1e-4)
        assert row["age"] <= 0
    listed = ask("/v1/hot", "window=week&size=5").body["items"]
    assert [row["id"] for row in body["items"]] == [item["id"] for item in listed]


@pytest.fixture
def counters(tmp_path: Path) -> Iterator[Page]:
    with counting(tmp_path) as page:
        yield page


def test_rare_queries_are_held_back_and_missed_ones_shown_as_they_were_cut(counters: Page) -> None:
    now = datetime.now(UTC)
    for number in range(3):
        visitor = Visitor(f"v{number}", f"s{number}")
        counters.counters.count(Search("直通车 降价", 4), visitor, now)
        counters.counters.count(Search("zzqx", 0), visitor, now)
        counters.counters.count(View("42"), visitor, now)
    counters.counters.count(Search("张三的电话", 0), Visitor("v9", "s9"), now)
    body = ask("/studio/api/queries", "days=7").body
    assert {row["query"]: row["searches"] for row in body["top"]} == {"直通车 降价": 3, "zzqx": 3}
    (missed,) = body["zero_hits"]
    assert (missed["query"], missed["cutting"]["unknown"]) == ("zzqx", ["zzqx"])
    assert body["held_back"] == 1
    assert "张三" not in str(body)


def test_without_counters_the_answer_says_so() -> None:
    answer = ask("/studio/api/queries")
    assert (answer.status, answer.body["type"]) == (503, "urn:wenmai:problem:counters-unavailable")


def test_two_published_versions_are_compared_side_by_side(
    served_index: Path, other_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = LocalFolderStore(tmp_path / "site")
    now = datetime.now(UTC)
    old = publish_artifact(store, other_index, now).pointer.current.version
    new = publish_artifact(store, served_index, now).pointer.current.version
    monkeypatch.setattr(runtime, "settings", Settings(str(tmp_path / "site")))
    listed = ask("/studio/api/versions").body["items"]
    assert [one["version"] for one in listed] == [new, old]
    sides = ask("/studio/api/compare", f"q={quote('直通车')}&old={old}&new={new}").body
    assert (sides["old"]["version"], sides["new"]["version"]) == (old, new)
    assert sides["old"]["total"] < sides["new"]["total"]
    unknown = ask("/studio/api/compare", f"q=a&old={old}&new=nothing")
    assert (unknown.status, "no published version" in unknown.body["detail"]) == (400, True)


def test_a_plain_folder_has_no_versions_to_compare(
    served_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtime, "settings", Settings(str(served_index)))
    assert ask("/studio/api/versions").body["items"] == []


@pytest.mark.parametrize("name", ["", "/studio.js", "/studio.css"])
def test_the_page_comes_with_a_strict_policy(name: str) -> None:
    answer = raw(f"/studio{name}")
    assert answer["statusCode"] == 200
    assert "unsafe" not in answer["headers"]["Content-Security-Policy"]
    assert answer["headers"]["X-Content-Type-Options"] == "nosniff"
    assert "style=" not in answer["body"] or name


@pytest.mark.parametrize("path", ["/studio", "/studio/studio.js", "/studio/api/versions"])
def test_an_unsigned_request_is_refused(path: str) -> None:
    event, _ = event_for(path)
    del event["requestContext"]["authorizer"]
    assert studio.handler(event, LambdaContext("studio", "request-1"))["statusCode"] == 403


@pytest.mark.parametrize("name", ["nothing.js", "../studio.py", "api/nothing"])
def test_other_names_are_not_found(name: str) -> None:
    assert raw(f"/studio/{name}")["statusCode"] == 404
