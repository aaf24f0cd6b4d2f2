"""How much do counts of the past weigh, when each halves its weight with time?

Invariant: the result is a logarithm that refers to 1970, so it orders like the decayed sum at any later
moment, and nothing has to be written again as time passes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from engine.index.hot_formula import SECONDS_PER_DAY

SECONDS_PER_HOUR = 3_600.0


@dataclass(frozen=True, slots=True)
class Count:
    """What one subject got in one bucket: how much, when the bucket began and how long it was."""

    start_seconds: int
    length_seconds: int
    amount: float

    @property
    def hours(self) -> float:
        """The length of the bucket."""
        return self.length_seconds / SECONDS_PER_HOUR

    @property
    def middle_seconds(self) -> float:
        """The moment that the bucket's events are taken to have happened at."""
        return self.start_seconds + self.length_seconds / 2


def decayed_score(
    counts: Sequence[Count], amounts: Sequence[float], half_life_days: float
) -> float:
    """Return log2 of the sum of `amounts` x 2^(days since 1970 / half-life); all must be above 0."""
    bits = [
        math.log2(amount) + count.middle_seconds / SECONDS_PER_DAY / half_life_days
        for count, amount in zip(counts, amounts, strict=True)
    ]
    # In steps that cannot overflow: the largest is 1 when it is added.
    most = max(bits)
    return most + math.log2(sum(2.0 ** (bit - most) for bit in bits))
