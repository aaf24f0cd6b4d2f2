"""Query -> one page of hits: the composition of this floor.

plan -> score -> filter -> tier -> order -> page -> highlight. Invariant: the same request on the same
snapshot gives the same answer, and every hit says how closely it matches.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.index.hotness import HOT_WINDOWS
from engine.index.snapshot import Snapshot
from engine.search.facets import count_facets
from engine.search.filters import allowed_articles
from engine.search.hits import HitPresenter
from engine.search.query_plan import QueryPlan, plan_query
from engine.search.requests import (
    QueryReading,
    SearchHit,
    SearchRequest,
    SearchResult,
    Sort,
    Tier,
)
from engine.search.scorer import Scorer, Scores

RELEVANCE_FLOOR = 0.3
"""An article that lacks some of the query's words is a hit only from this share of the best score on:
it keeps the tail of articles that share one common word out of totals and facets."""


@dataclass(frozen=True, slots=True)
class _Ranking:
    """Article numbers in answer order; for each, whether it has all the words."""

    articles: npt.NDArray[np.intp]
    complete: npt.NDArray[np.bool_]


def search(snapshot: Snapshot, request: SearchRequest) -> SearchResult:
    """Answer `request` from `snapshot`; nothing found is an empty result, not an error."""
    plan = plan_query(snapshot.analyzer, request.text)
    scorer = Scorer(snapshot, plan)
    scores = scorer.score_all()
    ranking = _rank(snapshot, request, plan, scores)
    start = (request.page - 1) * request.size
    presenter = HitPresenter(snapshot, plan, scorer if request.explain else None)
    page = slice(start, start + request.size)
    hits = tuple(
        presenter.present(article, float(scores.scores[article]), complete=complete)
        for article, complete in zip(
            ranking.articles[page].tolist(), ranking.complete[page].tolist(), strict=True
        )
    )
    return SearchResult(
        query=_reading(plan, ranking, hits),
        total=len(ranking.articles),
        page=request.page,
        size=request.size,
        hits=hits,
        facets=count_facets(snapshot, ranking.articles),
    )


def rank_articles(snapshot: Snapshot, text: str, size: int) -> list[int]:
    """Return the best `size` article numbers for `text`: the part of a search that ranks."""
    plan = plan_query(snapshot.analyzer, text)
    scores = Scorer(snapshot, plan).score_all()
    request = SearchRequest(text, size=size)
    best: list[int] = _rank(snapshot, request, plan, scores).articles[:size].tolist()
    return best


def _rank(snapshot: Snapshot, request: SearchRequest, plan: QueryPlan, scores: Scores) -> _Ranking:
    if not plan.groups:
        return _Ranking(np.empty(0, dtype=np.intp), np.empty(0, dtype=bool))
    allowed = allowed_articles(snapshot, request)
    relevance = scores.scores if allowed is None else np.where(allowed, scores.scores, 0.0)
    complete = scores.satisfied == len(plan.groups)
    matching = (scores.satisfied > 0) & (
        complete | (relevance >= RELEVANCE_FLOOR * float(relevance.max()))
    )
    if allowed is not None:
        matching &= allowed
    candidates = np.flatnonzero(matching)
    key = _sort_key(snapshot, request.sort, candidates, scores)
    # Last key first: the chosen order, then relevance, then the article number.
    order = np.lexsort((candidates, -scores.scores[candidates], -key))
    ordered = candidates[order]
    return _Ranking(ordered, complete[ordered])


def _sort_key(
    snapshot: Snapshot, sort: Sort, candidates: npt.NDArray[np.intp], scores: Scores
) -> npt.NDArray[np.float64]:
    column: npt.NDArray[Any]
    if sort is Sort.NEWEST:
        column = snapshot.articles.published
    elif sort is Sort.VIEWS:
        column = snapshot.articles.views
    elif sort is Sort.HOT:
        column = snapshot.hotness.scores[HOT_WINDOWS.index("month")]
    else:
        column = scores.scores
    key: npt.NDArray[np.float64] = column[candidates].astype(np.float64)
    return key


def _reading(plan: QueryPlan, ranking: _Ranking, hits: tuple[SearchHit, ...]) -> QueryReading:
    if not len(ranking.articles):
        tier = Tier.NONE
    elif any(hit.tier is Tier.EXACT for hit in hits):
        tier = Tier.EXACT
    else:
        tier = Tier.ALL_TERMS if ranking.complete.any() else Tier.ANY_TERM
    return QueryReading(plan.text, plan.normalized, plan.terms, tier, None, plan.expanded)
