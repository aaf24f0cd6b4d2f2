"""Which articles have the greatest sums, when most postings cannot matter?

For many articles: short lists, which weigh most, are added up first. What the long ones can still add is
bounded by their peaks, so only articles that could yet come among the best are looked up in them (the idea of
MaxScore: Turtle and Flood 1995, "Query evaluation: strategies and optimizations"). Invariant: sums are exact
(`engine.search.addition`), and an article is given up only when it cannot reach what `size` others have.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from engine.index.postings import IMPACT_STEPS
from engine.search.leaders import (
    SAME_SCORE,
    Leaders,
    Sums,
    best_of,
    leaders_of,
    reached_by,
    reaching,
)
from engine.search.weighted_lists import WeightedLists, Worth, summed

_FIRST_SHARE = 0.25
"""So much of the postings is added up before it is asked what the best articles have."""

_BOUND_SHARE = 0.6
"""Lists are added up until the others can add no more than this share of that: the lower, the fewer articles
are left to look up, and the more postings are added up."""

_LOOKUP = 6
"""Looking an article up in a list takes so many times as long as adding a posting up."""


class BoundedAddition:
    """Adds up `lists` and `more` in one segment.

    padded: its articles, padded to `leaders.padded_size`.
    """

    def __init__(
        self, lists: WeightedLists, more: Sequence[Worth], grid: float, padded: int
    ) -> None:
        self._lists = lists
        self._grid = grid
        self._steps = steps = lists.steps(grid)
        lengths = np.array(list(map(len, lists.documents)), dtype=np.int64)
        self._order = order = lengths.argsort(kind="stable")
        self._postings = np.append(0, lengths[order].cumsum())
        """[k]: how many the k shortest lists have."""
        self._rests = np.zeros(len(order) + 1)
        """[k]: what all but the k shortest lists, and all rows, add to an article at most."""
        self._rests[:-1] = (steps[order] * IMPACT_STEPS)[::-1].cumsum()[::-1]
        self._rests += lists.bound_of_rows(grid)
        self._done = int(self._postings.searchsorted(_FIRST_SHARE * self._postings[-1]))
        shortest = lists.worth_of_lists(steps, order[: self._done].tolist())
        self._total = summed([*shortest, *more], padded)

    def leaders(self, size: int, hidden: npt.NDArray[np.bool_] | None) -> Leaders:
        """Return the best `size` of the articles that have a sum and are not `hidden`."""
        _hide(self._total, hidden)
        wanted = _BOUND_SHARE * reached_by(self._total, size)
        self._add_up_to(int((self._rests > wanted).sum()))
        _hide(self._total, hidden)
        reached = reached_by(self._total, size) * (1 - SAME_SCORE)
        least = reached - self._rests[self._done]
        if least > 0.0:
            articles = reaching(self._total, least)
            looked_up = len(articles) * (len(self._order) - self._done)
            if looked_up * _LOOKUP <= self._postings[-1] - self._postings[self._done]:
                return self._best_of(articles, reached, size)
        self._add_up_to(len(self._order))
        self._lists.add_rows(self._total, self._grid)
        _hide(self._total, hidden)
        return leaders_of(self._total, size)

    def _add_up_to(self, count: int) -> None:
        """Add what is missing of the `count` shortest lists."""
        chosen = self._order[self._done : count].tolist()
        for articles, sums in self._lists.worth_of_lists(self._steps, chosen):
            np.add.at(self._total, articles.astype(np.intp), sums)
        self._done = max(self._done, min(count, len(self._order)))

    def _best_of(self, articles: npt.NDArray[np.intp], reached: float, size: int) -> Leaders:
        """Return the best of `articles`, looked up in what is not added up."""
        sums = self._total[articles]
        for rank in range(self._done, len(self._order)):
            sums += self._looked_up(int(self._order[rank]), articles)
            kept = sums >= reached - self._rests[rank + 1]
            articles, sums = articles[kept], sums[kept]
        return best_of(articles, sums + self._lists.rows_at(articles, self._grid), size)

    def _looked_up(self, at: int, articles: npt.NDArray[np.intp]) -> Sums:
        """Return what list `at` adds to each of `articles`."""
        documents, impacts = self._lists.documents[at], self._lists.impacts[at]
        wanted = articles.astype(documents.dtype)
        places = documents.searchsorted(wanted)
        has = documents.take(places, mode="clip") == wanted
        worth = impacts.take(places, mode="clip") * self._steps[at]
        found: Sums = np.where(has, worth, 0.0)
        return found


def _hide(total: Sums, hidden: npt.NDArray[np.bool_] | None) -> None:
    if hidden is not None:
        total[: len(hidden)][hidden] = 0.0
