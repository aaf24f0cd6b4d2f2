"""Which terms do several lists have together, and where does each term of each list stand then?

Invariant: the result depends on the lists alone, not on the way that was taken.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

_FEW = 1 / 8
"""Up to this share of the longest list, the terms of the others are looked up in it one by one."""

Places = npt.NDArray[np.int32]


def merge_terms(lists: Sequence[Sequence[str]]) -> tuple[list[str], list[Places]]:
    """Return the distinct terms of `lists`, each of which ascends, in ascending order.

    With them, for each list, the place of each of its terms, int32.
    """
    longest = max(range(len(lists)), key=lambda number: len(lists[number]), default=-1)
    if longest < 0:
        return [], []
    if sum(map(len, lists)) - len(lists[longest]) <= _FEW * len(lists[longest]):
        return _merge_few(lists, longest)
    terms = sorted(set().union(*lists))
    place_of = {term: place for place, term in enumerate(terms)}
    return terms, [
        np.fromiter(map(place_of.__getitem__, ones), np.int32, len(ones)) for ones in lists
    ]


def _merge_few(lists: Sequence[Sequence[str]], longest: int) -> tuple[list[str], list[Places]]:
    """Merge short lists into a long one, as a cached corpus and some new articles are: no look-up table."""
    base = lists[longest]
    starts = {
        term: bisect_left(base, term)
        for term in set().union(*(ones for number, ones in enumerate(lists) if number != longest))
    }
    new = sorted(term for term, at in starts.items() if at == len(base) or base[at] != term)
    terms: list[str] = []
    done = 0
    for term in new:
        terms += base[done : starts[term]]
        terms.append(term)
        done = starts[term]
    terms += base[done:]
    before = np.asarray([starts[term] for term in new], dtype=np.int64)
    numbers = np.arange(len(base))
    moved = (numbers + np.searchsorted(before, numbers, side="right")).astype(np.int32)
    place_of = dict(zip(new, (before + np.arange(len(new))).tolist(), strict=True))
    known = [term for term in starts if term not in place_of]
    place_of.update(zip(known, moved[[starts[term] for term in known]].tolist(), strict=True))
    places = [
        moved
        if number == longest
        else np.fromiter(map(place_of.__getitem__, ones), np.int32, len(ones))
        for number, ones in enumerate(lists)
    ]
    return terms, places
