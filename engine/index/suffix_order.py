"""In which order do the endings of all texts stand in a dictionary?

A suffix array of bounded depth by prefix doubling (Manber and Myers 1993): each round sorts all
suffixes by twice as many units with one integer sort, so 64 units take six sorts however
repetitive the texts are. Invariant: suffixes are ordered by their first `SORTED_UNITS` units,
equal ones by position.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.index.suggestions import SEPARATOR, SORTED_UNITS


def suffix_order(units: npt.NDArray[np.unsignedinteger]) -> npt.NDArray[np.uint32]:
    """Return the positions of all units but separators, in the order of the suffixes they start.

    units: unsigned [n], texts each followed by one `SEPARATOR`, which sorts before everything.
    """
    ranks = units.astype(np.uint64)
    length = 1
    while length < min(SORTED_UNITS, len(units)):
        following = np.zeros_like(ranks)
        following[:-length] = ranks[length:]
        # What stands behind a separator sorts too, and does no harm: no query reaches across.
        distinct, numbers = np.unique((ranks << np.uint64(32)) | following, return_inverse=True)
        ranks = numbers.astype(np.uint64)
        if len(distinct) == len(units):
            break
        length *= 2
    order = np.argsort(ranks, kind="stable").astype(np.uint32)
    kept: npt.NDArray[np.uint32] = order[units[order] != SEPARATOR]
    return kept
