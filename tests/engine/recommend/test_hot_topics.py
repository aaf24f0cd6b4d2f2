"""One topic cannot fill a hot list, however hot it is; and the list still falls by score."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from engine.documents import Card
from engine.index.hotness import HOT_WINDOWS
from engine.recommend.hot import hot_articles

TOPICS = [0] * 10 + list(range(1, 11))
"""Ten articles on one topic, then ten on others."""

SCORES = [20.0 - 0.1 * place for place in range(10)] + [13.0 - 0.1 * place for place in range(10)]


def site(vectors: np.ndarray, hidden: np.ndarray | None = None) -> Any:
    rows = np.tile(np.array(SCORES, dtype=np.float32), (len(HOT_WINDOWS), 1))

    def card(number: int) -> Card:
        return Card(str(number), "标题", None, "", (), (), None, None, None, None, None)

    return SimpleNamespace(
        articles=SimpleNamespace(card=card, expect=lambda _numbers: None),
        duplicates=SimpleNamespace(original_of=lambda number: number),
        hidden=hidden,
        hotness=SimpleNamespace(scores=rows, order=np.argsort(-rows, axis=1, kind="stable")),
        vectors=SimpleNamespace(unit=lambda numbers: vectors[list(numbers)]),
    )


def shown(snapshot: Any) -> list[int]:
    return [int(item.card.id) for item in hot_articles(snapshot).items]


def test_ten_copies_of_one_topic_leave_half_of_the_list_to_others() -> None:
    alike = np.eye(11, dtype=np.float32)[TOPICS]
    numbers = shown(site(alike))
    assert sum(TOPICS[number] == 0 for number in numbers) == 4
    assert numbers == sorted(numbers)


def test_without_vectors_they_fill_it() -> None:
    assert shown(site(np.zeros((20, 11), dtype=np.float32))) == list(range(10))


def test_the_hottest_article_always_leads() -> None:
    alike = np.eye(11, dtype=np.float32)[TOPICS]
    assert shown(site(alike))[0] == 0
    hidden = np.zeros(20, dtype=bool)
    hidden[0] = True
    assert shown(site(alike, hidden))[0] == 1
