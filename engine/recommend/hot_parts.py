"""What is an article's hotness made of?

For editors who wonder why something stands where it stands. Invariant: the parts add up to the score.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.documents import Card
from engine.index.hotness import HOT_WINDOWS
from engine.index.snapshot import Snapshot
from engine.recommend.hot import hot_articles


@dataclass(frozen=True, slots=True)
class HotParts:
    """One row of the hot list, in bits: each bit is twice as hot.

    engagement: what it had when the index was built, without decay; age: what its age takes off in this
    window; live: what readers added since.
    """

    card: Card
    rank: int
    score: float
    engagement: float
    age: float
    live: float


def explain_hot(snapshot: Snapshot, window: str, size: int) -> tuple[HotParts, ...]:
    """Return the hot list of `window` with what each score is made of."""
    row, undecayed = HOT_WINDOWS.index(window), HOT_WINDOWS.index("all")
    built = snapshot.hotness.built
    known = built.shape[1]
    parts = []
    for item in hot_articles(snapshot, window=window, size=size).items:
        number = snapshot.articles.find(item.card.id)
        if number is None:
            continue
        score = float(snapshot.hotness.scores[row][number])
        # An article that came since the index was built has no built score: all of it is live.
        engagement = float(built[undecayed][number]) if number < known else 0.0
        age = float(built[row][number]) - engagement if number < known else 0.0
        parts.append(
            HotParts(item.card, item.rank, score, engagement, age, score - engagement - age)
        )
    return tuple(parts)
