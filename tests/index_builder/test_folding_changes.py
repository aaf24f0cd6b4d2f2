"""What the live changes make of a corpus that is built anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from engine.documents import Article
from engine.errors import SourceError
from engine.live.changes import LiveChanges
from engine.live.takedowns import Takedown, Takedowns
from index_builder.corpus import Corpus
from index_builder.folding import FoldReport, LiveInput, fold

NOW = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
TRAIN = Article("42", "直通车扣费公式", "质量分越高,扣费越低。", updated_at=NOW)
REFUND = Article("7", "极速退款", "七天无理由。")
CORPUS = Corpus((TRAIN, REFUND), (), (), 2)


def folded(
    changes: LiveChanges, takedowns: Takedowns | None = None
) -> tuple[list[Article], FoldReport]:
    corpus, report = fold(CORPUS, LiveInput(changes, takedowns or Takedowns()))
    return list(corpus.articles), report


def test_put_article_replaces_that_of_the_source_and_a_new_one_joins_in_order() -> None:
    edited = replace(TRAIN, body="改过了。", updated_at=None)
    new = Article("100", "聚划算报名", "先看门槛。")
    changes = LiveChanges().with_article(edited, NOW, "s").with_article(new, NOW, "s")
    needed = frozenset({"100"})
    assert folded(changes) == ([new, edited, REFUND], FoldReport(2, 0, 0, needed))


def test_source_that_was_edited_later_than_the_put_wins() -> None:
    earlier = replace(TRAIN, body="旧稿。", updated_at=NOW - timedelta(hours=1))
    later = replace(TRAIN, body="新稿。", updated_at=NOW + timedelta(hours=1))
    assert folded(LiveChanges().with_article(earlier, NOW, "s"))[0] == [TRAIN, REFUND]
    assert folded(LiveChanges().with_article(later, NOW, "s"))[0] == [later, REFUND]
    same = replace(TRAIN, body="同一时刻。")
    assert folded(LiveChanges().with_article(same, NOW, "s"))[0] == [same, REFUND]


def test_deleted_and_taken_down_articles_are_left_out_whatever_the_source_says() -> None:
    changes = LiveChanges().with_deletion("7", NOW, "s").with_deletion("gone", NOW, "s")
    assert folded(changes) == ([TRAIN], FoldReport(0, 1, 0, frozenset({"7"})))
    takedowns = Takedowns().with_article("42", Takedown(NOW, ""))
    assert folded(LiveChanges(), takedowns) == ([REFUND], FoldReport(0, 1, 0))


def test_taken_down_article_that_was_put_stays_out() -> None:
    takedowns = Takedowns().with_article("n1", Takedown(NOW, ""))
    changes = LiveChanges().with_article(Article("n1", "标题", "正文"), NOW, "s")
    assert folded(changes, takedowns)[0] == [TRAIN, REFUND]


def test_corpus_of_which_nothing_is_left_is_refused() -> None:
    changes = LiveChanges().with_deletion("7", NOW, "s").with_deletion("42", NOW, "s")
    with pytest.raises(SourceError, match="no article is left"):
        folded(changes)
