"""What have visitors read since the counters began, as hot scores need it?

Written by the hot refresh, read by every query function. Invariant: scores refer to 1970, not to an index,
so that the object outlives any number of index versions; articles are named by id, as numbers change.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.index.hotness import HOT_WINDOWS
from engine.live.live_object import LiveObject

HOT_KEY = "live/hot.json"

MOST_ARTICLES = 5_000
"""The refresh keeps the hottest of each window; what nobody would see in a list needs no live score."""

_LARGEST_SCORE = 1e6
"""A day's half-life gives about 20,000 today: anything near this is no score."""


@dataclass(frozen=True, slots=True)
class HotEvidence:
    """generation: one more with each refresh that changed something; counted_at_seconds: since 1970.

    scores: by article id, log2 of decayed live engagement per window plus days since 1970 over the
    window's half-life.
    """

    generation: int = 0
    counted_at_seconds: int = 0
    scores: Mapping[str, tuple[float, ...]] = field(default_factory=dict)


def _to_json(evidence: HotEvidence) -> dict[str, Any]:
    return {
        "counted_at_seconds": evidence.counted_at_seconds,
        "generation": evidence.generation,
        "scores": {article_id: list(row) for article_id, row in evidence.scores.items()},
        "windows": list(HOT_WINDOWS),
    }


def _from_json(content: Any) -> HotEvidence:
    if tuple(content["windows"]) != HOT_WINDOWS:
        raise ValueError(f"expected the windows {HOT_WINDOWS}, found {content['windows']}")
    scores = {str(key): _row(row) for key, row in content["scores"].items()}
    if len(scores) > MOST_ARTICLES * len(HOT_WINDOWS):
        raise ValueError(f"expected at most {MOST_ARTICLES} articles per window")
    return HotEvidence(
        whole_number(content["generation"]), whole_number(content["counted_at_seconds"]), scores
    )


def _row(row: Any) -> tuple[float, ...]:
    if not isinstance(row, list) or len(row) != len(HOT_WINDOWS):
        raise ValueError(f"expected {len(HOT_WINDOWS)} scores per article")
    for score in row:
        if type(score) not in {int, float} or not math.isfinite(score):
            raise TypeError("expected finite numbers for scores")
        if abs(score) > _LARGEST_SCORE:
            raise ValueError("a score is beyond all bounds")
    return tuple(float(score) for score in row)


def whole_number(value: Any) -> int:
    """Return `value` if it is a whole number of at least 0; raises `TypeError` or `ValueError`."""
    if type(value) is not int:
        raise TypeError(f"expected a whole number, found {value!r:.40}")
    if value < 0:
        raise ValueError(f"expected a number of at least 0, found {value}")
    return value


HOT_LIST: LiveObject[HotEvidence] = LiveObject(HOT_KEY, HotEvidence(), _to_json, _from_json)
