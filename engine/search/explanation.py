"""What is a score made of?

The parts of the terms, and what newness adds to their sum. Invariant: an explained score is the sum of its
parts, added up in double precision; the score that ranks may differ from it by a thousandth at most, for
weights are rounded to a grid (`engine.search.addition`).
"""

from __future__ import annotations

import math
from functools import cached_property

import numpy as np
import numpy.typing as npt

from engine.search.freshness import freshness_bonus
from engine.search.query_plan import QueryPlan
from engine.search.requests import ScorePart
from engine.search.scorer import Scorer
from engine.search.term_reader import TermReader

FRESHNESS_FIELD = "freshness"


class Explainer:
    """Explains the scores of one query; `freshness` is what the newest article gains."""

    def __init__(self, reader: TermReader, plan: QueryPlan, freshness: float) -> None:
        self._reader = reader
        self._plan = plan
        self._freshness = freshness

    @cached_property
    def _scorer(self) -> Scorer:
        # Few searches are explained.
        return Scorer(self._reader, self._plan)

    @cached_property
    def _bonus(self) -> npt.NDArray[np.float64] | None:
        return freshness_bonus(self._reader.snapshot, self._freshness) if self._freshness else None

    def parts(self, article: int) -> tuple[ScorePart, ...]:
        """Return the parts of the score of `article`, those of terms first, each largest first."""
        parts = self._scorer.explain(article)
        if self._bonus is None or not (bonus := float(self._bonus[article])):
            return parts
        return (*parts, ScorePart("", FRESHNESS_FIELD, bonus * total(parts)))


def total(parts: tuple[ScorePart, ...]) -> float:
    """Return the score that `parts` make."""
    return math.fsum(part.weight for part in parts)
