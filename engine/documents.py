"""What is an article, and what does a reader see of it?

Invariant: these records are plain, frozen and already valid; whoever builds one from outside data
validates first (`engine.article_record`). Absent numbers are None, never 0: "no view counter" and
"nobody looked" are different facts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

SITE_TIMEZONE = timezone(timedelta(hours=8), "+08:00")
"""Every time that leaves the service is written in China Standard Time."""

EXCERPT_CODE_POINTS = 80
"""The contract's bound on a card's excerpt, before the ellipsis."""


@dataclass(frozen=True, slots=True)
class Article:
    """An article as the site wrote it: text untouched, metadata parsed."""

    id: str
    title: str
    body: str
    url: str | None = None
    category: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    author: str | None = None
    published_at: datetime | None = None
    updated_at: datetime | None = None
    views: int | None = None
    comments: int | None = None
    likes: int | None = None
    favorites: int | None = None
    summary: str | None = None
    cover: str | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """What lists show of an article: the contract's card."""

    id: str
    title: str
    url: str | None
    excerpt: str
    category: tuple[str, ...]
    tags: tuple[str, ...]
    author: str | None
    published_at: str | None
    views: int | None
    comments: int | None
    cover: str | None


def make_excerpt(text: str, code_points: int = EXCERPT_CODE_POINTS) -> str:
    """Return the first `code_points` code points of `text` on one line, then … if cut."""
    # A body may be megabytes; whitespace runs are short, so a few times the bound is enough text.
    line = " ".join(text[: code_points * 4].split())
    if len(line) <= code_points and len(text) <= code_points * 4:
        return line
    return line[:code_points].rstrip() + "…"


def make_card(article: Article) -> Card:
    """Return the card of `article`: its editor's summary as excerpt, or else the body's opening."""
    return Card(
        id=article.id,
        title=article.title,
        url=article.url,
        excerpt=make_excerpt(article.summary or article.body),
        category=article.category,
        tags=article.tags,
        author=article.author,
        published_at=isoformat(article.published_at),
        views=article.views,
        comments=article.comments,
        cover=article.cover,
    )


def isoformat(moment: datetime | None) -> str | None:
    """Return `moment` as the contract writes times: ISO 8601, seconds, +08:00."""
    if moment is None:
        return None
    return moment.astimezone(SITE_TIMEZONE).isoformat(timespec="seconds")
