"""Which texts does the search box offer, and how popular is each?

Titles, tags and past queries. Invariant: completions whose normalised texts are equal but for
spaces and punctuation are one, shown as the tag before the title before the query; the order
depends on the input's content alone, not on its order.

Popularity is log2 of engagement for titles; for tags log2 of their articles and for queries log2 of
their count, both with a head start: a common tag leads its prefix, and one that stands on a single
article still equals a title of a few hundred views.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from engine.documents import Article
from engine.index.hot_formula import engagement

HEAD_START = 8.0

_INSIGNIFICANT = re.compile(r"(?<![a-z0-9+#])[\W_]|[^\w+#]|_")
"""What makes no second completion of a text: all but letters, digits, and the signs of c++, c#."""

_PRECEDENCE = {"tag": 0, "title": 1, "query": 2}


@dataclass(frozen=True, slots=True)
class Completion:
    """A text to offer; `popularity` in doublings, `identity` is what makes two of them one."""

    identity: str
    text: str
    kind: Literal["title", "tag", "query"]
    article_id: str | None
    popularity: float


def gather_completions(
    articles: Sequence[Article],
    queries: Iterable[tuple[str, int]],
    normalize: Callable[[str], str],
) -> list[Completion]:
    """Return what titles, tags and past `queries` (text, count) offer, the most popular first."""

    def identity(text: str) -> str:
        return _INSIGNIFICANT.sub("", normalize(text))

    kept: dict[str, Completion] = {}
    popularity: dict[str, float] = {}
    offers = [
        *_titles(articles, identity),
        *_tags(articles, identity),
        *_queries(queries, identity),
    ]
    for offer in sorted(offers, key=_preference):
        kept.setdefault(offer.identity, offer)
        popularity[offer.identity] = max(offer.popularity, popularity.get(offer.identity, 0.0))
    kept.pop("", None)
    return sorted(kept.values(), key=lambda offer: (-popularity[offer.identity], offer.identity))


def _preference(offer: Completion) -> tuple[int, float, str, str]:
    return _PRECEDENCE[offer.kind], -offer.popularity, offer.article_id or "", offer.text


def _titles(articles: Sequence[Article], identity: Callable[[str], str]) -> Iterator[Completion]:
    for article in articles:
        popularity = math.log2(1.0 + engagement(article))
        yield Completion(identity(article.title), article.title, "title", article.id, popularity)


def _tags(articles: Sequence[Article], identity: Callable[[str], str]) -> Iterator[Completion]:
    identities = {tag: identity(tag) for article in articles for tag in article.tags}
    spellings: defaultdict[str, set[str]] = defaultdict(set)
    counts: defaultdict[str, int] = defaultdict(int)
    for article in articles:
        for key in {identities[tag] for tag in article.tags}:
            counts[key] += 1
    for tag, key in identities.items():
        spellings[key].add(tag)
    for key, count in counts.items():
        # The same choice among spellings as the tag pages make.
        text = min(spellings[key])
        yield Completion(key, text, "tag", None, HEAD_START + math.log2(1.0 + count))


def _queries(
    queries: Iterable[tuple[str, int]], identity: Callable[[str], str]
) -> Iterator[Completion]:
    counts: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    for query, count in queries:
        text = " ".join(query.split())
        counts[identity(text)][text] += max(0, count)
    for key, spellings in counts.items():
        text = min(spellings, key=lambda spelling: (-spellings[spelling], spelling))
        popularity = HEAD_START + math.log2(1.0 + sum(spellings.values()))
        yield Completion(key, text, "query", None, popularity)
