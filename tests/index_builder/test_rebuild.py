"""A rebuild folds live changes in and keeps them for as long as they are needed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from rebuilt_site import NEW, current, ids_in, kept, pointer_of, rebuild_with
from small_site import LEXICON, NOW, rebuild_site, site_articles, write_source

from engine.documents import Article
from engine.errors import GateRefusedError, StoreConflictError
from engine.index.publication import Retention
from engine.index.rollback import roll_back
from engine.live.article_changes import ArticleChanges
from engine.live.change import read_live
from engine.live.changes import CHANGES, Folded
from engine.store.local_folder import LocalFolderStore
from index_builder import rebuild as rebuild_module
from index_builder.folded_changes import forget_folded
from index_builder.pipeline import build_index

KEEP_TWO = Retention(keep=2)


def test_rebuild_holds_what_was_put_and_not_what_was_deleted(
    store: LocalFolderStore, changes: ArticleChanges, tmp_path: Path
) -> None:
    changes.put(NEW)
    changes.delete("3")
    done = rebuild_site(store, site_articles(), tmp_path / "work")
    snapshot = current(store, tmp_path)
    assert ids_in(snapshot) == {"0", "1", "2", "4", "5", "6", "7", "n1"}
    assert snapshot.manifest.parameters["live"] == {"stream": "s1", "sequence": 2}
    assert done.report.folded is not None
    assert (done.report.folded.put, done.report.folded.left_out) == (1, 1)


def test_what_was_put_is_kept_until_the_version_before_holds_it_too(
    store: LocalFolderStore, changes: ArticleChanges, tmp_path: Path
) -> None:
    records = [*site_articles(), {"id": "n1", "title": "螺蛳粉联名(旧)", "body": "来源里的旧稿。"}]
    rebuild_site(store, records, tmp_path / "work")
    changes.put(NEW)
    assert rebuild_site(store, records, tmp_path / "work").forgotten == 0
    assert kept(store) == {"n1"}
    changes.put(Article("n2", "运费险新规", "按件计费。"))
    assert rebuild_site(store, records, tmp_path / "work").forgotten == 1
    assert kept(store) == {"n2"}


def test_article_that_the_source_never_has_is_folded_in_again_and_again(
    store: LocalFolderStore, changes: ArticleChanges, tmp_path: Path
) -> None:
    changes.put(NEW)
    for turn in range(4):
        records = site_articles()
        records[0]["body"] += f"第{turn}版。"
        rebuild_site(store, records, tmp_path / "work")
        assert "n1" in ids_in(current(store, tmp_path))
    assert kept(store) == {"n1"}


def test_going_back_one_step_loses_nothing_that_was_put(
    store: LocalFolderStore, changes: ArticleChanges, tmp_path: Path
) -> None:
    rebuild_site(store, site_articles(), tmp_path / "work")
    changes.put(NEW)
    rebuild_site(store, site_articles(), tmp_path / "work")
    roll_back(store, NOW)
    before = current(store, tmp_path)
    assert "n1" not in ids_in(before)
    folded = Folded(**before.manifest.parameters["live"])
    assert set(read_live(store, CHANGES).not_in(folded)) == {"n1"}


def test_deletion_is_kept_while_the_source_has_the_article(
    store: LocalFolderStore, changes: ArticleChanges, tmp_path: Path
) -> None:
    # No version ever had it: the source alone would bring it back.
    changes.delete("3")
    for _ in range(2):
        rebuild_site(store, site_articles(), tmp_path / "work")
        assert kept(store) == {"3"}
        assert "3" not in ids_in(current(store, tmp_path))
    forget_folded(store, pointer_of(store), ())
    assert kept(store) == set()


def test_deletion_is_kept_while_a_version_or_the_source_has_the_article(
    store: LocalFolderStore, changes: ArticleChanges, tmp_path: Path
) -> None:
    rebuild_site(store, site_articles(), tmp_path / "work")
    changes.delete("3")
    for _ in range(3):
        # The versions differ, or a rebuild would not make a new one.
        changes.put(Article("n1", f"第{datetime.now(UTC).timestamp()}稿", "正文。"))
        rebuild_site(store, site_articles(), tmp_path / "work")
        assert "3" in kept(store)
        assert "3" not in ids_in(current(store, tmp_path))


def test_deletion_is_forgotten_once_nothing_has_the_article_any_more(
    store: LocalFolderStore, changes: ArticleChanges, tmp_path: Path
) -> None:
    rebuild_site(store, site_articles(), tmp_path / "work")
    changes.delete("3")
    without = [record for record in site_articles() if record["id"] != "3"]
    for turn in range(2):
        changes.put(Article("n1", f"第{turn}稿", "正文。"))
        rebuild_site(store, without, tmp_path / "work", retention=KEEP_TWO)
    assert "3" not in kept(store)


def test_refused_rebuild_changes_nothing(
    store: LocalFolderStore, changes: ArticleChanges, tmp_path: Path
) -> None:
    rebuild_site(store, site_articles(), tmp_path / "work")
    changes.put(NEW)
    before = pointer_of(store), kept(store)
    with pytest.raises(GateRefusedError, match="article"):
        rebuild_site(store, site_articles(2), tmp_path / "work")
    assert (pointer_of(store), kept(store)) == before
    assert [path.name for path in (tmp_path / "work").iterdir()] == ["source.jsonl"]


def test_of_two_rebuilds_at_once_one_wins_and_the_other_says_so(
    store: LocalFolderStore, changes: ArticleChanges, tmp_path: Path
) -> None:
    rebuild_site(store, site_articles(), tmp_path / "work")
    changes.put(NEW)

    def build_while_another_publishes(*arguments: Any) -> Any:
        rebuild_site(store, site_articles(), tmp_path / "other")
        changes.put(Article("n2", "运费险新规", "按件计费。"))
        return build_index(*arguments)

    with pytest.raises(StoreConflictError):
        rebuild_with(build_while_another_publishes, store, tmp_path)
    assert pointer_of(store).generation == 2
    assert kept(store) == {"n1", "n2"}


def test_cache_beside_the_index_serves_a_machine_that_forgets(
    store: LocalFolderStore, tmp_path: Path
) -> None:
    def run(records: list[dict[str, Any]]) -> Any:
        work = tmp_path / "work"
        source = write_source(work / "source.jsonl", records)
        options = rebuild_module.RebuildOptions([source], LEXICON, work, store_cache=True)
        return rebuild_module.rebuild(store, options, lambda: NOW)

    assert run(site_articles()).report.reused == 0
    records = site_articles()
    records[2]["body"] += "加一句。"
    done = run(records)
    assert done.report.reused == 7
    assert all(e.key.endswith(".shard") for e in store.list("cache/"))
    for entry in list(store.list("cache/")):
        path = tmp_path / "site" / entry.key
        path.chmod(0o644)
        path.write_bytes(path.read_bytes()[:-100])
    records[3]["body"] += "再加一句。"
    assert run(records).report.reused == 0
    assert current(store, tmp_path).articles.text(3).body.endswith("再加一句。")
