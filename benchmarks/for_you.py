"""How well does the for-you box guess what somebody reads next, and how fast?

Histories are made from a corpus with tags and authors: some articles of one tag (or author) that a reader
has read in order of publication, alone or after four articles of another one; relevant is what else the tag
(or author) has. The index must be built from articles without tags, so that nothing leaks. Compared are the
engine's list and what was tried in its place, by nDCG@10; times are process time of the engine, one thread.

    python benchmarks/for_you.py --index DIR --articles ARTICLES.jsonl.gz [--histories 300]
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import random
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.index.snapshot import Snapshot, open_snapshot
from engine.recommend.for_you import HALF_LIFE_READS, for_you

LEAST_GROUP, MOST_GROUP = 7, 60
MOST_READ = 5
READ_BEFORE = 4
SHOWN = 10


@dataclass(frozen=True, slots=True)
class History:
    """What was read, the last read last, and what would be good to read next: article ids."""

    read: tuple[str, ...]
    relevant: frozenset[str]


Recommend = Callable[[Snapshot, Sequence[str]], list[str]]


def groups_of(path: Path, snapshot: Snapshot, field: str) -> list[list[str]]:
    """Return the ids of the articles that share a tag or an author, in order of publication."""
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            if snapshot.articles.find(article["id"]) is None:
                continue
            values = article.get(field) or []
            for value in [values] if isinstance(values, str) else values:
                groups[value].append((article.get("published_at") or "", article["id"]))
    return [
        [article_id for _, article_id in sorted(members)]
        for _, members in sorted(groups.items())
        if LEAST_GROUP <= len(members) <= MOST_GROUP
    ]


def histories_of(groups: Sequence[list[str]], count: int, *, mixed: bool) -> list[History]:
    """Return `count` histories; mixed ones begin with articles of another group."""
    choices = random.Random(7)  # noqa: S311
    made = []
    for _ in range(count):
        group = choices.choice(groups)
        read = group[: min(MOST_READ, len(group) // 2)]
        relevant = frozenset(group[len(read) :])
        if mixed:
            other = [i for i in choices.choice(groups) if i not in group]
            read = other[:READ_BEFORE] + read
        made.append(History(tuple(read), relevant - set(read)))
    return made


def engine(snapshot: Snapshot, read: Sequence[str]) -> list[str]:
    """Return what the box shows."""
    return [item.card.id for item in for_you(snapshot, read, SHOWN).items]


def nearest_vectors(snapshot: Snapshot, read: Sequence[str]) -> list[str]:
    """Return the articles nearest to the recency-weighted mean of the reads' latent vectors."""
    numbers = _numbers(snapshot, read)
    weights = 0.5 ** (np.arange(len(numbers))[::-1] / HALF_LIFE_READS)
    everything = snapshot.vectors.unit(range(len(snapshot.articles)))
    return _best(snapshot, everything @ (weights @ everything[numbers]), numbers)


def summed_cosines(snapshot: Snapshot, read: Sequence[str]) -> list[str]:
    """Return the articles whose cosines to the reads, as neighbours, add up to most."""
    numbers = _numbers(snapshot, read)
    scores = np.zeros(len(snapshot.articles))
    for age, number in enumerate(reversed(numbers)):
        for neighbour in snapshot.neighbours.of(number):
            scores[neighbour.article] += 0.5 ** (age / HALF_LIFE_READS) * neighbour.similarity
    return _best(snapshot, scores, numbers)


def _numbers(snapshot: Snapshot, read: Sequence[str]) -> list[int]:
    found = (snapshot.articles.find(article_id) for article_id in read)
    return [number for number in found if number is not None]


def _best(snapshot: Snapshot, scores: np.ndarray, read: Sequence[int]) -> list[str]:
    originals = snapshot.duplicates.originals
    barred = np.isin(originals, originals[list(read)])
    order = np.argsort(np.where(barred, np.inf, -scores), kind="stable")
    return [snapshot.articles.article_id(int(number)) for number in order[:SHOWN]]


def ndcg(shown: Sequence[str], relevant: frozenset[str]) -> float:
    """Return nDCG@10 with a gain of one for each relevant article."""
    found = sum(1 / math.log2(at + 2) for at, i in enumerate(shown) if i in relevant)
    return found / sum(1 / math.log2(at + 2) for at in range(min(SHOWN, len(relevant))))


RIVALS: dict[str, Recommend] = {
    "engine: votes by rank, vectors, diversity": engine,
    "sum of cosines over neighbours": summed_cosines,
    "mean of latent vectors": nearest_vectors,
}


def measure(
    snapshot: Snapshot, recommend: Recommend, histories: Sequence[History]
) -> Iterator[tuple[float, float]]:
    """Yield nDCG@10 and microseconds for each history."""
    for history in histories:
        recommend(snapshot, history.read)
        start = time.process_time_ns()
        shown = recommend(snapshot, history.read)
        yield ndcg(shown, history.relevant), (time.process_time_ns() - start) / 1_000


def main() -> None:
    """Print one row per way to recommend."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--articles", type=Path, required=True)
    parser.add_argument("--histories", type=int, default=300)
    given = parser.parse_args()
    snapshot = open_snapshot(given.index)
    sets = {
        f"{field}{', mixed' if mixed else ''}": histories_of(groups, given.histories, mixed=mixed)
        for field in ("tags", "author")
        for groups in [groups_of(given.articles, snapshot, field)]
        for mixed in (False, True)
    }
    print(f"{len(snapshot.articles):,} articles, {given.histories} histories of each kind")
    print(f"{'nDCG@10':<44}" + "".join(f"{name:>16}" for name in sets) + f"{'p50 us':>9}")
    for name, recommend in RIVALS.items():
        cells: list[str] = []
        times: list[float] = []
        for histories in sets.values():
            scores, elapsed = zip(*measure(snapshot, recommend, histories), strict=True)
            cells.append(f"{statistics.mean(scores):>16.4f}")
            times.extend(elapsed)
        print(f"{name:<44}" + "".join(cells) + f"{statistics.median(times):>9.0f}")


if __name__ == "__main__":
    main()
