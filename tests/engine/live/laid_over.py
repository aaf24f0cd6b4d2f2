"""Live changes that suites lay over the sample index, and what they ask of the result."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from engine.documents import Article
from engine.index.snapshot import Snapshot
from engine.live.changes import CHANGES, LiveChanges
from engine.live.takedowns import TAKEDOWNS, Takedowns
from engine.search.requests import SearchRequest
from engine.search.searcher import search
from engine.store.protocol import StoredObject

NOW = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
NOODLES = Article(
    "n1",
    "螺蛳粉联名盲盒怎么做私域拉新",
    "螺蛳粉联名款上线之前,私域社群先找种子用户,再谈裂变拉新,老客带新客。",
    category=("运营", "私域"),
    tags=("螺蛳粉", "私域"),
    published_at=NOW,
)


def objects(
    changes: LiveChanges | None = None, takedowns: Takedowns | None = None
) -> Mapping[str, StoredObject]:
    found = {}
    if changes is not None:
        data = CHANGES.encode(changes)
        found[CHANGES.key] = StoredObject(data, str(hash(data)))
    if takedowns is not None:
        data = TAKEDOWNS.encode(takedowns)
        found[TAKEDOWNS.key] = StoredObject(data, str(hash(data)))
    return found


def put(*articles: Article) -> LiveChanges:
    changes = LiveChanges()
    for article in articles:
        changes = changes.with_article(article, NOW, "s1")
    return changes


def found_by(snapshot: Snapshot, text: str, **request: object) -> list[str]:
    result = search(snapshot, SearchRequest(text, **request))  # type: ignore[arg-type]
    return [hit.card.id for hit in result.hits]


def article_of(snapshot: Snapshot, article_id: str) -> Article:
    number = snapshot.articles.find(article_id)
    assert number is not None
    card, text = snapshot.articles.card(number), snapshot.articles.text(number)
    return Article(card.id, card.title, text.body, card.url, card.category, card.tags, card.author)
