"""In which order are related articles shown, so that they do not all say the same?

Maximal marginal relevance (Carbonell and Goldstein 1998), for many lists at once. Invariant: the first is
always the best; equal values go to the lower place.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Similarities = npt.NDArray[np.float32]


def diversify(
    scores: Similarities, between: Similarities, diversity: float, most: int
) -> npt.NDArray[np.intp]:
    """Return for each row the places of up to `most` candidates in order, -1 after the last.

    scores: [rows, k], -inf where there is no candidate; between: [rows, k, k], how alike two candidates
    are (below 0 counts as 0: sketches err). Each step takes the candidate with the highest
    (1 - d) score - d max(between it and those taken).
    """
    rows, width = scores.shape
    order = np.full((rows, most), -1, dtype=np.intp)
    relevance = (1 - np.float32(diversity)) * scores
    closest = np.zeros_like(scores)
    every = np.arange(rows)
    for step in range(min(most, width)):
        value = relevance - np.float32(diversity) * closest
        best = np.argmax(value, axis=1)
        alive = value[every, best] > -np.inf
        order[alive, step] = best[alive]
        relevance[every, best] = -np.inf
        closest = np.maximum(closest, between[every, best])
    return order
