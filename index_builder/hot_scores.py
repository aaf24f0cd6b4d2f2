"""Which articles are hot when the index is built?

What the site counted by then, taken to have happened when the article was published, with credit for new
articles; see `engine.index.hot_formula`. Live events are added by readers (`engine.live.live_hotness`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from engine.documents import Article
from engine.index.hot_formula import (
    ages_in_days,
    credited_strengths,
    engagement,
    exposures,
    prior_strengths,
    reference_of,
    window_scores,
)
from engine.index.neighbours import NOBODY
from index_builder.articles_writer import published_seconds


def hot_scores(
    articles: Sequence[Article],
    neighbours: npt.NDArray[np.uint32],
    similarities: npt.NDArray[np.float32],
) -> npt.NDArray[np.float32]:
    """Return the hot scores of `articles`, float32 [windows, articles].

    neighbours, uint32 [articles, k] padded with `NOBODY`, and similarities, float32 [articles, k]: the
    related articles, whose engagement new articles are credited with.
    """
    published = published_seconds(articles)
    ages = ages_in_days(published, reference_of(published))
    exposure = exposures(ages)
    views = np.array([engagement(article) for article in articles], dtype=np.float64)
    known = np.where(neighbours == NOBODY, -1, neighbours.astype(np.int64))
    prior = prior_strengths(np.log2(1.0 + views), exposure, known, similarities.astype(np.float64))
    return window_scores(credited_strengths(views, exposure, prior), ages)
