"""How do results of the engine look as JSON?

The field names are the contract's. Invariant: a body is a pure function of the result, so the same
answer always has the same bytes; what differs from request to request is added in `responses`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from engine.documents import Card, isoformat
from engine.index.articles import ArticleText
from engine.index.hot_searches import HotSearch
from engine.recommend.cards import (
    ArticleBlocks,
    Crumb,
    ForYou,
    HotItem,
    HotList,
    RelatedItem,
    TagCount,
    TagPage,
)
from engine.recommend.listing import ArticlePage, CategoryCount
from engine.search.requests import Absence, QueryReading, ScorePart, SearchHit, SearchResult
from engine.search.suggest import Suggestion
from functions.json_text import JsonText, encode

Body = dict[str, Any]

SITEMAP_PATH = "/sitemap.xml"


def search_body(result: SearchResult) -> Body:
    """Return the body of GET /v1/search; what was not asked for is left out."""
    asked_for: Body = {}
    if result.freshness is not None:
        asked_for["freshness"] = {
            "most": result.freshness.most,
            "half_life_days": result.freshness.half_life_days,
            "newest": isoformat(result.freshness.newest),
        }
    if result.absence is not None:
        asked_for["absence"] = _absence(result.absence)
    return {
        "query": reading_body(result.query),
        "total": result.total,
        "page": result.page,
        "size": result.size,
        "items": JsonText(f"[{','.join(map(_hit_json, result.hits))}]"),
        "facets": {
            name: [{"value": value.value, "count": value.count} for value in values]
            for name, values in result.facets.items()
        },
        "suggestions": list(result.suggestions),
        **asked_for,
    }


def suggest_body(suggestions: Sequence[Suggestion]) -> Body:
    """Return the body of GET /v1/suggest; only titles lead to one article."""
    return {"items": [_suggestion(suggestion) for suggestion in suggestions]}


def related_body(items: Sequence[RelatedItem]) -> Body:
    """Return the body of GET /v1/articles/{id}/related."""
    return {"items": [_related_item(item) for item in items]}


def for_you_body(answer: ForYou) -> Body:
    """Return the body of POST /v1/recommendations."""
    return {**related_body(answer.items), "unknown": list(answer.unknown)}


def hot_body(hot_list: HotList) -> Body:
    """Return the body of GET /v1/hot."""
    return {
        "items": [_hot_item(item) for item in hot_list.items],
        "window": hot_list.window,
        "scope": hot_list.scope,
    }


def listing_body(page: ArticlePage) -> Body:
    """Return the body of GET /v1/articles."""
    return {
        "scope": page.scope,
        "total": page.total,
        "page": page.page,
        "size": page.size,
        "items": [_card(card) for card in page.cards],
    }


def categories_body(categories: Sequence[CategoryCount]) -> Body:
    """Return the body of GET /v1/categories."""
    return {"items": [{**_crumb(one.crumb), "count": one.count} for one in categories]}


def hot_searches_body(searches: Sequence[HotSearch]) -> Body:
    """Return the body of GET /v1/hot-searches."""
    return {
        "items": [
            {"query": search.query, "count": search.count, "rank": rank}
            for rank, search in enumerate(searches, start=1)
        ]
    }


def tag_body(page: TagPage) -> Body:
    """Return the body of GET /v1/tags/{tag}."""
    return {
        "tag": page.tag,
        "total": page.total,
        "page": page.page,
        "size": page.size,
        "items": [_card(card) for card in page.cards],
        "related_tags": [_tag_count(tag) for tag in page.related_tags],
    }


def blocks_body(blocks: ArticleBlocks) -> Body:
    """Return the body of GET /v1/articles/{id}/blocks; boxes that were not asked for are left out."""
    card = blocks.card
    body: Body = {
        "id": card.id,
        "header": {
            "title": card.title,
            "author": card.author,
            "published_at": card.published_at,
            "views": card.views,
        },
        "comments": {"count": card.comments},
        "sitemap": SITEMAP_PATH,
    }
    if blocks.breadcrumb is not None:
        body["breadcrumb"] = [_crumb(crumb) for crumb in blocks.breadcrumb]
    if blocks.tags is not None:
        body["tags"] = [_tag_count(tag) for tag in blocks.tags]
    if blocks.prevnext is not None:
        beside = blocks.prevnext
        body["prevnext"] = {
            "previous": beside.previous and _card(beside.previous),
            "next": beside.next and _card(beside.next),
        }
    if blocks.related is not None:
        body["related"] = [_related_item(item) for item in blocks.related]
    if blocks.hot is not None:
        body["hot"] = [_hot_item(item) for item in blocks.hot]
    return body


def article_body(card: Card, text: ArticleText) -> Body:
    """Return the body of GET /v1/articles/{id}."""
    return {
        **_card(card),
        "body": text.body,
        "updated_at": text.updated_at,
        "summary": text.summary,
    }


def _related_item(item: RelatedItem) -> Body:
    return {
        **_card(item.card),
        "score": item.score,
        "source": item.source,
        "shared_terms": list(item.shared_terms),
    }


def _hot_item(item: HotItem) -> Body:
    return {**_card(item.card), "score": item.score, "rank": item.rank}


def _tag_count(tag: TagCount) -> Body:
    return {"tag": tag.tag, "count": tag.count}


def _crumb(crumb: Crumb) -> Body:
    return {"name": crumb.name, "path": crumb.path}


def _card(card: Card) -> Body:
    # asdict copies field by field what is immutable anyway, ten times for a page.
    return {name: getattr(card, name) for name in Card.__match_args__}


def hit_body(hit: SearchHit) -> Body:
    """Return one hit of a search."""
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


def _hit_json(hit: SearchHit) -> str:
    """Return `hit_body` as JSON.

    The card is passed on as it is stored, and the rest is text around four values: to read and write ten of
    them otherwise takes as long as to rank.
    """
    explain = ""
    if hit.explain is not None:
        explain = f',"explain":{encode([_score_part(part) for part in hit.explain])}'
    return (
        f'{hit.record.json[:-1]},"score":{hit.score!r},'
        f'"highlights":{{"title":{encode(hit.highlights.title)},'
        f'"excerpt":{encode(hit.highlights.excerpt)}}},'
        f'"duplicates":{encode(hit.duplicates) if hit.duplicates else "[]"},'
        f'"tier":"{hit.tier}"{explain}}}'
    )


def _absence(absence: Absence) -> Body:
    body = asdict(absence)
    # As a hit has it.
    body["explain"] = body.pop("parts")
    return body


def _score_part(part: ScorePart) -> Body:
    return {"term": part.term, "field": part.field, "weight": part.weight}


def reading_body(reading: QueryReading) -> Body:
    """Return how a query was understood."""
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
