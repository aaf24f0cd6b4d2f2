"""How long does it take until changed articles can be served, and what do they cost a search?

    python -m benchmarks.overlay INDEX [--changes 100]

Lays edits, new articles and deletions over INDEX: all at once, as a cold start does, and one more, as a
reader does every few seconds. Then searches with and without them.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from engine.documents import Article
from engine.index.snapshot import Snapshot, open_snapshot
from engine.live.changes import CHANGES, LiveChanges
from engine.live.overlay import compose
from engine.recommend.related import related_articles
from engine.search.requests import SearchRequest
from engine.search.searcher import search
from engine.search.suggest import suggest
from engine.store.protocol import StoredObject

NOW = datetime(2026, 1, 1, tzinfo=UTC)
QUERIES = 100


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index", type=Path)
    parser.add_argument("--changes", type=int, default=100)
    options = parser.parse_args()
    base = open_snapshot(options.index)
    draw = random.Random(1)  # noqa: S311 - a draw, not a secret
    numbers = draw.sample(range(len(base.articles)), options.changes + QUERIES)
    changes = LiveChanges()
    characters = 0
    for place, number in enumerate(numbers[: options.changes]):
        article = article_at(base, number)
        if place % 10 == 0:
            changes = changes.with_deletion(article.id, NOW, "s")
        elif place % 2:
            edited = replace(article, body="编者按:本文已修订。\n" + article.body)
            changes = changes.with_article(edited, NOW, "s")
            characters += len(edited.body)
        else:
            changes = changes.with_article(replace(article, id=f"new-{place}"), NOW, "s")
            characters += len(article.body)
    titles = [base.articles.card(number).title for number in numbers[options.changes :]]
    warm_up(base, titles)
    first, composed = timed(lambda: compose(base, stored(changes), None))
    one = replace(article_at(base, numbers[-1]), id="one-more")
    more = changes.with_article(one, NOW, "s")
    next_one, latest = timed(lambda: compose(base, stored(more), composed))
    print(f"{options.changes} changes, {characters:,} characters, {len(base.articles):,} articles")
    print("| what | seconds |\n|---|---|")
    print(f"| all at once | {first:.3f} |")
    print(f"| one more | {next_one:.3f} |")
    print("\n| p50 ms | index alone | with changes |\n|---|---|---|")
    for name, ask in (
        ("search", lambda s, title: search(s, SearchRequest(title[:12]))),
        ("suggest", lambda s, title: suggest(s, title[:3])),
        ("related", lambda s, title: related_articles(s, id_of(s, title))),
    ):
        medians = [median_ms(ask, snapshot, titles) for snapshot in (base, latest)]
        print(f"| {name} | {medians[0]:.2f} | {medians[1]:.2f} |")


def article_at(base: Snapshot, number: int) -> Article:
    """Return the article as it could have been put."""
    card, text = base.articles.card(number), base.articles.text(number)
    return Article(card.id, card.title, text.body, card.url, card.category, card.tags, card.author)


def id_of(snapshot: Snapshot, title: str) -> str:
    """Return the id of an article that depends on `title` alone and is not hidden."""
    numbers = range(zlib.crc32(title.encode()) % 1_000, len(snapshot.articles))
    hidden = snapshot.hidden
    number = next(n for n in numbers if hidden is None or not hidden[n])
    return snapshot.articles.article_id(number)


def stored(changes: LiveChanges) -> dict[str, StoredObject]:
    """Return the changes as a reader gets them."""
    data = CHANGES.encode(changes)
    return {CHANGES.key: StoredObject(data, str(len(data)))}


def warm_up(base: Snapshot, titles: list[str]) -> None:
    """Touch every part, as a process that serves has."""
    for title in titles[:5]:
        search(base, SearchRequest(title))
        suggest(base, title[:3])
    related_articles(base, base.articles.article_id(0))


def timed(action: Callable[[], Snapshot]) -> tuple[float, Snapshot]:
    """Return how long `action` takes, in seconds, and what it returns."""
    begun = time.perf_counter()
    result = action()
    return time.perf_counter() - begun, result


def median_ms(
    ask: Callable[[Snapshot, str], object], snapshot: Snapshot, titles: list[str]
) -> float:
    """Return the median time of one question, in milliseconds."""
    times = []
    for title in titles:
        begun = time.perf_counter()
        ask(snapshot, title)
        times.append(1_000 * (time.perf_counter() - begun))
    return statistics.median(times)


if __name__ == "__main__":
    main()
