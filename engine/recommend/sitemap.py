"""Which pages does the site have, and when did each last change?

Invariant: every visible article stands on exactly one sheet, whatever its URL; the order of the sheets is
that of the article numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.errors import QueryError
from engine.index.articles import MISSING
from engine.index.snapshot import Snapshot
from engine.recommend.visible_articles import visible_among, visible_count

ARTICLES_PER_SHEET = 10_000
"""The protocol allows 50,000, but a Lambda response of more than 6 MB is not delivered."""


@dataclass(frozen=True, slots=True)
class SitemapEntry:
    """One article: its URL as the site gave it, and its last change in seconds since 1970."""

    article_id: str
    url: str | None
    modified_seconds: int | None


def sheet_count(snapshot: Snapshot) -> int:
    """Return how many sheets the visible articles fill: at least one."""
    return max(1, -(-visible_count(snapshot) // ARTICLES_PER_SHEET))


def sitemap_sheet(snapshot: Snapshot, sheet: int) -> list[SitemapEntry]:
    """Return the entries of sheet `sheet`, counted from 1.

    Raises `QueryError` where there is no such sheet.
    """
    sheets = sheet_count(snapshot)
    if not 1 <= sheet <= sheets:
        raise QueryError("page", f"expected a whole number from 1 to {sheets:,}, found {sheet:,}")
    visible = visible_among(snapshot, np.arange(len(snapshot.articles), dtype=np.uint32))
    chosen = visible[(sheet - 1) * ARTICLES_PER_SHEET : sheet * ARTICLES_PER_SHEET]
    modified = snapshot.articles.modified[chosen].tolist()
    return [
        SitemapEntry(
            snapshot.articles.article_id(number),
            snapshot.articles.card(number).url,
            None if seconds == MISSING else seconds,
        )
        for number, seconds in zip(chosen.tolist(), modified, strict=True)
    ]
