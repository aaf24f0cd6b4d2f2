"""Which articles stand before and after this one in its category (上一篇, 下一篇)?

In order of publication, ties by article number; an undated article counts as older than every dated one,
so the articles of a category form one chain. Invariant: whoever follows `next` always moves on in that
order, and so comes to an end; only hidden articles and near-duplicates on the same page are passed over.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from engine.index.snapshot import Snapshot
from engine.index.taxonomy import NO_CATEGORY
from engine.recommend.shown_once import ShownOnce
from engine.recommend.visible_articles import visible_among


def previous_and_next(
    snapshot: Snapshot, article: int, shown: ShownOnce
) -> tuple[int | None, int | None]:
    """Return the numbers of the articles next older and next newer than `article`, or None.

    Both are filed in exactly its category, and `shown` has not had them yet.
    """
    category = snapshot.taxonomy.category_of[article]
    if category == NO_CATEGORY:
        return None, None
    filed = visible_among(
        snapshot, np.flatnonzero(snapshot.taxonomy.category_of == category).astype(np.uint32)
    )
    published = snapshot.articles.published
    times, moment = published[filed], published[article]
    older = (times < moment) | ((times == moment) & (filed < article))
    newer = (times > moment) | ((times == moment) & (filed > article))
    return (
        # Reversed, so that the last of equals comes first: argmax and argmin take the first they see.
        _first_shown(filed[older][::-1], times[older][::-1], np.argmax, shown),
        _first_shown(filed[newer], times[newer], np.argmin, shown),
    )


def _first_shown(
    articles: npt.NDArray[np.uint32],
    times: npt.NDArray[np.int64],
    best: Callable[[npt.NDArray[np.int64]], np.intp],
    shown: ShownOnce,
) -> int | None:
    # Not sorted: nearly always the first choice is taken, and a category may hold thousands.
    while len(articles):
        at = int(best(times))
        if shown.take(number := int(articles[at])):
            return number
        articles, times = np.delete(articles, at), np.delete(times, at)
    return None
