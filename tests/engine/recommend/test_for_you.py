"""What the sample's readers are offered after what they have read."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.index.snapshot import Snapshot
from engine.recommend.cards import Source
from engine.recommend.for_you import for_you
from engine.recommend.hot import hot_articles


def ids(snapshot: Snapshot, history: list[str], size: int = 10) -> list[str]:
    return [item.card.id for item in for_you(snapshot, history, size).items]


def group_of(snapshot: Snapshot, article_id: str) -> int:
    number = snapshot.articles.find(article_id)
    assert number is not None
    return snapshot.duplicates.original_of(number)


@pytest.mark.parametrize("history", [["41"], ["16", "24"], ["3", "41", "100", "7"]])
def test_what_was_read_and_its_reposts_are_not_offered_again(
    snapshot: Snapshot, history: list[str]
) -> None:
    groups = [group_of(snapshot, i) for i in ids(snapshot, history)]
    assert len(groups) == len(set(groups)) == 10
    assert not set(groups) & {group_of(snapshot, i) for i in history}


def test_a_reader_of_one_subject_is_offered_that_subject(snapshot: Snapshot) -> None:
    first, *_ = for_you(snapshot, ["41"], 5).items
    assert first.card.id == "42"
    assert first.source is Source.TFIDF
    assert "直通车" in first.shared_terms
    assert 0 < first.score <= 1


def test_the_last_reads_weigh_most(snapshot: Snapshot) -> None:
    old_interest = ["41", "42", "43"]
    new_interest = ["16", "20", "65"]
    latest_is_new = ids(snapshot, old_interest * 3 + new_interest)
    latest_is_old = ids(snapshot, new_interest * 3 + old_interest)
    near_new = set(ids(snapshot, new_interest))
    assert len(near_new & set(latest_is_new)) > len(near_new & set(latest_is_old))


def test_reading_again_is_reading_last(snapshot: Snapshot) -> None:
    assert ids(snapshot, ["41", "16", "24", "41"]) == ids(snapshot, ["16", "24", "41"])


def test_a_deleted_article_in_a_history_breaks_nothing(
    snapshot: Snapshot, without: Callable[..., Snapshot]
) -> None:
    answer = for_you(snapshot, ["gone", "41", "\ud800", "gone"], 10)
    assert answer.unknown == ("gone", "\ud800")
    assert [item.card.id for item in answer.items] == ids(snapshot, ["41"])
    left = for_you(without("42"), ["41", "42"], 10)
    assert left.unknown == ("42",)
    assert "42" not in [item.card.id for item in left.items]


@pytest.mark.parametrize("history", [[], ["gone"]])
def test_without_a_history_hot_articles_are_offered_and_said_to_be_that(
    snapshot: Snapshot, history: list[str]
) -> None:
    items = for_you(snapshot, history, 10).items
    assert {item.source for item in items} == {Source.HOT}
    assert [i.card.id for i in items] == [
        h.card.id for h in hot_articles(snapshot, window="week").items
    ]


def test_a_list_longer_than_the_neighbours_is_filled_with_hot_articles(snapshot: Snapshot) -> None:
    items = for_you(snapshot, ["41"], 50).items
    assert len(items) == 50
    sources = [item.source for item in items]
    assert sources == sorted(sources, key=[Source.TFIDF, Source.HOT].index)
    scores = [item.score for item in items]
    assert scores == sorted(scores, reverse=True)


def test_whoever_has_read_everything_is_offered_nothing(snapshot: Snapshot) -> None:
    everything = [snapshot.articles.article_id(n) for n in range(len(snapshot.articles))]
    assert for_you(snapshot, everything, 10).items == ()
