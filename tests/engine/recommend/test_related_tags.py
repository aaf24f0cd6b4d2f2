"""Tags that go together: by shared articles and by what these are about, not by size."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from engine.index.snapshot import Snapshot
from engine.recommend.cards import TagCount
from engine.recommend.related_tags import related_tags
from engine.recommend.tag_pages import tag_page


class FakeTaxonomy:
    def __init__(self, tagged: Sequence[Sequence[str]]) -> None:
        self.tags = sorted({tag for tags in tagged for tag in tags})
        self._rows = [[self.tags.index(tag) for tag in tags] for tags in tagged]

    def tags_of(self, article: int) -> npt.NDArray[np.uint32]:
        return np.array(self._rows[article], dtype=np.uint32)

    def tag_articles(self, tag: int) -> npt.NDArray[np.uint32]:
        rows = [number for number, row in enumerate(self._rows) if tag in row]
        return np.array(rows, dtype=np.uint32)


def site(tagged: Sequence[Sequence[str]], vectors: Sequence[Sequence[float]]) -> Any:
    rows = np.array(vectors, dtype=np.float32)
    table = SimpleNamespace(unit=lambda numbers: rows[np.asarray(numbers, dtype=np.intp)])
    return SimpleNamespace(taxonomy=FakeTaxonomy(tagged), vectors=table, hidden=None)


def related(snapshot: Any, tag: str) -> list[TagCount]:
    number = snapshot.taxonomy.tags.index(tag)
    return list(related_tags(snapshot, number, snapshot.taxonomy.tag_articles(number)))


def test_a_tag_that_stands_on_everything_does_not_come_first() -> None:
    tagged = [["直通车", "电商", "出价"], ["直通车", "电商", "出价"], ["直通车", "电商"]]
    tagged += [["电商"]] * 9
    found = related(site(tagged, [[1.0, 0.0]] * 12), "直通车")
    assert found == [TagCount("出价", 2), TagCount("电商", 3)]


def test_of_two_tags_shared_alike_the_one_on_the_same_subject_comes_first() -> None:
    tagged = [["直通车", "活动", "出价"], ["活动"], ["出价"]]
    vectors = [[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]]
    assert [t.tag for t in related(site(tagged, vectors), "直通车")] == ["出价", "活动"]


def test_ties_stand_in_the_order_of_the_tags() -> None:
    tagged = [["甲", "丁", "丙", "乙"]]
    assert [t.tag for t in related(site(tagged, [[1.0, 0.0]]), "甲")] == ["丁", "丙", "乙"]


def test_a_tag_alone_has_no_related_tags() -> None:
    assert related(site([["直通车"], ["出价"]], [[1.0], [1.0]]), "直通车") == []


def test_a_thousand_tags_are_cut_to_twelve_best() -> None:
    tagged = [["甲", *(f"标签{n:04}" for n in range(1_000))]]
    assert len(related(site(tagged, [[1.0]]), "甲")) == 12


@pytest.mark.parametrize("tag", ["直通车", "拼多多", "直播"])
def test_related_tags_of_the_sample_share_articles_with_it(snapshot: Snapshot, tag: str) -> None:
    page = tag_page(snapshot, tag, size=50)
    shown = [set(card.tags) for card in page.cards]
    for other in page.related_tags:
        assert other.count == sum(other.tag in tags for tags in shown) > 0


def test_hidden_articles_count_for_nothing(
    snapshot: Snapshot, without: Callable[..., Snapshot]
) -> None:
    whole = tag_page(snapshot, "直通车", size=50)
    left = tag_page(without("42"), "直通车", size=50)
    assert left.total == whole.total - 1
    assert "42" not in {card.id for card in left.cards}
    assert {tag.tag for tag in left.related_tags} < {tag.tag for tag in whole.related_tags}
    gone = tag_page(without(*(card.id for card in whole.cards)), "直通车")
    assert (gone.total, gone.cards, gone.related_tags) == (0, (), ())
