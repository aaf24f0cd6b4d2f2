"""What is hot, counting what happened since the index was built?

The built scores and the live evidence are two sums of decayed engagement on one scale, so they are added.
Invariant: same questions and answers as `HotTable`; without evidence and new articles the same order too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from engine.documents import Article
from engine.index.articles import MISSING
from engine.index.hot_formula import (
    SECONDS_PER_DAY,
    credited_strengths,
    engagement,
    hot_order,
    prior_strengths,
    reference_of,
    window_scores,
)
from engine.index.hotness import HOT_WINDOW_HALF_LIFE_DAYS, HOT_WINDOWS, HotTable
from engine.live.hot_list import HotEvidence


class LiveHotness(HotTable):
    """The scores of base and new articles with live evidence; worked out at the first question."""

    def __init__(
        self,
        base: HotTable,
        *,
        base_published: npt.NDArray[np.int64],
        published: npt.NDArray[np.int64],
        evidence: HotEvidence,
        find: Callable[[str], int | None],
        delta_strengths: Sequence[float] = (),
    ) -> None:
        """Keep what is needed.

        published: int64 seconds of all articles, those of the base first, as `base_published` has them;
        find: article id -> number; delta_strengths: one `delta_strength` per new article.
        """
        self._base = base
        self._base_published = base_published
        self._published = published
        self._evidence = evidence
        self._find = find
        self._delta_strengths = delta_strengths

    @cached_property
    def scores(self) -> npt.NDArray[np.float32]:
        """As `HotTable.scores`, float32 [windows, base and new articles]."""
        reference = reference_of(self._base_published)
        new = self._published[len(self._base_published) :]
        ages = np.where(new == MISSING, 0.0, (reference - new) / SECONDS_PER_DAY)
        strengths = np.asarray(self._delta_strengths, dtype=np.float64)
        scores = np.concatenate([self._base.scores, window_scores(strengths, ages)], axis=1)
        numbers, gains = self._gains(reference)
        scores[:, numbers] = np.logaddexp2(scores[:, numbers], gains)
        return scores

    @property
    def built(self) -> npt.NDArray[np.float32]:
        """As `HotTable.built`."""
        return self._base.built

    @cached_property
    def order(self) -> npt.NDArray[np.uint32]:
        """As `HotTable.order`."""
        return hot_order(self.scores)

    def _gains(
        self, reference_seconds: int
    ) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float32]]:
        found = [(self._find(key), row) for key, row in self._evidence.scores.items()]
        known = {number: row for number, row in found if number is not None}
        days = reference_seconds / SECONDS_PER_DAY
        shifts = [
            0.0 if half is None else days / half for half in HOT_WINDOW_HALF_LIFE_DAYS.values()
        ]
        rows = np.array(list(known.values()), dtype=np.float64).reshape(-1, len(HOT_WINDOWS))
        gains = (rows - np.array(shifts)).T.astype(np.float32)
        return np.fromiter(known, dtype=np.intp, count=len(known)), gains


def delta_strength(
    article: Article, base: HotTable, neighbours: Iterable[tuple[int, float]]
) -> float:
    """Return the strength of a new `article`: what it has, and credit for what its neighbours have.

    neighbours: numbers in the base, with their similarities.
    """
    # Without decay a score is the strength itself.
    strengths = base.scores[HOT_WINDOWS.index("all")].astype(np.float64)
    pairs = list(neighbours)
    numbers = np.array([[number for number, _ in pairs]], dtype=np.int64)
    similarities = np.array([[similarity for _, similarity in pairs]], dtype=np.float64)
    prior = prior_strengths(strengths, np.ones(len(strengths)), numbers, similarities)
    views = np.array([engagement(article)], dtype=np.float64)
    return float(credited_strengths(views, np.zeros(1), prior)[0])
