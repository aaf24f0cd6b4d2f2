"""How hot is an article?

Engagement S is counted in views; a hot score is log2 of S as it has decayed. What happened at moment t with
half-life H counts 2^((t - reference) / H), so a score is log2 S + (t - reference) / H: it orders like decayed
engagement, does not overflow, and need not be rewritten as time passes, because time moves all scores alike.
docs/ranking.md has the reasons and the sources. Invariant: pure functions; the reference is the newest
publication in the index, never a clock, so that equal input gives equal bytes.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.documents import Article
from engine.index.articles import MISSING
from engine.index.hotness import HOT_WINDOW_HALF_LIFE_DAYS

COMMENT_WEIGHT = 20.0
FAVORITE_WEIGHT = 10.0
LIKE_WEIGHT = 5.0
CLICK_WEIGHT = 1.0
"""How many views one of each stands for: rough ratios of how rare they are. A click counts beside the view
that follows it: who chose an article from a list wanted it more than who was led there."""

SECONDS_PER_DAY = 86_400.0

EXPOSURE_HALF_LIFE_DAYS = 7.0
"""Half of what an article will ever be read is taken to happen in its first week."""

PRIOR_NEIGHBOURS_WEIGHT = 0.5
"""How much similarity to engaged neighbours it takes before they outweigh the average of the site."""

Floats = npt.NDArray[np.float64]


def engagement(article: Article) -> float:
    """Return `article`'s engagement in views; what was not counted adds nothing."""
    return (
        float(article.views or 0)
        + COMMENT_WEIGHT * (article.comments or 0)
        + FAVORITE_WEIGHT * (article.favorites or 0)
        + LIKE_WEIGHT * (article.likes or 0)
    )


def exposures(age_days: Floats) -> Floats:
    """Return which share of its eventual engagement an article of each age has had, 0..1."""
    return 1.0 - np.exp2(-np.maximum(age_days, 0.0) / EXPOSURE_HALF_LIFE_DAYS)


def prior_strengths(
    strengths: Floats, exposure: Floats, neighbours: npt.NDArray[np.int64], similarities: Floats
) -> Floats:
    """Return what articles like each one reach, log2(1 + views), float64 [articles].

    strengths, exposure: of the articles that `neighbours`, [articles, k] with -1 for nobody, points to.
    The mean of the neighbours, each with its similarity and exposure for a weight, is drawn to the mean
    of the site: one distant neighbour says little.
    """
    total = float(exposure.sum())
    site = float(strengths @ exposure) / total if total else 0.0
    somebody = neighbours >= 0
    at = np.where(somebody, neighbours, 0)
    weights = np.where(somebody, np.maximum(similarities, 0.0) * exposure[at], 0.0)
    near = (weights * strengths[at]).sum(axis=1)
    prior: Floats = (near + PRIOR_NEIGHBOURS_WEIGHT * site) / (
        weights.sum(axis=1) + PRIOR_NEIGHBOURS_WEIGHT
    )
    return prior


def credited_strengths(views: Floats, exposure: Floats, prior: Floats) -> Floats:
    """Return log2(1 + engagement with credit), float64 [articles].

    A new article is credited with what its neighbours had, P views, as far as it has not had the time
    to gather its own, and the less the more it has gathered: S + P (1 - exposure) P / (P + S).
    It never gets more than P, so nobody is lifted above the best of their kind by being new.
    """
    expected = np.exp2(prior) - 1.0
    share = np.divide(expected, expected + views, out=np.zeros_like(views), where=expected > 0)
    return np.log2(1.0 + views + expected * (1.0 - exposure) * share)


def ages_in_days(published: npt.NDArray[np.int64], reference_seconds: int) -> Floats:
    """Return ages at the reference; an article without a date counts as the oldest."""
    dated = published != MISSING
    oldest = int(published[dated].min()) if dated.any() else reference_seconds
    return (reference_seconds - np.where(dated, published, oldest)) / SECONDS_PER_DAY


def reference_of(published: npt.NDArray[np.int64]) -> int:
    """Return the newest publication time, in seconds since 1970; 0 where none is known."""
    dated = published[published != MISSING]
    return int(dated.max()) if len(dated) else 0


def window_scores(strengths: Floats, age_days: Floats) -> npt.NDArray[np.float32]:
    """Return hot scores of what happened `age_days` before the reference, float32 [windows, n]."""
    rows = [
        strengths if half_life is None else strengths - age_days / half_life
        for half_life in HOT_WINDOW_HALF_LIFE_DAYS.values()
    ]
    return np.asarray(rows, dtype=np.float32)


def hot_order(scores: npt.NDArray[np.float32]) -> npt.NDArray[np.uint32]:
    """Return article numbers, hottest first, uint32 [windows, articles]; ties by number."""
    return np.argsort(-scores, axis=1, kind="stable").astype(np.uint32)
