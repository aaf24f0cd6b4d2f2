"""Which articles are hits, and in which order?

match -> require phrases, drop excluded, filter -> order. Invariant: hits that have all the words are
never dropped; hits that lack some are kept only where their score says that they answer the query.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.index.hotness import HOT_WINDOWS
from engine.index.snapshot import Snapshot
from engine.search.filters import allowed_articles
from engine.search.matcher import Matcher
from engine.search.phrases import holding_phrases
from engine.search.query_plan import QueryPlan
from engine.search.requests import SearchRequest, Sort
from engine.search.scorer import Scorer

RELEVANCE_FLOOR = 0.3
"""An article that lacks some of the query's words is a hit only from this share of the best score on:
it keeps the tail of articles that share one common word out of totals and facets."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Article numbers in answer order; for each its score and whether it has all the words."""

    articles: npt.NDArray[np.intp]
    scores: npt.NDArray[np.float32]
    complete: npt.NDArray[np.bool_]


EMPTY_RANKING = Ranking(
    np.empty(0, dtype=np.intp), np.empty(0, dtype=np.float32), np.empty(0, dtype=bool)
)


def rank(snapshot: Snapshot, request: SearchRequest, plan: QueryPlan) -> Ranking:
    """Return all hits of `plan` that pass the request's filters, in the request's order.

    Quoted words that no article holds side by side are sought as single words: the hits' tiers tell.
    """
    if not plan.groups:
        return EMPTY_RANKING
    ranking = _rank(snapshot, request, plan)
    if plan.phrases and not len(ranking.articles):
        return _rank(snapshot, request, replace(plan, phrases=()))
    return ranking


def _rank(snapshot: Snapshot, request: SearchRequest, plan: QueryPlan) -> Ranking:
    allowed = allowed_articles(snapshot, request)
    matcher = Matcher(snapshot)
    for excluded in plan.excluded:
        without = ~matcher.containing(excluded)
        allowed = without if allowed is None else allowed & without
    for phrase in plan.phrases:
        within = matcher.containing(phrase)
        allowed = within if allowed is None else allowed & within
    scores = Scorer(snapshot, plan).score_all()
    if allowed is not None:
        scores[~allowed] = 0.0
    satisfied = matcher.satisfied_groups(plan)
    complete = matcher.complete(plan, satisfied)
    worthwhile = (satisfied > 0) & (scores >= RELEVANCE_FLOOR * float(scores.max()))
    hits = np.flatnonzero((complete | worthwhile) & (scores > 0))
    key = _sort_key(snapshot, request.sort, scores)[hits]
    # Last key first: the chosen order, then relevance, then the article number.
    ordered = hits[np.lexsort((hits, -scores[hits], -key))]
    if plan.phrases:
        ordered = holding_phrases(snapshot, ordered, plan.phrases)
    return Ranking(ordered, scores[ordered], complete[ordered])


def _sort_key(
    snapshot: Snapshot, sort: Sort, scores: npt.NDArray[np.float32]
) -> npt.NDArray[np.float64]:
    column: npt.NDArray[Any]
    if sort is Sort.NEWEST:
        column = snapshot.articles.published
    elif sort is Sort.VIEWS:
        column = snapshot.articles.views
    elif sort is Sort.HOT:
        column = snapshot.hotness.scores[HOT_WINDOWS.index("month")]
    else:
        column = scores
    return column.astype(np.float64)
