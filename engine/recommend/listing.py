"""What is new on the site or in one category, and which categories are there?

Invariant: newest first (undated last, ties by article number); counts are of visible articles, a
category's own and those below it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.documents import Card
from engine.index.snapshot import Snapshot
from engine.recommend.cards import Crumb
from engine.recommend.visible_articles import visible_among


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """One page of articles, newest first; scope is "site" or a category path joined by '/'."""

    scope: str
    total: int
    page: int
    size: int
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class CategoryCount:
    """A category and how many visible articles are filed in it or below it."""

    crumb: Crumb
    count: int


def newest_articles(
    snapshot: Snapshot, *, category: Sequence[str] = (), page: int = 1, size: int = 10
) -> ArticlePage:
    """Return page `page` (from 1) of the articles below `category`; an unknown one is empty."""
    taxonomy = snapshot.taxonomy
    numbers = (
        taxonomy.articles_in(taxonomy.categories_below(category))
        if category
        else np.arange(len(snapshot.articles))
    )
    articles = visible_among(snapshot, numbers.astype(np.uint32))
    published = snapshot.articles.published[articles]
    newest = articles[np.lexsort((articles, -published))]
    shown = newest[(page - 1) * size : page * size]
    return ArticlePage(
        scope="/".join(category) if category else "site",
        total=len(articles),
        page=page,
        size=size,
        cards=tuple(snapshot.articles.card(number) for number in shown.tolist()),
    )


def category_counts(snapshot: Snapshot) -> tuple[CategoryCount, ...]:
    """Return every category that has a visible article, parents before children, in path order."""
    taxonomy = snapshot.taxonomy
    visible = visible_among(snapshot, np.arange(len(snapshot.articles), dtype=np.uint32))
    filed = taxonomy.category_of[visible]
    numbers, counts = np.unique(filed[filed >= 0], return_counts=True)
    below: Counter[tuple[str, ...]] = Counter()
    for number, count in zip(numbers.tolist(), counts.tolist(), strict=True):
        path = taxonomy.category_paths[number]
        for depth in range(1, len(path) + 1):
            below[path[:depth]] += count
    return tuple(
        CategoryCount(Crumb(path[-1], "/".join(path)), below[path]) for path in sorted(below)
    )
