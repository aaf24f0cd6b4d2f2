"""Every box over an index with live changes: a new article is in them, a deleted one in none."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from engine.documents import Article
from engine.errors import ArticleNotFoundError
from engine.index.snapshot import Snapshot
from engine.live.changes import CHANGES, LiveChanges
from engine.live.hot_list import HOT_LIST, HotEvidence
from engine.live.overlay import compose
from engine.live.takedowns import TAKEDOWNS, Takedown, Takedowns
from engine.recommend.blocks import article_blocks
from engine.recommend.for_you import for_you
from engine.recommend.hot import hot_articles
from engine.recommend.related import related_articles
from engine.recommend.sitemap import sheet_count, sitemap_sheet
from engine.recommend.tag_pages import tag_page
from engine.store.protocol import StoredObject

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
NEW = Article(
    "n1",
    "直通车低价引流的出价和关键词再算一遍",
    "直通车低价引流靠的是长尾关键词和低出价,先把质量分养起来,再看点击量和日限额够不够。",
    url="/article/n1.html",
    category=("推广", "直通车"),
    tags=("直通车", "低价引流"),
    published_at=NOW,
    updated_at=NOW,
)


def stored(live_object: Any, value: Any) -> StoredObject:
    data = live_object.encode(value)
    return StoredObject(data, str(hash(data)))


@pytest.fixture(scope="module")
def changed(snapshot: Snapshot) -> Snapshot:
    """Return the sample with one article more, visited a lot, and with 42 deleted."""
    days = NOW.timestamp() / 86_400
    evidence = {"n1": (9 + days, 9 + days / 7, 9 + days / 30, 20.0), "42": (30 + days,) * 4}
    return compose(
        snapshot,
        {
            CHANGES.key: stored(CHANGES, LiveChanges().with_article(NEW, NOW, "s1")),
            TAKEDOWNS.key: stored(TAKEDOWNS, Takedowns({"42": Takedown(NOW, "测试")})),
            HOT_LIST.key: stored(HOT_LIST, HotEvidence(1, int(NOW.timestamp()), evidence)),
        },
        None,
    )


def everything_shown(snapshot: Snapshot, article_id: str) -> list[str]:
    blocks = article_blocks(snapshot, article_id)
    assert blocks.prevnext is not None
    ends = [card.id for card in (blocks.prevnext.previous, blocks.prevnext.next) if card]
    return ends + [item.card.id for item in [*(blocks.related or ()), *(blocks.hot or ())]]


def test_a_new_article_has_a_page_with_full_boxes(changed: Snapshot) -> None:
    blocks = article_blocks(changed, "n1")
    assert blocks.related is not None
    assert blocks.hot is not None
    assert (len(blocks.related), len(blocks.hot)) == (10, 10)
    assert blocks.tags is not None
    assert [(tag.tag, tag.count) for tag in blocks.tags] == [("直通车", 2), ("低价引流", 2)]
    assert blocks.prevnext is not None
    assert blocks.prevnext.previous is not None
    assert (blocks.prevnext.previous.id, blocks.prevnext.next) == ("41", None)
    shown = everything_shown(changed, "n1")
    assert len(shown) == len(set(shown))


def test_a_new_article_is_offered_by_the_old_ones(changed: Snapshot) -> None:
    ends = article_blocks(changed, "41").prevnext
    assert ends is not None
    assert ends.next is not None
    assert ends.next.id == "n1"
    assert "n1" in [card.id for card in tag_page(changed, "直通车").cards]
    for window in ("day", "week", "month", "all"):
        assert "n1" in [i.card.id for i in hot_articles(changed, window=window, size=5).items]


def test_whoever_read_a_new_article_is_offered_its_like(changed: Snapshot) -> None:
    answer = for_you(changed, ["n1"], 10)
    assert answer.unknown == ()
    assert answer.items[0].source == "tfidf"
    assert "n1" not in [item.card.id for item in answer.items]


def test_a_new_article_is_on_the_sitemap_and_a_deleted_one_is_not(
    snapshot: Snapshot, changed: Snapshot
) -> None:
    assert sheet_count(changed) == 1
    entries = {entry.article_id: entry for entry in sitemap_sheet(changed, 1)}
    assert len(entries) == len(snapshot.articles)  # one more, one less
    assert "42" not in entries
    assert entries["n1"].url == "/article/n1.html"
    assert entries["n1"].modified_seconds == int(NOW.timestamp())


def test_a_deleted_article_stands_nowhere_however_hot(changed: Snapshot) -> None:
    for number in range(len(changed.articles)):
        article_id = changed.articles.article_id(number)
        if article_id == "42":
            continue
        assert "42" not in everything_shown(changed, article_id)
        assert "42" not in [item.card.id for item in related_articles(changed, article_id, 50)]
        assert "42" not in [item.card.id for item in for_you(changed, [article_id], 50).items]
    assert "42" not in [i.card.id for i in hot_articles(changed, window="day", size=50).items]
    assert "42" not in [card.id for card in tag_page(changed, "直通车", size=50).cards]
    assert for_you(changed, ["42", "41"]).unknown == ("42",)
    with pytest.raises(ArticleNotFoundError):
        article_blocks(changed, "42")
