"""Which articles are hot at build time?

Each article's engagement decays with its age: rank by log2 S - age / H, which orders like S * 2^(-age/H)
without overflowing, and needs no rewriting as time passes. Invariant: the clock is
the newest publication time in the corpus, not the builder's, so equal input gives equal scores.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from engine.documents import Article
from engine.index.hotness import HOT_WINDOW_HALF_LIFE_DAYS

COMMENT_WEIGHT = 20.0
FAVORITE_WEIGHT = 10.0
LIKE_WEIGHT = 5.0
"""How many views one comment, favourite or like stands for: rough ratios of how rare they are."""

_SECONDS_PER_DAY = 86_400.0


def engagement(article: Article) -> float:
    """Return `article`'s engagement in views; what was not counted adds nothing."""
    return (
        float(article.views or 0)
        + COMMENT_WEIGHT * (article.comments or 0)
        + FAVORITE_WEIGHT * (article.favorites or 0)
        + LIKE_WEIGHT * (article.likes or 0)
    )


def hot_scores(articles: Sequence[Article]) -> npt.NDArray[np.float32]:
    """Return the hot scores of `articles`, float32 [windows, articles].

    An article without a publication time counts as the oldest.
    """
    strength = np.log2(1.0 + np.array([engagement(article) for article in articles]))
    times = [a.published_at.timestamp() if a.published_at else np.nan for a in articles]
    published = np.array(times, dtype=np.float64)
    if np.all(np.isnan(published)):
        published = np.zeros(len(articles))
    newest, oldest = np.nanmax(published), np.nanmin(published)
    age_days = (newest - np.where(np.isnan(published), oldest, published)) / _SECONDS_PER_DAY
    rows = [
        strength if half_life is None else strength - age_days / half_life
        for half_life in HOT_WINDOW_HALF_LIFE_DAYS.values()
    ]
    return np.asarray(rows, dtype=np.float32)


def hot_order(scores: npt.NDArray[np.float32]) -> npt.NDArray[np.uint32]:
    """Return article numbers, hottest first, uint32 [windows, articles]; ties by number."""
    return np.argsort(-scores, axis=1, kind="stable").astype(np.uint32)
