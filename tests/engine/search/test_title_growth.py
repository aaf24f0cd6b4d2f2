"""How much a title counts depends on how much was typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.index.snapshot import Snapshot, open_snapshot
from engine.search.query_plan import plan_query
from engine.search.scorer import Scorer
from engine.search.term_reader import TermReader


@pytest.fixture(scope="module")
def snapshot(sample_index: Path) -> Snapshot:
    return open_snapshot(sample_index)


def weight_of(snapshot: Snapshot, term: str, query: str, article: int) -> float:
    """Return what `term` adds to the score of `article`."""
    plan = plan_query(snapshot.analyzer, query)
    parts = Scorer(TermReader(snapshot), plan).explain(article)
    return sum(part.weight for part in parts if part.term == term)


def places(snapshot: Snapshot, word: str) -> tuple[list[int], list[int]]:
    """Return the articles that have `word` in the title, and those that have it in the body alone."""
    articles = range(len(snapshot.articles))
    titled = [a for a in articles if word in snapshot.articles.card(a).title]
    inside = [a for a in articles if word in snapshot.articles.text(a).body and a not in titled]
    return titled, inside


def test_a_title_counts_more_when_a_topic_was_typed(snapshot: Snapshot) -> None:
    titled, inside = places(snapshot, "主图")
    assert titled
    assert inside
    for article in titled:
        assert weight_of(snapshot, "主图", "主图", article) > 1.2 * weight_of(
            snapshot, "主图", "主图为什么没有人点", article
        )
    for article in inside:
        assert weight_of(snapshot, "主图", "主图", article) == pytest.approx(
            weight_of(snapshot, "主图", "主图为什么没有人点", article)
        )


def test_a_title_counts_more_when_a_paragraph_was_pasted(snapshot: Snapshot) -> None:
    titled, inside = places(snapshot, "主图")
    sentence = "主图为什么没有人点"
    pasted = sentence + ",先看标题写得清楚不清楚,再看价格是不是比别家高,最后看评价里买家怎么说"
    for article in titled:
        assert weight_of(snapshot, "主图", pasted, article) > weight_of(
            snapshot, "主图", sentence, article
        )
    for article in inside:
        assert weight_of(snapshot, "主图", pasted, article) == pytest.approx(
            weight_of(snapshot, "主图", sentence, article)
        )
