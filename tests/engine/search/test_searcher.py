"""Searches over the sample corpus: what comes first, how much there is, in which order."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.index.articles import ArticleTable
from engine.index.snapshot import Snapshot, open_snapshot
from engine.search.query_plan import plan_query
from engine.search.ranking import rank
from engine.search.requests import SearchRequest, Sort, Tier
from engine.search.searcher import search
from engine.search.term_reader import TermReader


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


def test_every_title_finds_its_own_article_first(snapshot: Snapshot) -> None:
    articles = snapshot.articles
    for card in map(articles.card, range(len(articles))):
        (best, *_) = search(snapshot, SearchRequest(card.title, size=1)).hits
        assert card.id in {best.card.id, *best.duplicates}


def test_reposts_are_folded_into_their_original(snapshot: Snapshot) -> None:
    hits = search(snapshot, SearchRequest("图片被同行搬走 盗图", size=20)).hits
    ids = [hit.card.id for hit in hits]
    assert "3" in ids
    assert "101" not in ids
    assert hits[ids.index("3")].duplicates == ("101",)


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


def _texts(snapshot: Snapshot, text: str) -> dict[str, str]:
    hits = search(snapshot, SearchRequest(text, size=50)).hits
    numbers = {hit.card.id: snapshot.articles.find(hit.card.id) for hit in hits}
    return {
        article_id: hit_title + snapshot.articles.text(number).body
        for (article_id, number), hit_title in zip(
            numbers.items(), [hit.card.title for hit in hits], strict=True
        )
        if number is not None
    }


@pytest.mark.parametrize("query", ['"质量分"', "直通车 “质量分”", "「质量分」"])
def test_every_hit_of_a_phrase_holds_it(snapshot: Snapshot, query: str) -> None:
    texts = _texts(snapshot, query)
    assert texts
    assert all("质量分" in text for text in texts.values())


def test_a_phrase_of_two_units_is_told_by_the_lists_alone(
    snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = search(snapshot, SearchRequest('"质量分"')).total
    assert read > 0
    # Reading up to a thousand texts took a second of a loaded machine.
    monkeypatch.setattr(ArticleTable, "text", None)
    reader = TermReader(snapshot)
    found = rank(reader, SearchRequest('"质量"'), plan_query(snapshot.analyzer, '"质量"'))
    assert set(found.articles.tolist()) == set(reader.holders("质量").tolist())
    assert len(found.articles) >= read


def test_a_phrase_that_stands_nowhere_is_sought_as_words(snapshot: Snapshot) -> None:
    result = search(snapshot, SearchRequest('"扣费直通车公式"'))
    assert result.hits[0].card.id == "42"
    assert result.query.tier is not Tier.EXACT


def test_an_excluded_word_is_in_no_hit(snapshot: Snapshot) -> None:
    with_tmall = _texts(snapshot, "保证金")
    without = _texts(snapshot, "保证金 -天猫")
    assert 0 < len(without) < len(with_tmall)
    assert not any("天猫" in text for text in without.values())
