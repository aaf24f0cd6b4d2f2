"""What stands in the 热门内容 box, site-wide or for one category?

Invariant: hottest first, ties by article number; no article beside its own near-duplicate; a topic
that has much in the list already must be hotter to get more of it; an unknown category is an empty list,
not an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.index.hotness import HOT_WINDOWS
from engine.index.snapshot import Snapshot
from engine.recommend.cards import HotItem, HotList
from engine.recommend.diversity import choose_diverse
from engine.recommend.shown_once import ShownOnce

SITE_SCOPE = "site"

REPEAT_COST_BITS = 2.0
"""Each further article just like one in the list must be four times as hot to stand there too."""

_POOL_PER_ITEM = 5
_STRIDE = 256


def hot_articles(
    snapshot: Snapshot, *, window: str = "week", category: Sequence[str] = (), size: int = 10
) -> HotList:
    """Return the `size` hottest articles of `window` (one of `HOT_WINDOWS`) below `category`."""
    items = hot_box(snapshot, window, category, size, ShownOnce(snapshot))
    return HotList(items, window, "/".join(category) if category else SITE_SCOPE)


def hot_box(
    snapshot: Snapshot, window: str, category: Sequence[str], size: int, shown: ShownOnce
) -> tuple[HotItem, ...]:
    """Return the `size` hottest articles below `category` that `shown` has not had yet."""
    scores = snapshot.hotness.scores[HOT_WINDOWS.index(window)]
    pool = shown.fresh(_hottest(snapshot, window, category), size * _POOL_PER_ITEM)
    values = [float(scores[number]) for number in pool]
    chosen = choose_diverse(values, snapshot.vectors.unit(pool), size, REPEAT_COST_BITS)
    for position in chosen:
        shown.take(pool[position])
    snapshot.articles.expect([pool[position] for position in chosen])
    return tuple(
        HotItem(snapshot.articles.card(pool[position]), round(values[position], 4), rank)
        for rank, position in enumerate(chosen, start=1)
    )


def _hottest(snapshot: Snapshot, window: str, category: Sequence[str]) -> Iterator[int]:
    allowed = None
    if category:
        taxonomy = snapshot.taxonomy
        allowed = taxonomy.category_mask(taxonomy.categories_below(category))
    order = snapshot.hotness.order[HOT_WINDOWS.index(window)]
    # In strides: a box is full after a few dozen articles, however many there are.
    for start in range(0, len(order), _STRIDE):
        stride = order[start : start + _STRIDE]
        yield from (stride if allowed is None else stride[allowed[stride]]).tolist()
