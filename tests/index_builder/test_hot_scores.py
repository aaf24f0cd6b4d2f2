"""Hot scores at build time: a new article stands where its kind stands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np

from engine.documents import Article
from engine.index.hotness import HOT_WINDOWS
from engine.index.neighbours import NOBODY
from index_builder.hot_scores import hot_scores

NEWEST = datetime(2026, 5, 4, tzinfo=UTC)


def article(name: str, days_old: int, views: int) -> Article:
    moment = NEWEST - timedelta(days=days_old)
    return Article(name, f"直通车{name}", "正文", published_at=moment, views=views)


ARTICLES = [
    article("widely read", 60, 50_000),
    article("hardly read", 60, 50),
    article("new beside the widely read", 0, 3),
    article("new beside the hardly read", 0, 3),
    article("old and unread", 60, 3),
]
NEIGHBOURS = np.array([[2], [3], [0], [1], [0]], dtype=np.uint32)
SIMILARITIES = np.full((5, 1), 0.8, dtype=np.float32)


def test_a_new_article_is_credited_with_the_engagement_of_its_neighbours() -> None:
    strengths = hot_scores(ARTICLES, NEIGHBOURS, SIMILARITIES)[HOT_WINDOWS.index("all")]
    assert strengths[2] > strengths[3] + 3
    assert strengths[2] < strengths[0]
    # What had its time and was not read gets nothing for its neighbours.
    assert 2.0 < strengths[4] < 8.0
    assert strengths[4] < strengths[3]


def test_articles_without_neighbours_are_credited_with_the_average() -> None:
    nobody = np.full((5, 1), NOBODY, dtype=np.uint32)
    strengths = hot_scores(ARTICLES, nobody, np.zeros((5, 1), dtype=np.float32))[3]
    assert strengths[2] == strengths[3] > strengths[4]
