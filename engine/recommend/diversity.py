"""How does a list avoid saying the same thing ten times?

Maximal marginal relevance (Carbonell and Goldstein 1998) with one change: what counts against a candidate
is not its likeness to the nearest chosen article but the sum of its likenesses to all of them, so that each
further article on a topic must be better than the one before by the same step again. With the maximum, ten
strong articles on one topic would cost no more than two. Invariant: the best candidate is always chosen.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt


def choose_diverse(
    scores: Sequence[float], vectors: npt.NDArray[np.float32], size: int, repeat_cost: float
) -> list[int]:
    """Return the positions of `size` candidates, in the order of `scores`, which must fall.

    `vectors`, float32 [candidates, dimensions], are of length 1 or zero. `repeat_cost` is what an
    article pays, in the unit of the scores, for each chosen article exactly like it; half alike
    (cosine 0.5) costs a quarter.
    """
    values = np.asarray(scores, dtype=np.float64).copy()
    likeness = np.maximum(vectors @ vectors.T, 0.0)
    # The square: two articles of one site always share something, and that must cost nothing.
    costs = repeat_cost * likeness * likeness
    chosen: list[int] = []
    for _ in range(min(size, len(values))):
        best = int(values.argmax())
        chosen.append(best)
        values -= costs[best]
        values[best] = -np.inf
    return sorted(chosen)
