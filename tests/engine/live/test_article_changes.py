"""Putting, deleting and taking down articles in a store: a local folder, and S3 (moto stands in)."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from engine.documents import Article
from engine.errors import ArticleTakenDownError, StoreUnavailableError
from engine.live.article_changes import ArticleChanges
from engine.live.change import Patience, read_live
from engine.live.changes import CHANGES
from engine.live.takedowns import TAKEDOWNS
from engine.store.protocol import Store

NOW = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
TRAIN = Article("42", "直通车扣费公式", "质量分越高,扣费越低。")


def changes_of(store: Store) -> ArticleChanges:
    return ArticleChanges(store, lambda: NOW, lambda: "s1", Patience(400, 30))


def test_article_that_is_put_deleted_and_put_again_is_there(store: Store) -> None:
    changes = changes_of(store)
    changes.put(TRAIN)
    changes.delete("42")
    assert read_live(store, CHANGES).deleted == {"42"}
    changes.put(TRAIN)
    found = read_live(store, CHANGES)
    assert found.by_id["42"].article == TRAIN
    assert (found.sequence, found.stream) == (3, "s1")


def test_taken_down_article_cannot_be_put_until_that_is_lifted(store: Store) -> None:
    changes = changes_of(store)
    changes.put(TRAIN)
    changes.take_down("42", "侵权投诉")
    with pytest.raises(ArticleTakenDownError, match="wenmai takedown ID --to URL --lift"):
        changes.put(TRAIN)
    changes.lift("42")
    assert changes.put(TRAIN).by_id["42"].article == TRAIN


def test_takedown_takes_the_text_out_of_the_live_object(store: Store) -> None:
    changes = changes_of(store)
    changes.put(TRAIN)
    changes.take_down("42", "侵权投诉")
    assert "质量分" not in store.get(CHANGES.key).data.decode()
    assert read_live(store, TAKEDOWNS).by_id["42"].reason == "侵权投诉"


def test_takedown_of_an_article_that_never_changed_leaves_no_deletion(store: Store) -> None:
    # Once it is lifted, the article of the index is shown again.
    changes_of(store).take_down("42", "")
    assert read_live(store, CHANGES).by_id == {}


def test_changes_of_several_writers_all_count(open_again: Callable[[], Store]) -> None:
    def put(number: int) -> None:
        changes_of(open_again()).put(Article(str(number), "标题", "正文"))

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(put, range(18)))
    found = read_live(open_again(), CHANGES)
    assert set(found.by_id) == set(map(str, range(18)))
    assert found.sequence == 18


def test_store_that_fails_after_takedowns_were_read_changes_nothing(store: Store) -> None:
    changes_of(store).put(TRAIN)
    before = store.get(CHANGES.key)

    class FailingStore:
        def __getattr__(self, name: str) -> object:
            return getattr(store, name)

        def compare_and_swap(self, *_: object) -> str:
            raise StoreUnavailableError("no answer")

    with pytest.raises(StoreUnavailableError):
        changes_of(FailingStore()).delete("42")  # type: ignore[arg-type]
    assert store.get(CHANGES.key) == before
