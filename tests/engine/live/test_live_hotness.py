"""The hot list with live evidence: built scores and visits on one scale."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from engine.documents import Article
from engine.index.articles import MISSING
from engine.index.hot_formula import SECONDS_PER_DAY, reference_of
from engine.index.hotness import HOT_WINDOW_HALF_LIFE_DAYS, HOT_WINDOWS
from engine.index.snapshot import Snapshot, open_snapshot
from engine.live.hot_list import HotEvidence
from engine.live.live_hotness import LiveHotness, delta_strength


@pytest.fixture(scope="module")
def snapshot(sample_index: Path) -> Snapshot:
    return open_snapshot(sample_index)


def live(snapshot: Snapshot, evidence: HotEvidence) -> LiveHotness:
    published = snapshot.articles.published
    return LiveHotness(
        snapshot.hotness,
        base_published=published,
        published=published,
        evidence=evidence,
        find=snapshot.articles.find,
    )


def visits(views: float, seconds: float) -> tuple[float, ...]:
    days = seconds / SECONDS_PER_DAY
    return tuple(
        math.log2(views) + (0.0 if half is None else days / half)
        for half in HOT_WINDOW_HALF_LIFE_DAYS.values()
    )


def test_without_evidence_the_built_list_stands(snapshot: Snapshot) -> None:
    table = live(snapshot, HotEvidence())
    assert np.array_equal(table.scores, snapshot.hotness.scores)
    assert np.array_equal(table.order, snapshot.hotness.order)
    assert table.hottest("week", 5).tolist() == snapshot.hotness.hottest("week", 5).tolist()


def test_visits_lift_an_article_and_no_other(snapshot: Snapshot) -> None:
    last = int(snapshot.hotness.order[0, -1])
    now = reference_of(snapshot.articles.published)
    evidence = HotEvidence(1, now, {snapshot.articles.article_id(last): visits(1e8, now)})
    table = live(snapshot, evidence)
    for window in range(len(HOT_WINDOWS)):
        assert table.order[window, 0] == last
        others = [n for n in snapshot.hotness.order[window].tolist() if n != last]
        assert table.order[window, 1:].tolist() == others


def test_built_and_live_engagement_are_added(snapshot: Snapshot) -> None:
    number = snapshot.articles.find("41")
    assert number is not None
    now = reference_of(snapshot.articles.published)
    table = live(snapshot, HotEvidence(1, now, {"41": visits(64, now)}))
    built = snapshot.hotness.scores[:, number]
    assert 2 ** table.scores[:, number] == pytest.approx(2**built + 64, rel=1e-4)


def test_articles_that_the_index_does_not_have_are_left_out(snapshot: Snapshot) -> None:
    table = live(snapshot, HotEvidence(1, 0, {"gone": visits(99, 2e9)}))
    assert np.array_equal(table.scores, snapshot.hotness.scores)


def test_a_new_article_stands_beside_the_old_ones(snapshot: Snapshot) -> None:
    published = snapshot.articles.published
    reference = reference_of(published)
    table = LiveHotness(
        snapshot.hotness,
        base_published=published,
        published=np.append(published, [reference + 86_400, MISSING]),
        evidence=HotEvidence(1, reference, {"new": visits(8, reference)}),
        find={"new": len(published)}.get,
        delta_strengths=[3.0, 3.0],
    )
    assert table.scores.shape == (4, len(published) + 2)
    week = HOT_WINDOWS.index("week")
    assert table.scores[week, -1] == pytest.approx(3.0)
    assert 2.0 ** table.scores[week, -2] == pytest.approx(2 ** (3 + 1 / 7) + 8, rel=1e-4)


def test_a_new_article_is_credited_with_what_its_neighbours_have(snapshot: Snapshot) -> None:
    strengths = snapshot.hotness.scores[HOT_WINDOWS.index("all")]
    strongest, weakest = int(strengths.argmax()), int(strengths.argmin())
    new = Article("n", "新文章", "正文")
    beside_strong = delta_strength(new, snapshot.hotness, [(strongest, 0.6)])
    beside_weak = delta_strength(new, snapshot.hotness, [(weakest, 0.6)])
    alone = delta_strength(new, snapshot.hotness, [])
    assert beside_weak < alone < beside_strong < strengths[strongest]
    read = Article("n", "新文章", "正文", views=1_000_000)
    assert delta_strength(read, snapshot.hotness, []) == pytest.approx(math.log2(1e6), abs=0.01)
