"""What can be asked of a search, and what comes back?

Plain records between the handlers and the engine. Invariant: a request is already validated in form
(types and ranges); what a value means (does this category exist?) is the engine's business.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from engine.documents import Card
from engine.index.card_records import CardRecord

MAX_QUERY_CHARACTERS = 200
MAX_PAGE_SIZE = 50
MAX_REACH = 1_000
"""page * size may not exceed this: deeper paging is crawling, and the sitemap serves that."""


class Sort(StrEnum):
    """How hits are ordered; ties always fall to relevance, then to the article number."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    HOT = "hot"
    VIEWS = "views"


class Tier(StrEnum):
    """How closely hits answer the query, strongest first."""

    EXACT = "exact"
    ALL_TERMS = "all_terms"
    ANY_TERM = "any_term"
    PINYIN = "pinyin"
    CORRECTED = "corrected"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One page of one search.

    explain_id: an article whose absence from the page is to be explained; freshness: what share of its
    relevance the newest article gains, 0..1.
    """

    text: str
    page: int = 1
    size: int = 10
    sort: Sort = Sort.RELEVANCE
    category: tuple[str, ...] = ()
    tag: str | None = None
    published_from: datetime | None = None
    published_to: datetime | None = None
    explain: bool = False
    explain_id: str | None = None
    freshness: float = 0.0


@dataclass(frozen=True, slots=True)
class ExpandedTerm:
    """A term the engine added: what it stands for, and by which rule (synonym, pinyin, ...)."""

    term: str
    source: str
    via: str


@dataclass(frozen=True, slots=True)
class QueryReading:
    """How the engine understood the query; a weaker tier is always disclosed here."""

    text: str
    normalized: str
    terms: tuple[str, ...]
    tier: Tier
    corrected_to: str | None = None
    expanded: tuple[ExpandedTerm, ...] = ()


@dataclass(frozen=True, slots=True)
class ScorePart:
    """One term's share of a hit's score in one field."""

    term: str
    field: str
    weight: float


@dataclass(frozen=True, slots=True)
class Highlights:
    """Escaped HTML in which only <em> is markup."""

    title: str
    excerpt: str


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One article of the answer; `record` is its card as it is stored."""

    record: CardRecord
    score: float
    tier: Tier
    highlights: Highlights
    duplicates: tuple[str, ...] = ()
    explain: tuple[ScorePart, ...] | None = None

    @property
    def card(self) -> Card:
        """The card, read anew each time."""
        return self.record.card()


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value by which hits can be narrowed, and how many hits would be left."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class TermFinding:
    """One word of the query in one article: `held_as` is the name under which it stands there, if it does."""

    term: str
    held_as: str | None


class AbsenceReason(StrEnum):
    """What keeps an article off a page of hits; several may hold at once."""

    UNKNOWN_ARTICLE = "unknown_article"
    TAKEN_DOWN = "taken_down"
    QUERY_WITHOUT_TERMS = "query_without_terms"
    CATEGORY = "category"
    TAG = "tag"
    PERIOD = "period"
    EXCLUDED_WORD = "excluded_word"
    MISSING_PHRASE = "missing_phrase"
    NO_TERM = "no_term"
    BELOW_FLOOR = "below_floor"
    UNCHECKED_PHRASE = "unchecked_phrase"
    FOLDED = "folded"
    OTHER_PAGE = "other_page"


@dataclass(frozen=True, slots=True)
class Absence:
    """Why an article is not on this page, or that it is: then `listed`, and there are no reasons.

    score and parts: what it would count without filters, None for an unknown article; rank: its place among
    all hits, from 1, None when it is none; floor: the score that a hit lacking words must reach; last_score:
    that of the last hit shown; excluded and missing_phrases: what of the query keeps it out; folded_into: the
    id of the near-duplicate that stands for it.
    """

    id: str
    listed: bool
    reasons: tuple[AbsenceReason, ...]
    terms: tuple[TermFinding, ...] = ()
    excluded: tuple[str, ...] = ()
    missing_phrases: tuple[str, ...] = ()
    score: float | None = None
    parts: tuple[ScorePart, ...] = ()
    floor: float | None = None
    last_score: float | None = None
    rank: int | None = None
    page: int | None = None
    folded_into: str | None = None


@dataclass(frozen=True, slots=True)
class Freshness:
    """How newness was counted: the newest article, of `newest`, gains `most` of its relevance."""

    most: float
    half_life_days: float
    newest: datetime | None


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One page of hits, with what the whole answer looks like."""

    query: QueryReading
    total: int
    page: int
    size: int
    hits: tuple[SearchHit, ...]
    facets: Mapping[str, tuple[FacetValue, ...]] = field(default_factory=dict)
    suggestions: tuple[str, ...] = ()
    absence: Absence | None = None
    freshness: Freshness | None = None
