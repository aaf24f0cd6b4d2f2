"""Which searches are hot?

Invariant: nothing personal: a query and a number, hottest first.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HotSearch:
    """A normalised query and how many visitors, counted by day, searched for it lately."""

    query: str
    count: int


@dataclass(frozen=True, slots=True)
class HotSearches:
    """generation: one more with each refresh that changed something; counted_at_seconds: since 1970."""

    generation: int = 0
    counted_at_seconds: int = 0
    searches: tuple[HotSearch, ...] = ()
