"""Every box of the page of every sample article: full, without repetition, in the right order."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.documents import Card
from engine.errors import ArticleNotFoundError
from engine.index.snapshot import Snapshot
from engine.recommend.blocks import Box, article_blocks
from engine.recommend.cards import ArticleBlocks, Crumb, TagCount


def ids_of(snapshot: Snapshot) -> list[str]:
    return [snapshot.articles.article_id(number) for number in range(len(snapshot.articles))]


def cards_in(blocks: ArticleBlocks) -> list[Card]:
    assert blocks.prevnext is not None
    ends = [blocks.prevnext.previous, blocks.prevnext.next]
    items = [*(blocks.related or ()), *(blocks.hot or ())]
    return [card for card in ends if card] + [item.card for item in items]


def group_of(snapshot: Snapshot, article_id: str) -> int:
    number = snapshot.articles.find(article_id)
    assert number is not None
    return snapshot.duplicates.original_of(number)


def test_no_article_or_repost_of_one_stands_on_a_page_twice(snapshot: Snapshot) -> None:
    for article_id in ids_of(snapshot):
        cards = cards_in(article_blocks(snapshot, article_id))
        groups = [group_of(snapshot, card.id) for card in cards]
        assert len(groups) == len(set(groups))
        assert group_of(snapshot, article_id) not in groups


def test_boxes_are_full_on_every_page(snapshot: Snapshot) -> None:
    for article_id in ids_of(snapshot):
        blocks = article_blocks(snapshot, article_id)
        assert blocks.related is not None
        assert blocks.hot is not None
        assert (len(blocks.related), len(blocks.hot)) == (10, 10)
        assert [item.rank for item in blocks.hot] == list(range(1, 11))
        scores = [item.score for item in blocks.hot]
        assert scores == sorted(scores, reverse=True)
        assert all(len(item.card.excerpt) <= 81 for item in blocks.hot)


def test_the_hot_box_knows_the_branch_of_the_site_that_the_page_belongs_to(
    snapshot: Snapshot,
) -> None:
    hot = article_blocks(snapshot, "1").hot
    assert hot is not None
    roots = [item.card.category[0] for item in hot]
    assert 5 <= roots.count("淘宝") < 10


def test_the_breadcrumb_names_each_step_with_its_path(snapshot: Snapshot) -> None:
    assert article_blocks(snapshot, "41").breadcrumb == (
        Crumb("推广", "推广"),
        Crumb("直通车", "推广/直通车"),
    )


def test_tags_come_with_how_many_articles_they_have(
    snapshot: Snapshot, without: Callable[..., Snapshot]
) -> None:
    tags = article_blocks(snapshot, "41").tags
    assert tags == (
        TagCount("直通车", 2),
        TagCount("低价引流", 1),
        TagCount("关键词", 2),
        TagCount("日限额", 1),
    )
    tags = article_blocks(without("42"), "41").tags
    assert tags is not None
    assert tags[0] == TagCount("直通车", 1)


def test_previous_and_next_walk_a_category_from_its_oldest_article_to_its_newest(
    snapshot: Snapshot,
) -> None:
    taxonomy = snapshot.taxonomy
    for category in range(len(taxonomy.category_paths)):
        filed = taxonomy.articles_in([category]).tolist()
        in_order = sorted(filed, key=lambda n: (int(snapshot.articles.published[n]), n))
        originals = [snapshot.duplicates.original_of(number) for number in in_order]
        if len(set(originals)) < len(originals):
            continue  # reposts are passed over: the next test
        for place, number in enumerate(in_order):
            ends = article_blocks(snapshot, snapshot.articles.article_id(number)).prevnext
            assert ends is not None
            found = [ends.previous and ends.previous.id, ends.next and ends.next.id]
            around = [place - 1, place + 1]
            assert found == [
                snapshot.articles.article_id(in_order[at]) if 0 <= at < len(in_order) else None
                for at in around
            ]


def test_a_repost_is_neither_previous_nor_next_of_its_original(snapshot: Snapshot) -> None:
    for number in range(len(snapshot.articles)):
        for copy in snapshot.duplicates.copies_of(number):
            ends = article_blocks(snapshot, snapshot.articles.article_id(number)).prevnext
            assert ends is not None
            around = {card.id for card in (ends.previous, ends.next) if card}
            assert snapshot.articles.article_id(copy) not in around


def test_only_the_boxes_asked_for_are_made(snapshot: Snapshot) -> None:
    blocks = article_blocks(snapshot, "41", (Box.TAGS,))
    assert blocks.tags
    assert [blocks.breadcrumb, blocks.prevnext, blocks.related, blocks.hot] == [None] * 4


def test_a_box_that_is_left_out_keeps_no_article_from_the_others(snapshot: Snapshot) -> None:
    whole = article_blocks(snapshot, "41")
    alone = article_blocks(snapshot, "41", (Box.RELATED,))
    assert whole.prevnext is not None
    assert alone.related is not None
    assert whole.prevnext.previous is not None
    assert whole.prevnext.previous.id in [item.card.id for item in alone.related]


def test_what_was_taken_down_stands_in_no_box(
    snapshot: Snapshot, without: Callable[..., Snapshot]
) -> None:
    shown = [card.id for card in cards_in(article_blocks(snapshot, "41"))]
    left = without(*shown)
    blocks = article_blocks(left, "41")
    assert not set(shown) & {card.id for card in cards_in(blocks)}
    assert blocks.related is not None
    assert blocks.hot is not None
    assert (len(blocks.related), len(blocks.hot)) == (10, 10)
    with pytest.raises(ArticleNotFoundError):
        article_blocks(left, shown[0])
    with pytest.raises(ArticleNotFoundError):
        article_blocks(snapshot, "没有这篇")


def test_a_repost_may_be_shown_once_its_original_is_taken_down(
    snapshot: Snapshot, without: Callable[..., Snapshot]
) -> None:
    assert "101" not in {card.id for card in cards_in(article_blocks(snapshot, "3"))}
    everything_else = [i for i in ids_of(snapshot) if i not in {"101", "41"}]
    assert [card.id for card in cards_in(article_blocks(without(*everything_else), "41"))] == [
        "101"
    ]


def test_a_page_alone_on_its_site_has_empty_boxes(
    snapshot: Snapshot, without: Callable[..., Snapshot]
) -> None:
    alone = without(*(i for i in ids_of(snapshot) if i != "41"))
    blocks = article_blocks(alone, "41")
    assert (blocks.related, blocks.hot) == ((), ())
    assert blocks.tags is not None
    assert blocks.tags[0] == TagCount("直通车", 1)
