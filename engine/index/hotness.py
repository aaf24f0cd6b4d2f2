"""What is being read most, site-wide and below any category?

Invariant: a window is a half-life, not a cut-off: old articles sink but never vanish, so no hot list is
ever empty while there are articles. Each row of `order` sorts all articles by the row of `scores`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np
import numpy.typing as npt

from engine.folder import Folder
from engine.index.codec import map_array

HOT_WINDOW_HALF_LIFE_DAYS: Mapping[str, float | None] = {
    "day": 1.0,
    "week": 7.0,
    "month": 30.0,
    "all": None,
}
"""Half-life in days by window, in the order of the stored rows; None: no decay."""

HOT_WINDOWS = tuple(HOT_WINDOW_HALF_LIFE_DAYS)


class HotTable:
    """Hot scores computed at build time and the orders they give."""

    def __init__(self, directory: Folder) -> None:
        self._directory = directory

    @cached_property
    def scores(self) -> npt.NDArray[np.float32]:
        """log2 of decayed engagement, float32 [windows, articles]; comparable within one window."""
        return map_array(self._directory / "hot.scores.npy")

    @property
    def built(self) -> npt.NDArray[np.float32]:
        """Return the scores as they were when the index was built, float32 [windows, articles then]."""
        return self.scores

    @cached_property
    def order(self) -> npt.NDArray[np.uint32]:
        """Article numbers, hottest first, uint32 [windows, articles]."""
        return map_array(self._directory / "hot.order.npy")

    def hottest(
        self, window: str, limit: int, allowed: npt.NDArray[np.bool_] | None = None
    ) -> npt.NDArray[np.uint32]:
        """Return the `limit` hottest articles of `window` among those `allowed` (bool [articles])."""
        order: npt.NDArray[np.uint32] = self.order[HOT_WINDOWS.index(window)]
        if allowed is not None:
            order = order[allowed[order]]
        return order[:limit]
