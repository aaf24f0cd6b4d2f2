"""Through the handlers: what is put shows in every answer, what is deleted or taken down in none."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from changed_site import (
    GONE,
    NEW,
    articles_counted,
    ask,
    every_answer,
    every_page,
    ids_in,
    sample_article,
)
from published_place import NOON

from engine.index.served import LiveView
from engine.index.snapshot import open_snapshot
from engine.live.article_changes import ArticleChanges
from engine.live.overlay import LIVE_KEYS, compose
from engine.store.local_folder import LocalFolderStore
from functions import runtime
from functions.settings import Settings
from functions.warm_snapshot import WarmSnapshot


@pytest.mark.parametrize("how", ["deleted", "taken down"])
def test_article_that_is_gone_is_in_no_answer(
    changing_store: LocalFolderStore, sample_index: Path, how: str
) -> None:
    article = sample_article(sample_index, GONE)
    before = every_answer(article)
    shown = {name for name, answer in before.items() if GONE in ids_in(answer)}
    # The answers are worth asking for: each kind showed it before.
    for kind in ("search", "listing", "suggest", "hot", "tag", "related", "blocks", "for you"):
        assert any(name.startswith(kind) for name in shown), kind
    linked = f"{article['url']}<", f'{article["url"]}"'
    pages = every_page(article)
    for kind in ("sitemap", "hot box", "related box"):
        assert any(
            name.startswith(kind) and any(link in page for link in linked)
            for name, page in pages.items()
        ), kind
    counted = articles_counted(article["category"])
    assert counted > 0
    if how == "deleted":
        assert ask(f"/v1/articles/{GONE}", method="DELETE").status == 200
    else:
        ArticleChanges(changing_store, lambda: NOON).take_down(GONE, "侵权投诉")
        runtime.look_again()
    after = every_answer(article)
    assert {name for name, answer in after.items() if GONE in ids_in(answer)} == set()
    for name, page in every_page(article).items():
        assert not any(link in page for link in linked), name
    assert articles_counted(article["category"]) == counted - 1
    for path in (
        f"/v1/articles/{GONE}",
        f"/v1/articles/{GONE}/related",
        f"/v1/articles/{GONE}/blocks",
        f"/v1/fragments/related/{GONE}.html",
    ):
        assert ask(path).status == 404
    status = ask("/v1/status").body
    assert status["live"] == {"delta": 0, "tombstones": 1}
    assert status["documents"] == len(open_snapshot(sample_index).articles) - 1
    assert status["degraded"] is False


def test_article_that_is_put_is_in_every_answer(changing_store: LocalFolderStore) -> None:
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
    changing_store: LocalFolderStore, sample_index: Path
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


def test_damaged_live_object_says_degraded_and_changes_nothing(
    changing_store: LocalFolderStore, tmp_path: Path
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
    changing_store: LocalFolderStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    now = [1_000.0]
    settings = Settings((tmp_path / "site").as_uri(), tmp_path / "cache")
    reader = WarmSnapshot(settings, live=LiveView(LIVE_KEYS, compose), clock=lambda: now[0])
    reader.current()
    ArticleChanges(changing_store, lambda: NOON).delete(GONE)
    monkeypatch.setattr(runtime, "warm_snapshot", reader)
    assert ask(f"/v1/articles/{GONE}").status == 200
    now[0] += 5.0
    assert ask(f"/v1/articles/{GONE}").status == 404
