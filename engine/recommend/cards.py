"""How does a recommended article look to the caller?

Invariant: `source` always says which rung of the ladder an item comes from; nothing is passed off as
related that is merely popular.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engine.documents import Card


class Source(StrEnum):
    """Why an article is recommended, best reason first."""

    TFIDF = "tfidf"
    TAG = "tag"
    CATEGORY = "category"
    HOT = "hot"


@dataclass(frozen=True, slots=True)
class RelatedItem:
    """A recommended article, its score within its source, and the words it shares."""

    card: Card
    score: float
    source: Source
    shared_terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ForYou:
    """What a reader may like, and the ids of their history that name no visible article."""

    items: tuple[RelatedItem, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HotItem:
    """An article in a hot list; rank starts at 1."""

    card: Card
    score: float
    rank: int


@dataclass(frozen=True, slots=True)
class HotList:
    """A hot list and what it covers: scope is "site" or a category path joined by '/'."""

    items: tuple[HotItem, ...]
    window: str
    scope: str


@dataclass(frozen=True, slots=True)
class TagCount:
    """A tag and how many articles it has (or shares, for a related tag)."""

    tag: str
    count: int


@dataclass(frozen=True, slots=True)
class TagPage:
    """One page of the articles under a tag, newest first, and tags that occur with it."""

    tag: str
    total: int
    page: int
    size: int
    cards: tuple[Card, ...]
    related_tags: tuple[TagCount, ...]


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the way from the site's root to an article: `path` is what `category` takes."""

    name: str
    path: str


@dataclass(frozen=True, slots=True)
class PreviousNext:
    """The next older and the next newer article of a category; None at its ends."""

    previous: Card | None
    next: Card | None


@dataclass(frozen=True, slots=True)
class ArticleBlocks:
    """The boxes around one article; a box that was not asked for is None."""

    card: Card
    breadcrumb: tuple[Crumb, ...] | None
    tags: tuple[TagCount, ...] | None
    prevnext: PreviousNext | None
    related: tuple[RelatedItem, ...] | None
    hot: tuple[HotItem, ...] | None
