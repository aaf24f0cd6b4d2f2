"""Which articles are like one that came after the index was built, and which words say so?

The strongest terms of the article are a query against a segment. Invariant: what is found depends on the
article and the segment alone; the words are looked up when somebody wants to see them, for most never are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.analysis.analyzer import Analyzer
from engine.index.segments import Segment

NEIGHBOURS_KEPT = 40
"""More than a box shows: some may be hidden later."""

EXPLAINING_TERMS = 24
"""So many of its strongest words are looked for in its neighbours, to say what they share."""

SHARED_TERMS = 3


@dataclass(frozen=True, slots=True)
class Relation:
    """A related article: its number, and how alike it is (0..1)."""

    article: int
    similarity: float


def related_in(segment: Segment, profile: Mapping[str, float]) -> tuple[Relation, ...]:
    """Return the articles of `segment` that share most of `profile`, best first.

    The profile as a query: what it counts in the article times what it counts in the other, summed, as a
    share of what the article would have with itself.
    """
    scores = np.zeros(segment.size, dtype=np.float32)
    for term, weight in profile.items():
        number = segment.terms.get(term)
        if number is not None:
            documents, impacts = segment.lists.postings(number)
            scores[documents] += impacts * np.float32(weight * segment.lists.step(number))
    itself = sum(weight * weight for weight in profile.values())
    best = _best(scores, NEIGHBOURS_KEPT)
    return tuple(
        Relation(segment.first + local, round(min(1.0, score / itself), 4))
        for local, score in zip(best.tolist(), scores[best].tolist(), strict=True)
    )


def shared_terms(
    segment: Segment, profile: Mapping[str, float], analyzer: Analyzer, article: int
) -> tuple[str, ...]:
    """Return the readable terms of `profile` that matter most in `article` of `segment`, strongest first.

    profile: strongest first, as `related_in` was asked with.
    """
    local = article - segment.first
    parts: list[tuple[float, str]] = []
    looked_for = 0
    for term, weight in profile.items():
        number = segment.terms.get(term)
        if number is not None and _is_readable(analyzer, term):
            looked_for += 1
            if impact := segment.lists.impact(number, local):
                parts.append((weight * segment.lists.step(number) * impact, term))
            if looked_for == EXPLAINING_TERMS:
                break
    parts.sort(key=lambda part: (-part[0], part[1]))
    return tuple(term for _, term in parts[:SHARED_TERMS])


def _best(scores: npt.NDArray[np.float32], most: int) -> npt.NDArray[np.intp]:
    candidates = np.flatnonzero(scores)
    if len(candidates) > most:
        candidates = candidates[np.argpartition(-scores[candidates], most)[:most]]
    # Ties by number, so that equal input gives an equal answer.
    order = np.lexsort((candidates, -scores[candidates]))
    best: npt.NDArray[np.intp] = candidates[order]
    return best


def _is_readable(analyzer: Analyzer, term: str) -> bool:
    """Tell whether `term` explains something to people: a pair of units may span two words."""
    return len(term) > 2 or term in analyzer.segmenter.words
