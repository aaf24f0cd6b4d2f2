"""What is a score made of?

The parts of the terms, and what newness adds to their sum. Invariant: an explained score is the sum of its
parts, added up in double precision; the score that ranks may differ from it by a thousandth at most, for
weights are rounded to a grid (`engine.search.addition`).
"""

from __future__ import annotations

import math

from engine.index.snapshot import Snapshot
from engine.search.freshness import freshness_bonus
from engine.search.requests import ScorePart
from engine.search.scorer import Scorer

FRESHNESS_FIELD = "freshness"


class Explainer:
    """Explains the scores of one query; `freshness` is what the newest article gains."""

    def __init__(self, snapshot: Snapshot, scorer: Scorer, freshness: float) -> None:
        self._scorer = scorer
        self._bonus = freshness_bonus(snapshot, freshness) if freshness else None

    def parts(self, article: int) -> tuple[ScorePart, ...]:
        """Return the parts of the score of `article`, those of terms first, each largest first."""
        parts = self._scorer.explain(article)
        if self._bonus is None or not (bonus := float(self._bonus[article])):
            return parts
        return (*parts, ScorePart("", FRESHNESS_FIELD, bonus * total(parts)))


def total(parts: tuple[ScorePart, ...]) -> float:
    """Return the score that `parts` make."""
    return math.fsum(part.weight for part in parts)
