"""How long does the engine take for every box of an article page, and for each box alone?

Asks for the pages of many articles of an index in a fixed random order; times are process time, one
thread, warm (the pages have been asked for once before).

    python benchmarks/blocks.py --index DIR [--articles 500]
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from engine.index.snapshot import Snapshot, open_snapshot
from engine.recommend.blocks import Box, article_blocks
from engine.recommend.hot import hot_articles
from engine.recommend.related import related_articles


def _ask_for(box: Box) -> Callable[[Snapshot, str], object]:
    return lambda snapshot, article_id: article_blocks(snapshot, article_id, (box,))


QUESTIONS: dict[str, Callable[[Snapshot, str], object]] = {
    "all boxes": article_blocks,
    **{f"blocks: {box}": _ask_for(box) for box in Box},
    "related route": related_articles,
    "hot route": lambda s, _: hot_articles(s),
}


def percentile(values: list[float], share: float) -> float:
    """Return the value below which `share` of the `values` lie."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def main() -> None:
    """Print one row per question: microseconds at p50 and p99."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--articles", type=int, default=500)
    options = parser.parse_args()
    snapshot = open_snapshot(options.index)
    count = len(snapshot.articles)
    chosen = random.Random(1).sample(range(count), min(options.articles, count))  # noqa: S311
    ids = [snapshot.articles.article_id(number) for number in chosen]
    print(f"{count:,} articles, {len(ids)} pages")
    print(f"{'question':<22}{'p50 us':>9}{'p99 us':>9}")
    for name, ask in QUESTIONS.items():
        times = []
        for timed in (False, True):
            for article_id in ids:
                start = time.process_time_ns()
                ask(snapshot, article_id)
                if timed:
                    times.append((time.process_time_ns() - start) / 1_000)
        print(f"{name:<22}{statistics.median(times):>9.0f}{percentile(times, 0.99):>9.0f}")


if __name__ == "__main__":
    main()
