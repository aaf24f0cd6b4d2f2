"""How much of a burst counts?

Nobody can tell ten thousand readers from one program with ten thousand names. What can be told is how fast
an article was read before: honest interest grows over hours, a program jumps. So in each bucket an article
is credited in full up to a cap, twice its own best hour of the last day and never less than what is usual
on the site, and beyond that with the logarithm of the excess. An article that is truly spreading raises its
own cap with each hour; a burst that stops has gained next to nothing. Invariant: what is credited grows
with what was counted, never beyond it, and in one hour at most to the cap plus log2 of the count.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from engine.recommend.decayed_counts import SECONDS_PER_HOUR, Count

GROWTH_PER_HOUR = 2.0
"""An article may be read twice as fast as in its best hour of the last day without being damped."""

USUAL_SHARE = 0.9
"""The usual pace of the site is what nine in ten buckets with readers stay below."""

LEAST_PACE = 2.0
"""Views an hour that are never damped, however quiet the site."""

MEMORY_HALF_LIFE_HOURS = 24.0


def usual_pace(counts: Iterable[Count]) -> float:
    """Return the views an hour that most buckets with readers stay below, at least `LEAST_PACE`."""
    paces = sorted(count.amount / count.hours for count in counts if count.amount > 0)
    return max(LEAST_PACE, paces[int(USUAL_SHARE * (len(paces) - 1))]) if paces else LEAST_PACE


def credited(counts: Sequence[Count], pace: float) -> list[float]:
    """Return the views that each of one article's `counts`, in order of time, is credited with.

    `pace` is the site's `usual_pace`.
    """
    given: list[float] = []
    best_pace = 0.0
    last_seconds = 0.0
    for count in counts:
        idle_hours = max(0.0, (count.middle_seconds - last_seconds) / SECONDS_PER_HOUR)
        best_pace *= 2.0 ** (-idle_hours / MEMORY_HALF_LIFE_HOURS)
        cap = max(pace, GROWTH_PER_HOUR * best_pace) * count.hours
        credit = count.amount
        if credit > cap:
            credit = min(credit, cap + math.log2(1.0 + credit - cap))
        given.append(credit)
        best_pace = max(best_pace, credit / count.hours)
        last_seconds = count.middle_seconds
    return given
