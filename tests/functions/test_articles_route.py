"""PUT and DELETE /v1/articles/{id}: what is taken, what is refused, and what is in the store then."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from handler_calls import Answer, event_for, invoke
from published_place import PublishedPlace
from tiny_artifact import version_of, write_artifact

from engine.errors import StoreUnavailableError
from engine.index.publication import publish_artifact
from engine.live import changes as changes_module
from engine.live.article_changes import ArticleChanges
from engine.live.change import read_live
from engine.live.changes import CHANGES, LiveChanges
from engine.store.local_folder import LocalFolderStore
from functions import articles, runtime
from functions.article_body import MAX_ARTICLE_BYTES
from functions.settings import Settings
from functions.warm_snapshot import WarmSnapshot

ARTICLE = {"id": "n1", "title": "直通车新规", "body": "质量分改了算法。", "tags": ["直通车"]}
NOW = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> LocalFolderStore:
    return LocalFolderStore(tmp_path / "site")


@pytest.fixture(autouse=True)
def served(store: LocalFolderStore, tmp_path: Path) -> Iterator[str]:
    write_artifact(tmp_path / "built", 1)
    publish_artifact(store, tmp_path / "built", NOW)
    settings = Settings((tmp_path / "site").as_uri(), tmp_path / "cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runtime, "settings", settings)
        patch.setattr(runtime, "warm_snapshot", WarmSnapshot(settings))
        yield settings.index_url or ""


def send(
    method: str, article_id: str, body: object = None, change: Callable[[Any], Any] = lambda e: e
) -> Answer:
    data = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
    event, handler = event_for(f"/v1/articles/{article_id}", method=method, body=data)
    return invoke(change(event), handler)


def stored(store: LocalFolderStore) -> LiveChanges:
    return read_live(store, CHANGES)


def test_article_that_is_put_is_in_the_store_cleaned_like_an_imported_one(
    store: LocalFolderStore,
) -> None:
    answer = send("PUT", "n1", {**ARTICLE, "body": "<p>质量分</p><p>改了&nbsp;算法</p>", "x": 1})
    assert answer.status == 200
    assert (answer.body["id"], answer.body["visible_after_s"]) == ("n1", 5)
    assert answer.body["degraded"] is False
    assert answer.body["generated_at"] == "2026-05-04T16:00:00+08:00"
    assert len(answer.body["index_version"]) == 16
    assert answer.headers["Cache-Control"] == "no-store"
    article = stored(store).by_id["n1"].article
    assert article is not None
    assert (article.title, article.body, article.tags) == (
        "直通车新规",
        "质量分\n改了 算法",
        ("直通车",),
    )


def test_path_names_the_article_where_the_body_does_not(store: LocalFolderStore) -> None:
    body = {name: value for name, value in ARTICLE.items() if name != "id"}
    assert send("PUT", "直通车/新规 2026", body).status == 200
    assert set(stored(store).by_id) == {"直通车/新规 2026"}


def test_id_sent_with_escapes_is_understood_by_what_the_body_says(store: LocalFolderStore) -> None:
    # A function URL does not decode the path as an HTTP API does.
    assert send("PUT", "a%2Fb", {**ARTICLE, "id": "a/b"}).status == 200
    assert set(stored(store).by_id) == {"a/b"}


def test_deleting_is_safe_to_repeat(store: LocalFolderStore) -> None:
    assert [send("DELETE", "7").status for _ in range(2)] == [200, 200]
    assert stored(store).deleted == {"7"}
    assert stored(store).sequence == 1


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (None, "body"),
        ([], "expected a JSON object"),
        ({"id": "n1"}, "title"),
        ({**ARTICLE, "id": "other"}, "'n1'"),
        ({**ARTICLE, "id": ["n1"]}, "id"),
        ({**ARTICLE, "title": " "}, "title"),
        ({**ARTICLE, "title": "长" * 501}, "at most 500"),
        ({**ARTICLE, "body": "<p><br></p>"}, "nothing but markup"),
        ({**ARTICLE, "views": -1}, "views"),
        ({**ARTICLE, "published_at": "昨天"}, "published_at"),
        ({**ARTICLE, "tags": "直通车"}, "tags"),
    ],
)
def test_body_that_is_no_article_is_refused_by_name_and_changes_nothing(
    body: object, named: str, store: LocalFolderStore
) -> None:
    answer = send("PUT", "n1", body)
    assert answer.status == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert named in answer.body["detail"]
    assert stored(store) == LiveChanges()


@pytest.mark.parametrize("data", [b"{", b"\xff\xfe", b"[" * 100_000, b'{"views": ' + b"9" * 9999])
def test_body_that_is_no_json_is_refused(data: bytes, store: LocalFolderStore) -> None:
    event, handler = event_for("/v1/articles/n1", method="PUT", body=data)
    answer = invoke(event, handler)
    assert answer.status == 400
    assert "body" in answer.body["detail"]
    assert stored(store) == LiveChanges()


def test_article_longer_than_readers_can_follow_is_too_large(store: LocalFolderStore) -> None:
    answer = send("PUT", "n1", {**ARTICLE, "body": "文" * MAX_ARTICLE_BYTES})
    assert (answer.status, answer.body["type"]) == (413, "urn:wenmai:problem:too-large")
    assert stored(store) == LiveChanges()


def test_base64_body_is_read(store: LocalFolderStore) -> None:
    def encode(event: dict[str, Any]) -> dict[str, Any]:
        body = base64.b64encode(event["body"].encode()).decode()
        return event | {"body": body, "isBase64Encoded": True}

    assert send("PUT", "n1", ARTICLE, encode).status == 200
    assert "n1" in stored(store).by_id


@pytest.mark.parametrize("authorizer", [None, {}, {"iam": None}, {"jwt": {"claims": {}}}])
@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_request_without_a_checked_signature_is_refused(
    method: str, authorizer: object, store: LocalFolderStore
) -> None:
    def strip(event: dict[str, Any]) -> dict[str, Any]:
        event["requestContext"]["authorizer"] = authorizer
        return event

    answer = send(method, "n1", ARTICLE, strip)
    assert (answer.status, answer.body["type"]) == (403, "urn:wenmai:problem:not-allowed")
    assert stored(store) == LiveChanges()


def test_article_that_was_taken_down_is_refused_with_the_way_back(store: LocalFolderStore) -> None:
    ArticleChanges(store, lambda: NOW).take_down("n1", "侵权投诉")
    answer = send("PUT", "n1", ARTICLE)
    assert (answer.status, answer.body["type"]) == (409, "urn:wenmai:problem:taken-down")
    assert "--lift" in answer.body["detail"]
    assert "侵权投诉" not in answer.body["detail"]


def test_full_delta_says_that_a_rebuild_is_needed(
    store: LocalFolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes_module, "MOST_ARTICLES", 1)
    assert send("PUT", "n1", ARTICLE).status == 200
    answer = send("PUT", "n2", {**ARTICLE, "id": "n2"})
    assert (answer.status, answer.body["type"]) == (503, "urn:wenmai:problem:changes-full")
    assert "rebuild the index" in answer.body["detail"]
    assert answer.headers["Retry-After"] == "5"
    assert send("DELETE", "n1").status == 200
    assert set(stored(store).by_id) == {"n1"}


def test_store_that_fails_is_a_503_to_be_sent_again(
    monkeypatch: pytest.MonkeyPatch, store: LocalFolderStore
) -> None:
    def fail(*_: object) -> str:
        raise StoreUnavailableError("no answer")

    monkeypatch.setattr(LocalFolderStore, "put_if_absent", fail)
    answer = send("PUT", "n1", ARTICLE)
    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    monkeypatch.undo()
    assert stored(store) == LiveChanges()


def test_plain_index_folder_keeps_its_changes_beside_the_index(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(runtime, "settings", Settings(str(tmp_path / "built")))
    answer = send("PUT", "n1", ARTICLE)
    assert answer.status == 200
    assert answer.body["index_version"] == version_of(tmp_path / "built")
    assert "n1" in stored(LocalFolderStore(tmp_path / "built")).by_id


def test_plain_index_in_a_bucket_cannot_change_and_says_how_it_could(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, s3_place: PublishedPlace
) -> None:
    for path in (tmp_path / "built").iterdir():
        s3_place.open().put_if_absent(path.name, path.read_bytes())
    monkeypatch.setattr(runtime, "settings", Settings(s3_place.url))
    monkeypatch.setattr(articles, "open_store", lambda _: s3_place.open())
    answer = send("PUT", "n1", ARTICLE)
    assert (answer.status, answer.body["type"]) == (409, "urn:wenmai:problem:not-published")
    assert "wenmai publish" in answer.body["detail"]


def test_place_without_an_index_is_a_503(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(runtime, "settings", Settings(str(tmp_path / "empty")))
    assert send("DELETE", "n1").status == 503


def test_unknown_parameters_are_refused(store: LocalFolderStore) -> None:
    event, handler = event_for("/v1/articles/n1", "force=1", method="DELETE")
    assert invoke(event, handler).status == 400
    assert stored(store) == LiveChanges()
