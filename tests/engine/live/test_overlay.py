"""An index with live changes laid over it answers as if it had been built with them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from laid_over import NOODLES, NOW, article_of, found_by, objects, put

from engine.documents import Article
from engine.errors import ArticleNotFoundError, ArtifactDamagedError
from engine.index.snapshot import Snapshot, open_snapshot
from engine.live.changes import CHANGES, LiveChanges
from engine.live.live_snapshot import LiveSnapshot
from engine.live.overlay import compose
from engine.live.takedowns import TAKEDOWNS, Takedown, Takedowns
from engine.recommend.hot import hot_articles
from engine.recommend.related import related_articles
from engine.recommend.tag_pages import tag_page
from engine.search.requests import SearchRequest, Sort
from engine.search.searcher import search
from engine.search.suggest import suggest
from engine.store.protocol import StoredObject


@pytest.fixture(scope="module")
def base(sample_index: Path) -> Snapshot:
    return open_snapshot(sample_index)


def test_nothing_to_lay_over_leaves_the_very_snapshot(base: Snapshot) -> None:
    assert compose(base, {}, None) is base
    assert compose(base, objects(LiveChanges(), Takedowns()), None) is base


def test_new_article_is_found_completed_listed_and_has_related_articles(base: Snapshot) -> None:
    snapshot = compose(base, objects(put(NOODLES)), None)
    assert found_by(snapshot, "螺蛳粉联名")[0] == "n1"
    assert found_by(base, "螺蛳粉联名盲盒") != ["n1"]
    for typed in ("螺蛳粉", "luosifen", "lsf", "lianmingmanghe"):
        assert "n1" in [s.article_id for s in suggest(snapshot, typed)], typed
    assert tag_page(snapshot, "螺蛳粉").total == 1
    related = related_articles(snapshot, "n1")
    assert related[0].source == "tfidf"
    assert "私域" in related[0].shared_terms
    assert snapshot.articles.card(len(base.articles)).excerpt.startswith("螺蛳粉联名款上线")
    assert "n1" in [h.card.id for h in hot_articles(snapshot, category=("运营", "私域")).items]
    assert found_by(snapshot, "私域", category=("运营", "私域"), sort=Sort.NEWEST)[0] == "n1"


def test_edited_article_is_found_by_its_new_words_once_and_no_more_by_its_old_ones(
    base: Snapshot,
) -> None:
    edited = replace(
        article_of(base, "42"), title="新题目", body="全新的正文只讲螺蛳粉联名。", tags=()
    )
    snapshot = compose(base, objects(put(edited)), None)
    assert found_by(snapshot, "螺蛳粉联名").count("42") == 1
    assert "42" in found_by(base, "直通车 质量分")
    assert "42" not in found_by(snapshot, "直通车 质量分")
    assert "42" not in [s.article_id for s in suggest(snapshot, "直通车扣费公式")]
    assert "42" in [s.article_id for s in suggest(snapshot, "xintimu")]
    assert "42" not in [card.id for card in tag_page(snapshot, "质量分", size=50).cards]
    assert len(search(snapshot, SearchRequest("直通车", size=50)).hits) == len(
        set(found_by(snapshot, "直通车", size=50))
    )


@pytest.mark.parametrize("how", ["deleted", "taken down"])
def test_gone_article_is_in_no_answer(base: Snapshot, how: str) -> None:
    if how == "deleted":
        given = objects(LiveChanges().with_deletion("42", NOW, "s1"))
    else:
        given = objects(None, Takedowns().with_article("42", Takedown(NOW, "")))
    snapshot = compose(base, given, None)
    title = base.articles.card(base.articles.find("42") or 0).title
    assert "42" in found_by(base, title)
    for text in (title, "直通车", "质量分"):
        result = search(snapshot, SearchRequest(text, size=50))
        shown = [hit.card.id for hit in result.hits] + [
            d for h in result.hits for d in h.duplicates
        ]
        assert "42" not in shown
    assert "42" not in [s.article_id for s in suggest(snapshot, title)]
    with pytest.raises(ArticleNotFoundError):
        related_articles(snapshot, "42")
    for number in range(len(snapshot.articles)):
        if not snapshot.hidden[number]:  # type: ignore[index]
            related = related_articles(snapshot, snapshot.articles.article_id(number), 50)
            assert "42" not in [item.card.id for item in related]
            assert related
    assert "42" not in [item.card.id for item in hot_articles(snapshot, size=50).items]


def test_tag_that_only_hidden_articles_carry_is_no_completion(base: Snapshot) -> None:
    rare = next(
        number
        for number in range(len(base.taxonomy.tags))
        if len(base.taxonomy.tag_articles(number)) == 1
        and "tag" in [s.kind for s in suggest(base, base.taxonomy.tags[number])]
    )
    tag = base.taxonomy.tags[rare]
    article = base.articles.article_id(int(base.taxonomy.tag_articles(rare)[0]))
    snapshot = compose(base, objects(LiveChanges().with_deletion(article, NOW, "s1")), None)
    assert tag in [s.text for s in suggest(base, tag)]
    assert ("tag", tag) not in [(s.kind, s.text) for s in suggest(snapshot, tag)]
    assert tag_page(snapshot, tag).total == 0


def test_scores_of_articles_that_did_not_change_are_what_they_were(base: Snapshot) -> None:
    snapshot = compose(base, objects(put(NOODLES).with_deletion("42", NOW, "s1")), None)
    for text in ("运费险", "退款", "抖店 保证金"):
        before = {h.card.id: h.score for h in search(base, SearchRequest(text, size=50)).hits}
        after = {h.card.id: h.score for h in search(snapshot, SearchRequest(text, size=50)).hits}
        common = before.keys() & after.keys()
        assert common
        assert {key: before[key] for key in common} == {key: after[key] for key in common}


def test_index_that_holds_a_change_already_does_not_show_it_twice(
    base: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes = put(article_of(base, "42"))
    live = {"stream": "s1", "sequence": 1}
    parameters = {**base.manifest.parameters, "live": live}
    monkeypatch.setattr(base, "manifest", replace(base.manifest, parameters=parameters))
    folded = compose(base, objects(changes), None)
    assert isinstance(folded, LiveSnapshot)
    assert (len(folded.delta), folded.hidden) == (0, None)
    other = {**base.manifest.parameters, "live": {"stream": "another", "sequence": 9}}
    monkeypatch.setattr(base, "manifest", replace(base.manifest, parameters=other))
    again = compose(base, objects(changes), None)
    assert isinstance(again, LiveSnapshot)
    assert len(again.delta) == 1


def test_what_did_not_change_is_not_read_again(
    base: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = compose(base, objects(put(NOODLES)), None)
    read: list[str] = []
    weigh = base.statistics.weigh

    def count(title: str, *rest: object) -> object:
        read.append(title)
        return weigh(title, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(base.statistics, "weigh", count)
    other = Article("n2", "运费险新规", "按件计费。")
    second = compose(base, objects(put(NOODLES, other)), first)
    assert read == ["运费险新规"]
    assert found_by(second, "螺蛳粉联名")[0] == "n1"


def test_damaged_object_keeps_its_last_good_value_and_the_news_of_others(base: Snapshot) -> None:
    first = compose(base, objects(put(NOODLES), Takedowns()), None)
    damaged = {
        **objects(None, Takedowns().with_article("42", Takedown(NOW, ""))),
        CHANGES.key: StoredObject(b"no JSON", "x"),
    }
    second = compose(base, damaged, first)
    assert found_by(second, "螺蛳粉联名")[0] == "n1"
    assert second.articles.find("42") is None
    assert isinstance(second, LiveSnapshot)
    assert len(second.live_problems) == 1
    assert CHANGES.key in second.live_problems[0]


@pytest.mark.parametrize("key", [CHANGES.key, TAKEDOWNS.key])
def test_without_any_good_value_of_what_hides_articles_nothing_is_served(
    base: Snapshot, key: str
) -> None:
    with pytest.raises(ArtifactDamagedError):
        compose(base, {key: StoredObject(b"no JSON", "x")}, None)


def test_columns_are_as_long_as_there_are_articles(base: Snapshot) -> None:
    changes = put(NOODLES, Article("n2", "无日期", "无分类也无标签。")).with_deletion(
        "42", NOW, "s1"
    )
    snapshot = compose(base, objects(changes), None)
    count = len(base.articles) + 2
    assert len(snapshot.articles) == count
    columns = (
        snapshot.articles.published,
        snapshot.articles.modified,
        snapshot.articles.views,
        snapshot.taxonomy.category_of,
        snapshot.duplicates.originals,
        snapshot.hotness.scores[0],
        snapshot.hotness.order[0],
        snapshot.hidden,
    )
    assert {len(column) for column in columns if column is not None} == {count}
    last = snapshot.segments[-1]
    assert last.first + last.size == count
    vectors = snapshot.vectors.unit(np.arange(count))
    lengths = np.linalg.norm(vectors, axis=1)
    assert np.all((np.abs(lengths - 1) < 1e-3) | (lengths == 0))


def test_article_put_weighs_what_a_build_would_have_given_it(base: Snapshot) -> None:
    # The same article under another id, in place of itself: nothing about its score changes.
    same = replace(article_of(base, "42"), id="n42", published_at=None)
    changes = put(same).with_deletion("42", NOW, "s1")
    snapshot = compose(base, objects(changes), None)
    for text in ("直通车 质量分", "扣费公式"):
        before = {h.card.id: h.score for h in search(base, SearchRequest(text)).hits}
        after = {h.card.id: h.score for h in search(snapshot, SearchRequest(text)).hits}
        assert after["n42"] == pytest.approx(before["42"], rel=0.02)
