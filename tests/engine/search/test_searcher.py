"""Searches over the sample corpus: what comes first, how much there is, in which order."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.index.snapshot import Snapshot, open_snapshot
from engine.search.requests import SearchRequest, Sort, Tier
from engine.search.searcher import search


@pytest.fixture(scope="module")
def snapshot(sample_index: Path) -> Snapshot:
    return open_snapshot(sample_index)


def _ids(snapshot: Snapshot, text: str, size: int = 3) -> list[str]:
    return [hit.card.id for hit in search(snapshot, SearchRequest(text, size=size)).hits]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("直通车扣费公式", "42"),
        ("京东秒杀报名", "13"),
        ("天猫入驻商标受理期", "8"),
        ("手机发布宝贝运费模板", "39"),
        ("花呗分期手续费", "30"),
        ("淘寶店鋪被降權怎麼辦", "60"),
        ("ztc 扣费", "42"),
        ("多多进宝", "18"),
    ],
)
def test_the_article_about_it_comes_first(snapshot: Snapshot, query: str, first: str) -> None:
    assert _ids(snapshot, query)[0] == first


def test_every_title_finds_its_own_article_first_or_its_repost(snapshot: Snapshot) -> None:
    articles = snapshot.articles
    misses = [
        card.id
        for card in map(articles.card, range(len(articles)))
        if card.id not in _ids(snapshot, card.title, 2)
    ]
    assert misses == []


def test_nothing_found_is_an_empty_answer_with_tier_none(snapshot: Snapshot) -> None:
    for text in ("怎么", "鹦鹉", "!!!"):
        result = search(snapshot, SearchRequest(text))
        assert (result.total, result.hits, result.query.tier) == (0, (), Tier.NONE), text


def test_tiers_say_how_closely_the_best_hit_matches(snapshot: Snapshot) -> None:
    def tier(text: str) -> Tier:
        return search(snapshot, SearchRequest(text)).query.tier

    assert tier("直通车扣费公式") is Tier.EXACT
    assert tier("质量分 扣费 公式") is Tier.ALL_TERMS
    assert tier("直通车 飞碟 扣费") is Tier.ANY_TERM


def test_a_filter_by_root_category_keeps_its_subtree_only(snapshot: Snapshot) -> None:
    result = search(snapshot, SearchRequest("保证金", category=("拼多多",), size=50))
    assert result.total > 0
    assert {hit.card.category[0] for hit in result.hits} == {"拼多多"}


def test_an_unknown_category_leaves_nothing(snapshot: Snapshot) -> None:
    assert search(snapshot, SearchRequest("保证金", category=("没有",))).total == 0


def test_a_filter_by_tag_takes_any_script(snapshot: Snapshot) -> None:
    result = search(snapshot, SearchRequest("扣费", tag="直通車"))
    assert result.total > 0
    assert all("直通车" in hit.card.tags for hit in result.hits)


def test_a_date_filter_keeps_what_was_published_within_it(snapshot: Snapshot) -> None:
    start, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 6, 30, tzinfo=UTC)
    request = SearchRequest("店铺", published_from=start, published_to=end, size=50)
    result = search(snapshot, request)
    assert 0 < result.total < search(snapshot, SearchRequest("店铺")).total
    for hit in result.hits:
        assert hit.card.published_at is not None
        assert start <= datetime.fromisoformat(hit.card.published_at) <= end


def test_newest_and_views_sort_by_their_column(snapshot: Snapshot) -> None:
    newest = search(snapshot, SearchRequest("店铺", sort=Sort.NEWEST, size=50)).hits
    dates = [hit.card.published_at or "" for hit in newest]
    assert dates == sorted(dates, reverse=True)
    viewed = search(snapshot, SearchRequest("店铺", sort=Sort.VIEWS, size=50)).hits
    views = [-1 if hit.card.views is None else hit.card.views for hit in viewed]
    assert views == sorted(views, reverse=True)


def test_pages_partition_the_answer(snapshot: Snapshot) -> None:
    whole = [hit.card.id for hit in search(snapshot, SearchRequest("店铺", size=20)).hits]
    pages = [
        hit.card.id
        for page in (1, 2, 3, 4)
        for hit in search(snapshot, SearchRequest("店铺", page=page, size=5)).hits
    ]
    assert pages == whole
    assert search(snapshot, SearchRequest("店铺", page=20, size=50)).hits == ()


def test_explained_parts_sum_to_the_score(snapshot: Snapshot) -> None:
    result = search(snapshot, SearchRequest("pdd 保证金怎么退", explain=True))
    assert result.hits
    for hit in result.hits:
        assert hit.explain
        assert sum(part.weight for part in hit.explain) == pytest.approx(hit.score, rel=1e-4)


def test_facets_count_the_whole_answer(snapshot: Snapshot) -> None:
    result = search(snapshot, SearchRequest("保证金", size=50))
    roots = {v.value: v.count for v in result.facets["category"] if "/" not in v.value}
    assert sum(roots.values()) == result.total
    for root, count in roots.items():
        assert search(snapshot, SearchRequest("保证金", category=(root,))).total == count
