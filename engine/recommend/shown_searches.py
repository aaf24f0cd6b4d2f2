"""What stands in the 热搜 box?

Invariant: the list of blocked words holds here once more, though it held when the searches were counted: a
word that is blocked with a new index is gone at once.
"""

from __future__ import annotations

from engine.index.hot_searches import HotSearch
from engine.index.snapshot import Snapshot


def shown_searches(snapshot: Snapshot, size: int) -> tuple[HotSearch, ...]:
    """Return the `size` hottest searches that may be shown now."""
    blocked = snapshot.blocked_words
    shown = [s for s in snapshot.hot_searches.searches if not blocked.blocks(s.query)]
    return tuple(shown[:size])
