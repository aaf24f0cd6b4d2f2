"""A site in a folder store that is rebuilt, and what can be told of it then."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from small_site import LEXICON, NOW, lexicon_cache, site_articles, write_source

from engine.documents import Article
from engine.index.pointer import Pointer
from engine.index.pointer_store import read_pointer
from engine.index.snapshot import Snapshot, open_snapshot
from engine.live.change import read_live
from engine.live.changes import CHANGES
from engine.store.local_folder import LocalFolderStore
from index_builder import rebuild as rebuild_module

NEW = Article("n1", "螺蛳粉联名怎么做", "螺蛳粉联名款上线前先看商标。", tags=("螺蛳粉",))


def current(store: LocalFolderStore, tmp_path: Path) -> Snapshot:
    return open_snapshot(tmp_path / "site" / pointer_of(store).current.prefix, verify=True)


def pointer_of(store: LocalFolderStore) -> Pointer:
    seen = read_pointer(store)
    assert seen is not None
    return seen.pointer


def ids_in(snapshot: Snapshot) -> set[str]:
    return {snapshot.articles.article_id(n) for n in range(len(snapshot.articles))}


def kept(store: LocalFolderStore) -> set[str]:
    return set(read_live(store, CHANGES).by_id)


def rebuild_with(build: Callable[..., Any], store: LocalFolderStore, tmp_path: Path) -> None:
    source = write_source(tmp_path / "work" / "source.jsonl", site_articles(16))
    options = rebuild_module.RebuildOptions(
        [source], LEXICON, tmp_path / "work", cache=lexicon_cache()
    )
    rebuild_module.rebuild(store, options, lambda: NOW, build=build)
