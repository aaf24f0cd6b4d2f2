"""What the site, the nightly job and the operator do to one index, beside a model of what readers must see.

The versions are a few bytes each, made by the real folding; publication, rollback and forgetting are the real
ones, and so is what decides which changes a reader lays over a version.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)
from published_place import NOON
from watched_store import Died, MortalStore

from engine.documents import Article
from engine.errors import ArticleTakenDownError, InputError
from engine.index.codec import dump_json, write_array, write_records
from engine.index.manifest import read_manifest, write_manifest
from engine.index.pointer import PublishedVersion
from engine.index.pointer_store import read_pointer
from engine.index.publication import Retention
from engine.index.rollback import roll_back
from engine.live.article_changes import ArticleChanges
from engine.live.change import read_live
from engine.live.changes import CHANGES, LiveChanges
from engine.live.live_snapshot import LiveState, articles_put, changed_ids
from engine.live.takedowns import TAKEDOWNS
from engine.store.local_folder import LocalFolderStore
from index_builder import rebuild as rebuild_module
from index_builder.corpus import Corpus
from index_builder.folding import fold
from index_builder.rebuild import RebuildOptions, rebuild

IDS = st.sampled_from("abcd")
LABELS = st.integers(1, 4)


@dataclass
class Expected:
    """What was last done to an article, as far as it must still show.

    allowed: labels that may be shown (None: the article must not be); rebuilds: since it was put;
    forgettable: of a deletion, when neither the source nor any version had the article any more
    (decision 6): what the source has under this id from then on is another article.
    """

    allowed: set[int] | None = None
    rebuilds: int = 0
    in_source: bool = False
    forgettable: bool = False


@dataclass
class Version:
    """A published version as a reader maps it."""

    manifest: Any
    labels: dict[str, int] = field(default_factory=dict)

    @property
    def articles(self) -> Any:
        ids = sorted(self.labels)
        return SimpleNamespace(find=lambda key: ids.index(key) if key in self.labels else None)


class LiveMachine(RuleBasedStateMachine):
    """What the site, the nightly job and the operator do to one published index."""

    def __init__(self) -> None:
        super().__init__()
        memory = Path("/dev/shm")  # noqa: S108
        self.folder = Path(tempfile.mkdtemp(dir=memory if os.access(memory, os.W_OK) else None))
        self.store = LocalFolderStore(self.folder / "site")
        self.now = NOON
        self.source: dict[str, int] = {}
        self.taken: set[str] = set()
        self.expected: dict[str, Expected] = {}
        self.may_go_back = False
        # The gates look at what an index answers; these are none.
        self.gates = patch.object(rebuild_module, "check_gates", lambda *_: [])
        self.gates.start()

    def teardown(self) -> None:
        self.gates.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def changes(self) -> ArticleChanges:
        return ArticleChanges(self.store, self.tick, lambda: "s1")

    def tick(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    @initialize(label=LABELS)
    def first(self, label: int) -> None:
        # One article that nothing happens to: there always is an index.
        self.source = {"z": 9, "a": label}
        self.rebuild_now()

    # The site.

    @rule(key=IDS, label=LABELS)
    def put(self, key: str, label: int) -> None:
        if key in self.taken:
            with pytest.raises(ArticleTakenDownError):
                self.changes.put(article(key, label))
            return
        self.changes.put(article(key, label))
        self.expected[key] = Expected({label})

    @rule(key=IDS)
    def delete(self, key: str) -> None:
        self.changes.delete(key)
        self.expected[key] = Expected()

    @rule(key=IDS, label=LABELS)
    def edit_source(self, key: str, label: int) -> None:
        self.source[key] = label
        if key in self.expected and self.expected[key].forgettable:
            del self.expected[key]

    @rule(key=IDS)
    def drop_from_source(self, key: str) -> None:
        self.source.pop(key, None)

    # The operator.

    @rule(key=IDS)
    def take_down(self, key: str) -> None:
        self.changes.take_down(key, "")
        self.taken.add(key)

    @rule(key=IDS)
    def lift(self, key: str) -> None:
        self.changes.lift(key)
        if key in self.taken:
            self.taken.discard(key)
            # What was put is deleted by a takedown, what was never touched is as the version has it.
            self.expected.pop(key, None)

    @precondition(lambda self: self.may_go_back)
    @rule()
    def go_back(self) -> None:
        self.may_go_back = False
        try:
            roll_back(self.store, self.tick())
        except InputError:
            return  # there is nothing to go back to

    # The nightly job.

    @rule()
    def rebuild_now(self) -> None:
        self.run_rebuild(self.store, lambda: None)
        self.count_rebuild(set())

    @rule(key=IDS, label=LABELS, deletes=st.booleans())
    def rebuild_while_something_changes(self, key: str, label: int, deletes: bool) -> None:
        self.run_rebuild(self.store, lambda: self.delete(key) if deletes else self.put(key, label))
        self.count_rebuild({key})

    @rule(step=st.integers(1, 16), when=st.sampled_from(["before", "after"]))
    def die_while_rebuilding(self, step: int, when: str) -> None:
        before = self.generation
        try:
            self.run_rebuild(MortalStore(self.store, step, when, kill=False), lambda: None)
        except Died:
            if self.generation == before:
                return
        self.count_rebuild(set())

    @property
    def generation(self) -> int:
        seen = read_pointer(self.store)
        return seen.pointer.generation if seen else 0

    def run_rebuild(self, store: Any, meanwhile: Callable[[], None]) -> None:
        def build(options: Any, _progress: Any) -> Any:
            articles = tuple(article(*item) for item in sorted(self.source.items()))
            corpus, report = fold(Corpus(articles, (), (), len(articles)), options.live)
            write_version(options.out, corpus, options.live.changes)
            meanwhile()
            return SimpleNamespace(folded=report)

        options = RebuildOptions([], self.folder, self.folder / "work", retention=Retention(keep=3))
        rebuild(store, options, self.tick, build=build)

    def count_rebuild(self, changed_meanwhile: set[str]) -> None:
        self.may_go_back = True
        for key, expected in list(self.expected.items()):
            if key in changed_meanwhile:
                continue
            if expected.allowed is None:
                expected.forgettable |= key not in self.source and not self.is_held(key)
                continue
            expected.rebuilds += 1
            expected.in_source |= key in self.source
            # From the second rebuild on the source has caught up, or says something newer.
            if expected.rebuilds >= 2 and expected.in_source:
                del self.expected[key]

    def is_held(self, key: str) -> bool:
        """Tell whether a version that can be gone back to has the article."""
        seen = read_pointer(self.store)
        return seen is not None and any(key in self.labels_of(e) for e in seen.pointer.named)

    def labels_of(self, entry: PublishedVersion) -> dict[str, int]:
        labels: dict[str, int] = json.loads(
            (self.folder / "site" / entry.prefix / "labels.json").read_bytes()
        )
        return labels

    # What readers see.

    @invariant()
    def every_reader_shows_what_it_should(self) -> None:
        seen = read_pointer(self.store)
        if seen is None:
            return
        for place, entry in enumerate(seen.pointer.named):
            visible = self.visible_in(entry)
            assert not visible.keys() & self.taken
            for key, expected in self.expected.items():
                if key in self.taken:
                    continue
                if expected.allowed is None:
                    assert key not in visible
                elif place == 0:
                    assert visible.get(key) in expected.allowed, (key, expected)
            assert visible["z"] == 9

    def visible_in(self, entry: PublishedVersion) -> dict[str, int]:
        """Return the labels that a reader of this version shows, by id."""
        labels = self.labels_of(entry)
        manifest = read_manifest(self.folder / "site" / entry.prefix)
        version: Any = Version(manifest, labels)
        state = LiveState(read_live(self.store, CHANGES), read_live(self.store, TAKEDOWNS))
        put = articles_put(version, state)
        hidden, _ = changed_ids(version, state, {found.id for found in put})
        visible = {key: label for key, label in labels.items() if key not in hidden}
        assert not visible.keys() & {found.id for found in put}, "shown twice"
        return visible | {found.id: int(found.title) for found in put}


def article(key: str, label: int) -> Article:
    return Article(key, str(label), "正文")


def write_version(out: Path, corpus: Corpus, changes: LiveChanges) -> None:
    out.mkdir(parents=True)
    ids = [found.id.encode() for found in corpus.articles]
    write_records(out / "articles.ids.bin", ids)
    bounds = np.asarray([0, *accumulate(map(len, ids))], dtype=np.uint64)
    write_array(out / "articles.ids.bounds.npy", bounds)
    labels = {found.id: int(found.title) for found in corpus.articles}
    (out / "labels.json").write_bytes(dump_json(labels))
    live = {"stream": changes.stream, "sequence": changes.sequence}
    write_manifest(
        out,
        lexicon_fingerprint="x",
        counts={"articles": len(ids)},
        parameters={"views": {}, "live": live},
    )
