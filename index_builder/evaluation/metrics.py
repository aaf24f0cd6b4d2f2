"""How good is one ranked list against graded judgements?

Pure functions on lists of ids. Invariant: every metric lies in 0..1 and only the first `depth` ids count.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence


def reciprocal_rank(ranked: Sequence[str], grades: Mapping[str, int], depth: int) -> float:
    """Return 1 / rank of the first relevant id, 0 when none is within `depth`."""
    for rank, article_id in enumerate(ranked[:depth], start=1):
        if grades.get(article_id, 0) > 0:
            return 1.0 / rank
    return 0.0


def ndcg(ranked: Sequence[str], grades: Mapping[str, int], depth: int) -> float:
    """Return the normalised discounted cumulative gain (Järvelin and Kekäläinen 2002).

    Gain is the grade itself, as trec_eval has it; the ideal list holds the highest grades first.
    """
    ideal = _discounted(sorted((g for g in grades.values() if g > 0), reverse=True)[:depth])
    if ideal == 0.0:
        return 0.0
    return _discounted([max(0, grades.get(article_id, 0)) for article_id in ranked[:depth]]) / ideal


def recall(ranked: Sequence[str], grades: Mapping[str, int], depth: int) -> float:
    """Return the share of the relevant ids that is within `depth`."""
    relevant = {article_id for article_id, grade in grades.items() if grade > 0}
    if not relevant:
        return 0.0
    return len(relevant.intersection(ranked[:depth])) / len(relevant)


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))
