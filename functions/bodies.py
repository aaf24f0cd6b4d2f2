"""How do results of the engine look as JSON?

The field names are the contract's. Invariant: a body is a pure function of the result, so the same
answer always has the same bytes; what differs from request to request is added in `responses`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from engine.documents import Card
from engine.index.articles import ArticleText
from engine.recommend.cards import HotList, RelatedItem, TagPage
from engine.search.requests import QueryReading, ScorePart, SearchHit, SearchResult
from engine.search.suggest import Suggestion

Body = dict[str, Any]


def search_body(result: SearchResult) -> Body:
    """Return the body of GET /v1/search."""
    return {
        "query": _reading(result.query),
        "total": result.total,
        "page": result.page,
        "size": result.size,
        "items": [_hit(hit) for hit in result.hits],
        "facets": {
            name: [{"value": value.value, "count": value.count} for value in values]
            for name, values in result.facets.items()
        },
        "suggestions": list(result.suggestions),
    }


def suggest_body(suggestions: Sequence[Suggestion]) -> Body:
    """Return the body of GET /v1/suggest; only titles lead to one article."""
    return {"items": [_suggestion(suggestion) for suggestion in suggestions]}


def related_body(items: Sequence[RelatedItem]) -> Body:
    """Return the body of GET /v1/articles/{id}/related."""
    return {
        "items": [
            {
                **_card(item.card),
                "score": item.score,
                "source": item.source,
                "shared_terms": list(item.shared_terms),
            }
            for item in items
        ]
    }


def hot_body(hot_list: HotList) -> Body:
    """Return the body of GET /v1/hot."""
    return {
        "items": [
            {**_card(item.card), "score": item.score, "rank": item.rank} for item in hot_list.items
        ],
        "window": hot_list.window,
        "scope": hot_list.scope,
    }


def tag_body(page: TagPage) -> Body:
    """Return the body of GET /v1/tags/{tag}."""
    return {
        "tag": page.tag,
        "total": page.total,
        "page": page.page,
        "size": page.size,
        "items": [_card(card) for card in page.cards],
        "related_tags": [{"tag": tag.tag, "count": tag.count} for tag in page.related_tags],
    }


def article_body(card: Card, text: ArticleText) -> Body:
    """Return the body of GET /v1/articles/{id}."""
    return {
        **_card(card),
        "body": text.body,
        "updated_at": text.updated_at,
        "summary": text.summary,
    }


def _card(card: Card) -> Body:
    return asdict(card)


def _hit(hit: SearchHit) -> Body:
    body = {
        **_card(hit.card),
        "score": hit.score,
        "highlights": {"title": hit.highlights.title, "excerpt": hit.highlights.excerpt},
        "duplicates": list(hit.duplicates),
        "tier": hit.tier,
    }
    if hit.explain is not None:
        body["explain"] = [_score_part(part) for part in hit.explain]
    return body


def _score_part(part: ScorePart) -> Body:
    return {"term": part.term, "field": part.field, "weight": part.weight}


def _reading(reading: QueryReading) -> Body:
    return {
        "text": reading.text,
        "normalized": reading.normalized,
        "terms": list(reading.terms),
        "tier": reading.tier,
        "corrected_to": reading.corrected_to,
        "expanded": [
            {"term": term.term, "from": term.source, "via": term.via} for term in reading.expanded
        ],
    }


def _suggestion(suggestion: Suggestion) -> Body:
    body = {
        "text": suggestion.text,
        "highlight": suggestion.highlight,
        "kind": suggestion.kind,
    }
    if suggestion.article_id is not None:
        body["article_id"] = suggestion.article_id
    return body
