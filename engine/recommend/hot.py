"""What stands in the 热门内容 box, site-wide or for one category?

Invariant: hottest first, ties by article number; an unknown category is an empty list, not an error.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.index.hotness import HOT_WINDOWS
from engine.index.snapshot import Snapshot
from engine.recommend.cards import HotItem, HotList

SITE_SCOPE = "site"


def hot_articles(
    snapshot: Snapshot, *, window: str = "week", category: Sequence[str] = (), size: int = 10
) -> HotList:
    """Return the `size` hottest articles of `window` (one of `HOT_WINDOWS`) below `category`."""
    allowed = None
    if category:
        taxonomy = snapshot.taxonomy
        allowed = taxonomy.category_mask(taxonomy.categories_below(category))
    scores = snapshot.hotness.scores[HOT_WINDOWS.index(window)]
    items = tuple(
        HotItem(snapshot.articles.card(number), round(float(scores[number]), 4), rank)
        for rank, number in enumerate(
            snapshot.hotness.hottest(window, size, allowed).tolist(), start=1
        )
    )
    return HotList(items, window, "/".join(category) if category else SITE_SCOPE)
