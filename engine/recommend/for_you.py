"""What should somebody read next who has read these articles?

Each article read votes for its precomputed neighbours by reciprocal rank, recent reads more than old ones;
how close a candidate lies to the mean of what was read has a smaller say. Nothing about the reader is
kept: the history comes with the question. Invariant: nothing that was read, no near-duplicate of it and
nothing hidden is recommended, and the list is full while the site has that many other articles.

Votes by rank were measured against sums of cosines and against vectors alone (docs/ranking.md): ranks keep
one verbose article from outvoting the others.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from engine.index.snapshot import Snapshot
from engine.recommend.cards import ForYou, RelatedItem, Source
from engine.recommend.diversity import choose_diverse
from engine.recommend.hot import hot_box
from engine.recommend.shown_once import ShownOnce

HALF_LIFE_READS = 4.0
"""A read counts half as much as one that is so many reads more recent."""

RANK_OFFSET = 20.0
"""Neighbour r votes with (1 + offset) / (r + offset), as in reciprocal rank fusion (Cormack et al. 2009)."""

PROFILE_WEIGHT = 0.3
REPEAT_COST = 0.03

_READS_THAT_VOTE = 40
_POOL_PER_ITEM = 5
_FALLBACK_WINDOW = "week"


def for_you(snapshot: Snapshot, history: Sequence[str], size: int = 10) -> ForYou:
    """Return up to `size` articles for a reader of `history`: article ids, the last read last.

    Ids that name no visible article are passed over and listed in the answer.
    """
    read, unknown = _reads(snapshot, history)
    shown = ShownOnce(snapshot, read)
    items = _from_reads(snapshot, read[-_READS_THAT_VOTE:], size, shown) if read else ()
    hot = hot_box(snapshot, _FALLBACK_WINDOW, (), size - len(items), shown)
    return ForYou(items + tuple(RelatedItem(h.card, 0.0, Source.HOT, ()) for h in hot), unknown)


def _reads(snapshot: Snapshot, history: Sequence[str]) -> tuple[list[int], tuple[str, ...]]:
    last_place: dict[int, None] = {}
    unknown: dict[str, None] = {}
    for article_id in history:
        number = snapshot.articles.find(article_id)
        if number is None or (snapshot.hidden is not None and snapshot.hidden[number]):
            unknown[article_id] = None
        else:
            # Read twice is read where it was read last.
            last_place.pop(number, None)
            last_place[number] = None
    return list(last_place), tuple(unknown)


def _from_reads(
    snapshot: Snapshot, read: Sequence[int], size: int, shown: ShownOnce
) -> tuple[RelatedItem, ...]:
    ages = np.arange(len(read))[::-1]
    weights = 0.5 ** (ages / HALF_LIFE_READS)
    votes = _votes(snapshot, read, weights.tolist())
    scores = _scores(snapshot, votes, read, weights)
    best_first = sorted(scores, key=lambda number: (-scores[number], number))
    pool = shown.fresh(best_first, size * _POOL_PER_ITEM)
    chosen = choose_diverse(
        [scores[number] for number in pool], snapshot.vectors.unit(pool), size, REPEAT_COST
    )
    numbers = [pool[position] for position in chosen]
    for number in numbers:
        shown.take(number)
    terms = _shared_terms(snapshot, read, numbers)
    return tuple(
        RelatedItem(
            snapshot.articles.card(number),
            round(scores[number], 4),
            Source.TFIDF,
            terms[number],
        )
        for number in numbers
    )


def _votes(snapshot: Snapshot, read: Sequence[int], weights: Sequence[float]) -> dict[int, float]:
    votes: dict[int, float] = {}
    for article, weight in zip(read, weights, strict=True):
        neighbours = snapshot.neighbours.numbers_of(article).tolist()
        for rank, number in enumerate(neighbours, start=1):
            vote = weight * (1.0 + RANK_OFFSET) / (rank + RANK_OFFSET)
            votes[number] = votes.get(number, 0.0) + vote
    return votes


def _scores(
    snapshot: Snapshot,
    votes: Mapping[int, float],
    read: Sequence[int],
    weights: npt.NDArray[np.float64],
) -> dict[int, float]:
    """Return the scores by article number, 0..1: 1 is the first neighbour of all that was read."""
    total = float(weights.sum())
    candidates = list(votes)
    profile = weights @ snapshot.vectors.unit(read) / total
    closeness = np.clip(snapshot.vectors.unit(candidates) @ profile, 0.0, 1.0).tolist()
    return {
        number: (votes[number] / total + PROFILE_WEIGHT * close) / (1.0 + PROFILE_WEIGHT)
        for number, close in zip(candidates, closeness, strict=True)
    }


def _shared_terms(
    snapshot: Snapshot, read: Sequence[int], numbers: Collection[int]
) -> dict[int, tuple[str, ...]]:
    """Return the terms that each of `numbers` shares with the latest read it is a neighbour of."""
    wanted = set(numbers)
    terms: dict[int, tuple[str, ...]] = {}
    for article in reversed(read):
        for neighbour in snapshot.neighbours.of(article):
            if neighbour.article in wanted:
                wanted.discard(neighbour.article)
                terms[neighbour.article] = neighbour.shared_terms
        if not wanted:
            break
    return terms
