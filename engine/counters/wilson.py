"""How sure is a share that was seen in few cases?

Invariant: the interval holds the share and lies within 0 and 1, even for none and for all.
"""

from __future__ import annotations

from math import sqrt

_NORMAL_QUANTILE_95 = 1.959963984540054


def wilson_interval(hits: int, cases: int) -> tuple[float, float]:
    """Return the 95 % score interval (Wilson 1927) of a share of `hits` in `cases` >= 1."""
    z2 = _NORMAL_QUANTILE_95**2
    share = hits / cases
    middle = (share + z2 / (2 * cases)) / (1 + z2 / cases)
    reach = (
        _NORMAL_QUANTILE_95
        * sqrt(share * (1 - share) / cases + z2 / (4 * cases**2))
        / (1 + z2 / cases)
    )
    return max(0.0, min(middle - reach, share)), min(1.0, max(middle + reach, share))
