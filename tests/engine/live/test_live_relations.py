"""What was put is like articles of the index, repeats some, and stands in their lists."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from laid_over import NOODLES, NOW, article_of, found_by, objects, put

from engine.errors import StoreUnavailableError
from engine.index.snapshot import Snapshot, open_snapshot
from engine.live.changes import LiveChanges
from engine.live.live_snapshot import LiveSnapshot
from engine.live.overlay import compose
from engine.recommend.related import related_articles
from engine.search.requests import SearchRequest
from engine.search.searcher import search


@pytest.fixture(scope="module")
def base(sample_index: Path) -> Snapshot:
    return open_snapshot(sample_index)


def test_the_first_overlay_of_a_process_works_out_no_related_articles_for_a_search(
    base: Snapshot,
) -> None:
    snapshot = compose(base, objects(put(NOODLES)), None)
    assert found_by(snapshot, "螺蛳粉联名")[0] == "n1"
    assert not {"neighbours", "vectors", "suggestions", "hotness"} & vars(snapshot).keys()
    # A reader that serves already works all of it out before requests see it.
    later = compose(base, objects(put(NOODLES)), snapshot)
    assert {"neighbours", "vectors", "suggestions", "hotness"} <= vars(later).keys()


def test_a_part_that_cannot_be_had_keeps_no_change_from_readers(
    base: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(_self: Snapshot) -> None:
        raise StoreUnavailableError("vectors.npy did not come")

    first = compose(base, objects(put(NOODLES)), None)
    monkeypatch.setattr(LiveSnapshot, "open_parts", missing)
    later = compose(base, objects(put(NOODLES).with_deletion("n1", NOW, "s")), first)
    assert found_by(first, "螺蛳粉联名")[0] == "n1"
    assert "n1" not in found_by(later, "螺蛳粉联名")


def test_words_that_explain_a_pair_are_the_same_from_both_sides(base: Snapshot) -> None:
    snapshot = compose(base, objects(put(NOODLES)), None)
    number = snapshot.articles.find("n1")
    assert number is not None
    nearest = next(iter(snapshot.neighbours.of(number)))
    (back,) = [n for n in snapshot.neighbours.of(nearest.article) if n.article == number]
    assert nearest.shared_terms
    assert set(nearest.shared_terms) == set(back.shared_terms)
    assert nearest.similarity == back.similarity


def test_new_article_joins_the_lists_of_what_it_is_like(base: Snapshot) -> None:
    twin = article_of(base, "124")
    companion = replace(
        twin, id="n2", title="私域社群再减法", body=twin.body[: len(twin.body) // 3]
    )
    snapshot = compose(base, objects(put(companion)), None)
    lists = {
        item.card.id: [other.card.id for other in related_articles(snapshot, item.card.id, 20)]
        for item in related_articles(snapshot, "n2", 3)
        if item.source == "tfidf"
    }
    assert lists
    assert any("n2" in others for others in lists.values())


def test_slightly_edited_article_stays_where_it_stood_in_lists_of_others(base: Snapshot) -> None:
    beside = [item.card.id for item in related_articles(base, "42", 5)]
    edited = replace(article_of(base, "42"), title="直通车扣费公式与质量分的关系(修订)")
    snapshot = compose(base, objects(put(edited)), None)
    for other in beside:
        before = [item.card.id for item in related_articles(base, other, 20)]
        after = [item.card.id for item in related_articles(snapshot, other, 20)]
        assert after.count("42") == before.count("42")


def test_deleted_original_hands_its_place_to_what_is_left_of_its_copies(base: Snapshot) -> None:
    copies = {
        base.articles.article_id(n): [
            base.articles.article_id(c) for c in base.duplicates.copies_of(n)
        ]
        for n in range(len(base.articles))
        if base.duplicates.copies_of(n)
    }
    original, others = next((o, c) for o, c in copies.items() if len(c) >= 1)
    snapshot = compose(base, objects(LiveChanges().with_deletion(original, NOW, "s1")), None)
    title = base.articles.card(base.articles.find(others[0]) or 0).title
    result = search(snapshot, SearchRequest(title, size=50))
    shown = [hit.card.id for hit in result.hits]
    assert original not in shown
    assert len(set(others) & set(shown)) == 1
    for hit in result.hits:
        assert original not in hit.duplicates


def test_repost_that_is_put_is_folded_into_its_original(base: Snapshot) -> None:
    original = article_of(base, "42")
    repost = replace(original, id="n9", title="转载:" + original.title, published_at=NOW)
    snapshot = compose(base, objects(put(repost)), None)
    result = search(snapshot, SearchRequest(original.title, size=50))
    assert [hit.card.id for hit in result.hits].count("n9") == 0
    assert next(hit for hit in result.hits if hit.card.id == "42").duplicates == ("n9",)
    assert "42" not in [item.card.id for item in related_articles(snapshot, "n9")]
