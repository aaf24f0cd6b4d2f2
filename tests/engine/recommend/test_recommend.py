"""Boxes over the sample corpus: never empty, never the article itself, always saying why."""

from __future__ import annotations

import pytest

from engine.errors import ArticleNotFoundError
from engine.index.hotness import HOT_WINDOWS
from engine.index.snapshot import Snapshot
from engine.recommend.cards import Source
from engine.recommend.hot import hot_articles
from engine.recommend.related import related_articles
from engine.recommend.tag_pages import tag_page


def _every_id(snapshot: Snapshot) -> list[str]:
    return [snapshot.articles.article_id(number) for number in range(len(snapshot.articles))]


def test_every_article_has_a_full_related_box_without_itself(snapshot: Snapshot) -> None:
    for article_id in _every_id(snapshot):
        ids = [item.card.id for item in related_articles(snapshot, article_id, 10)]
        assert len(ids) == len(set(ids)) == 10
        assert article_id not in ids


@pytest.mark.parametrize(("article", "related"), [("41", "42"), ("16", "24"), ("24", "16")])
def test_articles_on_one_subject_are_related(
    snapshot: Snapshot, article: str, related: str
) -> None:
    assert related in [item.card.id for item in related_articles(snapshot, article, 5)]


def test_a_repost_is_not_offered_beside_its_original(snapshot: Snapshot) -> None:
    assert "101" not in [item.card.id for item in related_articles(snapshot, "3", 20)]


def test_a_tfidf_neighbour_names_the_words_it_shares(snapshot: Snapshot) -> None:
    (best, *_) = related_articles(snapshot, "41", 1)
    assert best.source is Source.TFIDF
    assert 0 < best.score <= 1
    assert "直通车" in best.shared_terms


def test_the_ladder_fills_a_box_that_neighbours_alone_cannot(snapshot: Snapshot) -> None:
    items = related_articles(snapshot, "42", len(snapshot.articles))
    originals = set(snapshot.duplicates.originals.tolist())
    assert len(items) == len(originals) - 1
    order = [Source.TFIDF, Source.TAG, Source.CATEGORY, Source.HOT]
    ranks = [order.index(item.source) for item in items]
    assert ranks == sorted(ranks)
    assert {0, 3} <= set(ranks)


def test_an_unknown_article_is_not_found(snapshot: Snapshot) -> None:
    with pytest.raises(ArticleNotFoundError, match="'nobody'"):
        related_articles(snapshot, "nobody")


@pytest.mark.parametrize("window", HOT_WINDOWS)
def test_every_window_has_a_full_list_in_falling_order(snapshot: Snapshot, window: str) -> None:
    hot = hot_articles(snapshot, window=window)
    assert (hot.window, hot.scope, len(hot.items)) == (window, "site", 10)
    assert [item.rank for item in hot.items] == list(range(1, 11))
    scores = [item.score for item in hot.items]
    assert scores == sorted(scores, reverse=True)


def test_a_category_has_a_hot_list_of_its_own(snapshot: Snapshot) -> None:
    hot = hot_articles(snapshot, category=("京东",), size=5)
    assert hot.scope == "京东"
    assert {item.card.category[0] for item in hot.items} == {"京东"}
    assert hot_articles(snapshot, category=("没有",)).items == ()


def test_short_windows_prefer_newer_articles(snapshot: Snapshot) -> None:
    def mean_date(window: str) -> float:
        numbers = snapshot.hotness.hottest(window, 10)
        return float(snapshot.articles.published[numbers].mean())

    assert mean_date("day") > mean_date("month") > mean_date("all")


def test_a_tag_page_lists_newest_first_with_tags_that_go_with_it(snapshot: Snapshot) -> None:
    page = tag_page(snapshot, "直通車", size=50)
    assert page.tag == "直通车"
    assert page.total == len(page.cards) >= 2
    assert all("直通车" in card.tags for card in page.cards)
    dates = [card.published_at or "" for card in page.cards]
    assert dates == sorted(dates, reverse=True)
    assert page.related_tags
    assert "直通车" not in {related.tag for related in page.related_tags}


def test_an_unknown_tag_is_an_empty_page(snapshot: Snapshot) -> None:
    assert tag_page(snapshot, "没有这个标签").total == 0
