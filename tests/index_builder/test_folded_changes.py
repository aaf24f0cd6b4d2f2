"""No change is forgotten that some version or the next build still needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rebuilt_site import NEW, current, kept, pointer_of, rebuild_with
from small_site import NOW, rebuild_site, site_articles

from engine.documents import Article
from engine.live.article_changes import ArticleChanges
from engine.live.change import read_live
from engine.live.changes import CHANGES, Folded, LiveChanges
from engine.store.local_folder import LocalFolderStore
from index_builder import folded_changes
from index_builder import rebuild as rebuild_module
from index_builder.folded_changes import forget_folded
from index_builder.pipeline import build_index


def test_change_that_comes_while_the_index_is_built_is_not_lost(
    store: LocalFolderStore, changes: ArticleChanges, tmp_path: Path
) -> None:
    changes.put(NEW)

    def build_and_change(*arguments: Any) -> Any:
        report = build_index(*arguments)
        changes.put(Article("n1", "螺蛳粉联名怎么做(改)", "改过的正文。"))
        changes.delete("5")
        return report

    for _ in range(2):
        rebuild_with(build_and_change, store, tmp_path)
    found = read_live(store, CHANGES)
    assert found.by_id["n1"].article is not None
    assert found.by_id["n1"].article.title == "螺蛳粉联名怎么做(改)"
    assert found.deleted == {"5"}
    folded = Folded(**current(store, tmp_path).manifest.parameters["live"])
    assert set(found.not_in(folded)) == {"n1", "5"}


def test_planted_forgetting_of_what_came_meanwhile_would_be_caught(
    store: LocalFolderStore,
    changes: ArticleChanges,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The defect that the test before this one is for: taking all that is there for folded in.
    monkeypatch.setattr(LiveChanges, "reached_by", lambda self, _folded: self.sequence)
    with pytest.raises((AssertionError, KeyError)):
        test_change_that_comes_while_the_index_is_built_is_not_lost(store, changes, tmp_path)


def test_change_that_comes_between_looking_and_forgetting_is_not_lost(
    store: LocalFolderStore,
    changes: ArticleChanges,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    changes.put(NEW)
    before = read_live(store, CHANGES)
    rebuild_site(store, site_articles(), tmp_path / "work")
    changes.put(Article("n1", "螺蛳粉联名怎么做(改)", "改过的正文。"))
    monkeypatch.setattr(folded_changes, "read_live", lambda *_: before)
    forget_folded(store, pointer_of(store), ())
    assert kept(store) == {"n1"}

    def forget_by_id(found: LiveChanges, ids: set[str], _up_to: int) -> LiveChanges:
        left = {key: value for key, value in found.by_id.items() if key not in ids}
        return LiveChanges(found.stream, found.sequence, left)

    # The defect that this is for.
    monkeypatch.setattr(LiveChanges, "without", forget_by_id)
    forget_folded(store, pointer_of(store), ())
    assert kept(store) == set()


def test_index_of_another_stream_makes_nothing_forgotten(
    store: LocalFolderStore, changes: ArticleChanges, tmp_path: Path
) -> None:
    changes.put(NEW)
    rebuild_site(store, site_articles(), tmp_path / "work")
    store.delete(CHANGES.key)
    again = ArticleChanges(store, lambda: NOW, lambda: "s2")
    again.put(NEW)
    assert forget_folded(store, pointer_of(store), ()) == 0
    assert kept(store) == {"n1"}


def test_damaged_version_that_could_be_gone_back_to_makes_nothing_forgotten(
    store: LocalFolderStore,
    changes: ArticleChanges,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    changes.put(NEW)
    changes.delete("gone")
    with monkeypatch.context() as patch:
        patch.setattr(rebuild_module, "forget_folded", lambda *_: 0)
        rebuild_site(store, site_articles(), tmp_path / "work")
    manifest = tmp_path / "site" / pointer_of(store).current.prefix / "manifest.json"
    whole = manifest.read_bytes()
    manifest.chmod(0o644)
    manifest.write_bytes(whole[:-30])
    assert forget_folded(store, pointer_of(store), ()) == 0
    assert kept(store) == {"n1", "gone"}
    manifest.write_bytes(whole)
    assert forget_folded(store, pointer_of(store), ()) == 2
    assert kept(store) == set()
