"""A single character is found inside words, as a plain search of the text would find it."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.documents import Article
from engine.index.snapshot import Snapshot, open_snapshot
from engine.live.changes import CHANGES, LiveChanges
from engine.live.overlay import compose
from engine.search import lone_units
from engine.search.lone_units import pairs_around, with_pairs_of_lone_units
from engine.search.query_plan import plan_query
from engine.search.requests import SearchRequest, Tier
from engine.search.searcher import rank_articles, search
from engine.search.term_reader import TermReader, is_han
from engine.store.protocol import StoredObject


@pytest.fixture(scope="module")
def snapshot(sample_index: Path) -> Snapshot:
    return open_snapshot(sample_index)


@pytest.fixture(scope="module")
def holders(snapshot: Snapshot) -> dict[str, set[int]]:
    """Which articles hold each Han character in title or body, by reading all of the text."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    for number in range(len(snapshot.articles)):
        title, body = snapshot.articles.card(number).title, snapshot.articles.text(number).body
        for character in filter(is_han, snapshot.analyzer.normalize(f"{title}\n{body}")):
            found[character].add(number)
    return found


def hits(snapshot: Snapshot, text: str) -> set[str]:
    found: set[str] = set()
    for page in range(1, 1_000):
        result = search(snapshot, SearchRequest(text, page=page, size=50))
        found.update(hit.card.id for hit in result.hits)
        found.update(other for hit in result.hits for other in hit.duplicates)
        if page * 50 >= result.total:
            return found
    raise AssertionError("no last page")


@pytest.mark.parametrize("character", ["茶", "果", "税", "痘", "瓷"])
def test_a_character_finds_every_article_that_holds_it(
    snapshot: Snapshot, holders: dict[str, set[int]], character: str
) -> None:
    expected = {snapshot.articles.article_id(number) for number in holders[character]}
    assert expected
    assert expected <= hits(snapshot, character)


def test_no_character_of_the_corpus_finds_nothing(
    snapshot: Snapshot, holders: dict[str, set[int]]
) -> None:
    said = [c for c in holders if not snapshot.analyzer.is_stop_word(c)]
    assert len(said) > 1_500
    assert [c for c in said if not rank_articles(snapshot, c, 1)] == []


def test_what_is_found_is_exact_and_explained(snapshot: Snapshot) -> None:
    result = search(snapshot, SearchRequest("茶", explain=True))
    assert (result.query.tier, result.query.terms, result.query.expanded) == (
        Tier.EXACT,
        ("茶",),
        (),
    )
    for hit in result.hits:
        assert sum(part.weight for part in hit.explain or ()) == pytest.approx(hit.score, rel=1e-3)
        assert all("茶" in part.term for part in hit.explain or ())


def test_pairs_on_both_sides_stand_for_a_unit(snapshot: Snapshot) -> None:
    pairs = pairs_around(TermReader(snapshot), "茶")
    assert {"红茶", "茶叶"} & set(pairs)
    assert any(pair.startswith("茶") for pair in pairs)
    assert any(pair.endswith("茶") for pair in pairs)
    assert all(len(pair) == 2 for pair in pairs)


@pytest.mark.parametrize(
    "text",
    ["卖茶怎么开店", "直通车", "plus", "x", "", "的", "保证金 怎么退", "高、中、低端的店怎么开"],
)
def test_a_query_without_a_lone_unit_keeps_its_plan(snapshot: Snapshot, text: str) -> None:
    plan = plan_query(snapshot.analyzer, text)
    assert with_pairs_of_lone_units(TermReader(snapshot), plan) is plan


def test_a_character_between_spaces_stands_for_its_words_beside_others(snapshot: Snapshot) -> None:
    plan = plan_query(snapshot.analyzer, "茶 包装")
    widened = with_pairs_of_lone_units(TermReader(snapshot), plan)
    assert [bool(group.inside) for group in widened.groups] == [True, False]
    assert search(snapshot, SearchRequest("茶,包装")).query.tier is not Tier.ANY_TERM


def test_more_articles_mean_fewer_pairs(
    snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = pairs_around(TermReader(snapshot), "店")
    monkeypatch.setattr(lone_units, "MOST_CELLS", 10 * len(snapshot.articles))
    assert pairs_around(TermReader(snapshot), "店") == every[:10]


def test_a_character_that_only_a_new_article_has_is_found(snapshot: Snapshot) -> None:
    article = Article("n1", "龘字怎么念", "店名里有个龘字,客人都问怎么念。")
    changes = CHANGES.encode(
        LiveChanges().with_article(article, datetime(2026, 5, 4, tzinfo=UTC), "s")
    )
    overlay = compose(snapshot, {CHANGES.key: StoredObject(changes, "1")}, None)
    assert hits(snapshot, "龘") == set()
    assert hits(overlay, "龘") == {"n1"}
