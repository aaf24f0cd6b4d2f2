"""A rebuild folds live changes in and loses none, whenever they come and wherever it is killed."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from small_site import (
    LEXICON,
    NOW,
    lexicon_cache,
    rebuild_site,
    site_articles,
    write_source,
)

from engine.documents import Article
from engine.errors import GateRefusedError, StoreConflictError
from engine.index.pointer import Pointer
from engine.index.pointer_store import read_pointer
from engine.index.publication import Retention
from engine.index.rollback import roll_back
from engine.index.snapshot import Snapshot, open_snapshot
from engine.live.article_changes import ArticleChanges
from engine.live.change import read_live
from engine.live.changes import CHANGES, Folded, LiveChanges
from engine.store.local_folder import LocalFolderStore
from index_builder import folded_changes
from index_builder import rebuild as rebuild_module
from index_builder.folded_changes import forget_folded
from index_builder.pipeline import build_index

KEEP_TWO = Retention(keep=2)
NEW = Article("n1", "螺蛳粉联名怎么做", "螺蛳粉联名款上线前先看商标。", tags=("螺蛳粉",))


@pytest.fixture
def store(tmp_path: Path) -> LocalFolderStore:
    return LocalFolderStore(tmp_path / "site")


@pytest.fixture
def changes(store: LocalFolderStore) -> ArticleChanges:
    return ArticleChanges(store, lambda: NOW, lambda: "s1")


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


def rebuild_with(build: Callable[..., Any], store: LocalFolderStore, tmp_path: Path) -> None:
    source = write_source(tmp_path / "work" / "source.jsonl", site_articles(16))
    options = rebuild_module.RebuildOptions(
        [source], LEXICON, tmp_path / "work", cache=lexicon_cache()
    )
    rebuild_module.rebuild(store, options, lambda: NOW, build=build)


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


class DyingStore:
    """Kills its process before the store operation with this number, or after it."""

    def __init__(self, store: LocalFolderStore, step: int, *, after: bool) -> None:
        self._store = store
        self._left = step
        self._after = after

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._store, name)

        def call(*arguments: Any) -> Any:
            # Hundreds of files go up one by one; publication has kill tests of its own.
            if arguments and str(arguments[0]).startswith(("versions/", "cache/")):
                return method(*arguments)
            self._left -= 1
            if self._left == 0 and not self._after:
                os.kill(os.getpid(), signal.SIGKILL)
            try:
                answer = method(*arguments)
                return list(answer) if isinstance(answer, Iterator) else answer
            finally:
                if self._left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        return call


def in_a_process_that_dies(action: Callable[[], object]) -> bool:
    """Run `action` in a child; return whether it was killed. Raises when it failed otherwise."""
    child = os.fork()
    if child == 0:
        try:
            action()
        finally:
            os._exit(sys.exc_info()[0] is not None)
    _, status = os.waitpid(child, 0)
    assert status in {0, signal.SIGKILL}, status
    return status != 0


@pytest.mark.parametrize("after", [False, True])
def test_killed_at_any_store_operation_a_change_is_made_or_not_and_another_try_makes_it(
    tmp_path: Path, after: bool
) -> None:
    step, killed = 0, True
    while killed:
        step += 1
        store = LocalFolderStore(tmp_path / f"{step}")
        ArticleChanges(store, lambda: NOW, lambda: "s1").delete("7")
        dying = DyingStore(store, step, after=after)

        def put(dying: Any = dying) -> None:
            ArticleChanges(dying, lambda: NOW, lambda: "s1").put(NEW)

        killed = in_a_process_that_dies(put)
        found = read_live(store, CHANGES)
        assert found.deleted == {"7"}
        assert set(found.by_id) in ({"7"}, {"7", "n1"})
        ArticleChanges(store, lambda: NOW, lambda: "s1").put(NEW)
        assert set(read_live(store, CHANGES).by_id) == {"7", "n1"}
    assert step > 3


@pytest.mark.parametrize("after", [False, True])
def test_killed_at_any_store_operation_a_rebuild_loses_no_change_and_another_finishes_it(
    tmp_path: Path, after: bool
) -> None:
    build = BuildOnce(tmp_path / "built")

    def prepare(place: Path) -> LocalFolderStore:
        store = LocalFolderStore(place / "site")
        rebuild_with(build, store, place)
        changes = ArticleChanges(store, lambda: NOW, lambda: "s1")
        changes.put(NEW)
        changes.delete("3")
        return store

    # Once without a kill, so that no child has to build.
    rebuild_with(build, prepare(tmp_path / "warm"), tmp_path / "warm")
    step, killed = 0, True
    while killed:
        step += 1
        place = tmp_path / f"{step}"
        store = prepare(place)
        dying: Any = DyingStore(store, step, after=after)
        killed = in_a_process_that_dies(
            lambda dying=dying, place=place: rebuild_with(build, dying, place)
        )
        assert_nothing_lost(store, place)
        rebuild_with(build, store, place)
        assert_nothing_lost(store, place)
        expected = {str(number) for number in range(16)} - {"3"} | {"n1"}
        assert ids_in(current(store, place)) == expected
    assert step > 4


class BuildOnce:
    """Builds each state of the live changes once, and copies it from then on."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._reports: dict[str, Any] = {}

    def __call__(self, options: Any, progress: Any) -> Any:
        state = f"{options.live.changes.sequence}-{len(options.live.changes.by_id)}"
        if state not in self._reports:
            self._reports[state] = build_index(options, progress)
            shutil.copytree(options.out, self._folder / state)
        else:
            shutil.copytree(self._folder / state, options.out)
        return self._reports[state]


def assert_nothing_lost(store: LocalFolderStore, place: Path) -> None:
    """Whatever version a reader takes, what it serves has the article put and not the one deleted."""
    pointer = pointer_of(store)
    found = read_live(store, CHANGES)
    for entry in pointer.named:
        snapshot = open_snapshot(place / "site" / entry.prefix, verify=True)
        live = snapshot.manifest.parameters.get("live") or {}
        over = found.not_in(Folded(live.get("stream", ""), live.get("sequence", 0)))
        gone = {key for key, change in over.items() if change.article is None}
        put = {key for key, change in over.items() if change.article is not None}
        visible = (ids_in(snapshot) | put) - gone
        assert "n1" in visible
        assert "3" not in visible
