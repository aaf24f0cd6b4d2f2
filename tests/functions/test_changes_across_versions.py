"""Through the handlers: changes outlive rebuilds and rollbacks, and fold into what is built of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from changed_site import (
    GONE,
    NEW,
    ask,
)
from published_place import NOON
from small_site import LEXICON, lexicon_cache, rebuild_site, site_articles, write_source

from engine.errors import ArticleTakenDownError
from engine.index.rollback import roll_back
from engine.index.served import LiveView
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


def test_changes_survive_a_rollback_and_a_new_version(
    changing_store: LocalFolderStore, sample_index: Path, tmp_path: Path
) -> None:
    ask("/v1/articles/n1", method="PUT", body=NEW)
    ask(f"/v1/articles/{GONE}", method="DELETE")
    first = ask("/v1/status").body["index_version"]
    records = [
        *site_articles(),
        {"id": GONE, "title": "直通车又来了", "body": "来源里还有这一篇。"},
    ]
    rebuild_site(changing_store, records, tmp_path / "work", force=True)
    runtime.look_again()
    status = ask("/v1/status").body
    assert status["index_version"] != first
    # Held by the version itself now; the deletion stays, whatever the source says.
    assert status["live"] == {"delta": 0, "tombstones": 1}
    assert ask("/v1/articles/n1").status == 200
    assert ask(f"/v1/articles/{GONE}").status == 404
    roll_back(changing_store, NOON)
    runtime.look_again()
    status = ask("/v1/status").body
    assert status["index_version"] == first
    assert status["live"] == {"delta": 1, "tombstones": 1}
    assert ask("/v1/articles/n1").status == 200
    assert ask(f"/v1/articles/{GONE}").status == 404


def test_takedown_outlives_putting_rebuilding_and_lifting(
    changing_store: LocalFolderStore, tmp_path: Path
) -> None:
    changes = ArticleChanges(changing_store, lambda: NOON)
    changes.take_down(GONE, "侵权投诉")
    with pytest.raises(ArticleTakenDownError):
        changes.take_down(GONE, "again") and changes.put(open_article(GONE))
    records = [
        *site_articles(),
        {"id": GONE, "title": "直通车又来了", "body": "来源里还有这一篇。"},
    ]
    rebuild_site(changing_store, records, tmp_path / "work", force=True)
    runtime.look_again()
    assert ask(f"/v1/articles/{GONE}").status == 404
    changes.lift(GONE)
    rebuild_site(changing_store, records, tmp_path / "work", force=True)
    runtime.look_again()
    assert ask(f"/v1/articles/{GONE}").body["title"] == "直通车又来了"


def open_article(article_id: str) -> Any:
    from engine.documents import Article  # noqa: PLC0415

    return Article(article_id, "标题", "正文")


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
