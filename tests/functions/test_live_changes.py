"""Through the handlers: what is put shows in every answer, what is deleted or taken down in none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from handler_calls import Answer, event_for, invoke
from published_place import NOON
from small_site import LEXICON, lexicon_cache, rebuild_site, site_articles, write_source

from engine.errors import ArticleTakenDownError
from engine.index.publication import publish_artifact
from engine.index.rollback import roll_back
from engine.index.served import LiveView
from engine.index.snapshot import open_snapshot
from engine.live.article_changes import ArticleChanges
from engine.live.change import read_live
from engine.live.changes import CHANGES
from engine.live.overlay import LIVE_KEYS, compose
from engine.store.local_folder import LocalFolderStore
from functions import runtime
from functions.settings import Settings
from functions.warm_snapshot import WarmSnapshot
from index_builder.pipeline import BuildOptions
from index_builder.rebuild_in_place import build_in_place

NEW = {
    "id": "n1",
    "title": "螺蛳粉联名盲盒怎么做私域拉新",
    "body": "螺蛳粉联名款上线之前,私域社群先找种子用户,再谈裂变拉新,老客带新客。",
    "category": ["运营", "私域"],
    "tags": ["螺蛳粉", "私域"],
    "published_at": "2026-05-04T08:00:00+08:00",
}
GONE = "42"
WINDOWS = ("day", "week", "month", "all")


@pytest.fixture
def store(sample_index: Path, tmp_path: Path) -> Iterator[LocalFolderStore]:
    store = LocalFolderStore(tmp_path / "site")
    publish_artifact(store, sample_index, NOON)
    settings = Settings((tmp_path / "site").as_uri(), tmp_path / "cache")
    warm = WarmSnapshot(settings, live=LiveView(LIVE_KEYS, compose))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runtime, "settings", settings)
        patch.setattr(runtime, "warm_snapshot", warm)
        warm.current()
        yield store


def ask(path: str, query: str = "", *, method: str = "GET", body: Any = None) -> Answer:
    data = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
    event, handler = event_for(path, query, method=method, body=data)
    return invoke(event, handler)


def text_of(path: str, query: str = "", *, method: str = "GET", body: Any = None) -> str:
    """Return the whole body as the caller gets it, XML or JSON."""
    data = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
    event, handler = event_for(path, query, method=method, body=data)
    from importlib import import_module  # noqa: PLC0415

    from local.lambda_context import LambdaContext  # noqa: PLC0415

    module, _, name = handler.rpartition(".")
    response = getattr(import_module(module), name)(event, LambdaContext(name, "request-1"))
    assert response["statusCode"] == 200, response
    return str(response["body"])


def ids_in(value: Any) -> set[str]:
    """Return all ids that stand anywhere in an answer: ids, article ids and duplicates."""
    found: set[str] = set()
    if isinstance(value, dict):
        for name, part in value.items():
            if name in {"id", "article_id"} and isinstance(part, str):
                found.add(part)
            elif name == "duplicates":
                found.update(part)
            else:
                found |= ids_in(part)
    elif isinstance(value, list):
        for part in value:
            found |= ids_in(part)
    return found


def every_answer(article: dict[str, Any]) -> dict[str, Any]:
    """Ask every route that could show an article, in the ways that would show it."""
    title, tags = article["title"], article["tags"]
    category = quote("/".join(article["category"]))
    others = [item["id"] for item in ask("/v1/hot", "size=20").body["items"]][:5]
    answers: dict[str, Any] = {
        f"search {sort}": ask("/v1/search", f"q={quote(title)}&size=50&sort={sort}").body
        for sort in ("relevance", "newest", "hot", "views")
    }
    answers["search by tag"] = ask(
        "/v1/search", f"q={quote(tags[0])}&tag={quote(tags[0])}&size=50"
    ).body
    answers["suggest"] = ask("/v1/suggest", f"q={quote(title)}&size=20").body
    for window in WINDOWS:
        answers[f"hot {window}"] = ask("/v1/hot", f"size=50&window={window}").body
        answers[f"hot {window} in category"] = ask(
            "/v1/hot", f"size=50&window={window}&category={category}"
        ).body
    for tag in tags:
        answers[f"tag {tag}"] = ask(f"/v1/tags/{tag}", "size=50").body
    for other in others:
        answers[f"related to {other}"] = ask(f"/v1/articles/{other}/related", "size=50").body
        answers[f"blocks of {other}"] = ask(f"/v1/articles/{other}/blocks").body
        answers[f"for you after {other}"] = ask(
            "/v1/recommendations", method="POST", body={"history": [other], "size": 50}
        ).body
    answers["for you after itself"] = ask(
        "/v1/recommendations", method="POST", body={"history": [article["id"]], "size": 50}
    ).body
    return answers


def sample_article(sample_index: Path, article_id: str) -> dict[str, Any]:
    snapshot = open_snapshot(sample_index)
    number = snapshot.articles.find(article_id)
    assert number is not None
    card = snapshot.articles.card(number)
    return {
        "id": article_id,
        "title": card.title,
        "category": list(card.category),
        "tags": list(card.tags),
        "url": card.url,
    }


@pytest.mark.parametrize("how", ["deleted", "taken down"])
def test_article_that_is_gone_is_in_no_answer(
    store: LocalFolderStore, sample_index: Path, how: str
) -> None:
    article = sample_article(sample_index, GONE)
    before = every_answer(article)
    shown = {name for name, answer in before.items() if GONE in ids_in(answer)}
    # The answers are worth asking for: each kind showed it before.
    for kind in ("search", "suggest", "hot", "tag", "related", "blocks", "for you"):
        assert any(name.startswith(kind) for name in shown), kind
    assert article["url"] in text_of("/sitemap.xml")
    if how == "deleted":
        assert ask(f"/v1/articles/{GONE}", method="DELETE").status == 200
    else:
        ArticleChanges(store, lambda: NOON).take_down(GONE, "侵权投诉")
        runtime.look_again()
    after = every_answer(article)
    assert {name for name, answer in after.items() if GONE in ids_in(answer)} == set()
    assert f"{article['url']}<" not in text_of("/sitemap.xml")
    for path in (
        f"/v1/articles/{GONE}",
        f"/v1/articles/{GONE}/related",
        f"/v1/articles/{GONE}/blocks",
    ):
        assert ask(path).status == 404
    status = ask("/v1/status").body
    assert status["live"] == {"delta": 0, "tombstones": 1}
    assert status["documents"] == len(open_snapshot(sample_index).articles) - 1
    assert status["degraded"] is False


def test_article_that_is_put_is_in_every_answer(store: LocalFolderStore) -> None:
    assert ask("/v1/articles/n1", method="PUT", body=NEW).body["visible_after_s"] == 5
    answers = every_answer(NEW)
    for name in ("search relevance", "search newest", "search by tag", "suggest", "tag 螺蛳粉"):
        assert "n1" in ids_in(answers[name]), name
    assert any("n1" in ids_in(a) for name, a in answers.items() if name.startswith("hot"))
    article = ask("/v1/articles/n1").body
    assert (article["title"], article["body"]) == (NEW["title"], NEW["body"])
    assert ask("/v1/articles/n1/related").body["items"][0]["source"] == "tfidf"
    assert ask("/v1/articles/n1/blocks").body["related"]
    assert ask("/v1/status").body["live"] == {"delta": 1, "tombstones": 0}


def test_edited_article_is_shown_once_and_as_it_is_now(
    store: LocalFolderStore, sample_index: Path
) -> None:
    old = sample_article(sample_index, GONE)
    new = {**NEW, "id": GONE, "title": "直通车扣费公式(螺蛳粉版)"}
    assert ask(f"/v1/articles/{GONE}", method="PUT", body=new).status == 200
    for article in (old, new):
        for name, answer in every_answer(article).items():
            items = answer.get("items", [])
            ids = [item.get("id") or item.get("article_id") for item in items]
            assert ids.count(GONE) <= 1 or name == "suggest", name
            for item in items:
                if item.get("id") == GONE:
                    assert item["title"] == new["title"], name
    assert ask(f"/v1/articles/{GONE}").body["title"] == new["title"]
    assert ask("/v1/search", f"q={quote('螺蛳粉')}").body["items"][0]["id"] == GONE


def test_changes_survive_a_rollback_and_a_new_version(
    store: LocalFolderStore, sample_index: Path, tmp_path: Path
) -> None:
    ask("/v1/articles/n1", method="PUT", body=NEW)
    ask(f"/v1/articles/{GONE}", method="DELETE")
    first = ask("/v1/status").body["index_version"]
    records = [
        *site_articles(),
        {"id": GONE, "title": "直通车又来了", "body": "来源里还有这一篇。"},
    ]
    rebuild_site(store, records, tmp_path / "work", force=True)
    runtime.look_again()
    status = ask("/v1/status").body
    assert status["index_version"] != first
    # Held by the version itself now; the deletion stays, whatever the source says.
    assert status["live"] == {"delta": 0, "tombstones": 1}
    assert ask("/v1/articles/n1").status == 200
    assert ask(f"/v1/articles/{GONE}").status == 404
    roll_back(store, NOON)
    runtime.look_again()
    status = ask("/v1/status").body
    assert status["index_version"] == first
    assert status["live"] == {"delta": 1, "tombstones": 1}
    assert ask("/v1/articles/n1").status == 200
    assert ask(f"/v1/articles/{GONE}").status == 404


def test_takedown_outlives_putting_rebuilding_and_lifting(
    store: LocalFolderStore, tmp_path: Path
) -> None:
    changes = ArticleChanges(store, lambda: NOON)
    changes.take_down(GONE, "侵权投诉")
    with pytest.raises(ArticleTakenDownError):
        changes.take_down(GONE, "again") and changes.put(open_article(GONE))
    records = [
        *site_articles(),
        {"id": GONE, "title": "直通车又来了", "body": "来源里还有这一篇。"},
    ]
    rebuild_site(store, records, tmp_path / "work", force=True)
    runtime.look_again()
    assert ask(f"/v1/articles/{GONE}").status == 404
    changes.lift(GONE)
    rebuild_site(store, records, tmp_path / "work", force=True)
    runtime.look_again()
    assert ask(f"/v1/articles/{GONE}").body["title"] == "直通车又来了"


def open_article(article_id: str) -> Any:
    from engine.documents import Article  # noqa: PLC0415

    return Article(article_id, "标题", "正文")


def test_damaged_live_object_says_degraded_and_changes_nothing(
    store: LocalFolderStore, tmp_path: Path
) -> None:
    ask(f"/v1/articles/{GONE}", method="DELETE")
    path = tmp_path / "site" / "live" / "changes.json"
    path.write_bytes(path.read_bytes()[:-40])
    runtime.look_again()
    status = ask("/v1/status").body
    assert status["degraded"] is True
    assert status["live"] == {"delta": 0, "tombstones": 1}
    assert ask(f"/v1/articles/{GONE}").status == 404
    assert ask("/v1/articles/n1", method="PUT", body=NEW).status == 503


def test_reader_that_looks_by_itself_shows_a_change_within_the_promised_time(
    store: LocalFolderStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    now = [1_000.0]
    settings = Settings((tmp_path / "site").as_uri(), tmp_path / "cache")
    reader = WarmSnapshot(settings, live=LiveView(LIVE_KEYS, compose), clock=lambda: now[0])
    reader.current()
    ArticleChanges(store, lambda: NOON).delete(GONE)
    monkeypatch.setattr(runtime, "warm_snapshot", reader)
    assert ask(f"/v1/articles/{GONE}").status == 200
    now[0] += 5.0
    assert ask(f"/v1/articles/{GONE}").status == 404


def test_plain_folder_shows_changes_and_a_build_in_its_place_keeps_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "plain"

    def build(records: list[dict[str, Any]]) -> None:
        source = write_source(tmp_path / "source.jsonl", records)
        build_in_place(BuildOptions([source], out, LEXICON, 1, lexicon_cache()))

    build(site_articles())
    settings = Settings(str(out), tmp_path / "cache")
    monkeypatch.setattr(runtime, "settings", settings)

    def serve() -> None:
        warm = WarmSnapshot(settings, live=LiveView(LIVE_KEYS, compose))
        monkeypatch.setattr(runtime, "warm_snapshot", warm)
        warm.current()

    serve()
    assert ask("/v1/articles/n1", method="PUT", body=NEW).status == 200
    assert ask("/v1/articles/3", method="DELETE").status == 200
    assert ask("/v1/search", f"q={quote('螺蛳粉联名')}").body["items"][0]["id"] == "n1"
    assert ask("/v1/articles/3").status == 404
    assert ask("/v1/status").body["live"] == {"delta": 1, "tombstones": 1}
    build(site_articles())
    serve()
    # Held by the index itself now; the deletion stays, because the source still has the article.
    assert ask("/v1/articles/n1").body["title"] == NEW["title"]
    assert ask("/v1/articles/3").status == 404
    assert ask("/v1/status").body["live"] == {"delta": 0, "tombstones": 1}
    assert set(read_live(LocalFolderStore(out), CHANGES).by_id) == {"3", "n1"}
    build([*(record for record in site_articles() if record["id"] != "3"), NEW])
    assert read_live(LocalFolderStore(out), CHANGES).by_id == {}
