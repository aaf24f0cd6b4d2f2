"""Query -> one page of hits: the composition of this floor.

plan -> rank -> page -> present -> count. Invariant: the same request on the same snapshot gives the same
answer, and every hit says how closely it matches.
"""

from __future__ import annotations

from engine.index.snapshot import Snapshot
from engine.search.facets import count_facets
from engine.search.hits import HitPresenter
from engine.search.query_plan import QueryPlan, plan_query
from engine.search.ranking import Ranking, rank
from engine.search.requests import QueryReading, SearchHit, SearchRequest, SearchResult, Tier
from engine.search.scorer import Scorer


def search(snapshot: Snapshot, request: SearchRequest) -> SearchResult:
    """Answer `request` from `snapshot`; nothing found is an empty result, not an error."""
    plan = plan_query(snapshot.analyzer, request.text)
    ranking = rank(snapshot, request, plan)
    presenter = HitPresenter(snapshot, plan, Scorer(snapshot, plan) if request.explain else None)
    start = (request.page - 1) * request.size
    page = slice(start, start + request.size)
    hits = tuple(
        presenter.present(article, score, complete=complete)
        for article, score, complete in zip(
            ranking.articles[page].tolist(),
            ranking.scores[page].tolist(),
            ranking.complete[page].tolist(),
            strict=True,
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
    best: list[int] = rank(snapshot, SearchRequest(text), plan).articles[:size].tolist()
    return best


def _reading(plan: QueryPlan, ranking: Ranking, hits: tuple[SearchHit, ...]) -> QueryReading:
    if not len(ranking.articles):
        tier = Tier.NONE
    elif any(hit.tier is Tier.EXACT for hit in hits):
        tier = Tier.EXACT
    else:
        tier = Tier.ALL_TERMS if ranking.complete.any() else Tier.ANY_TERM
    return QueryReading(plan.text, plan.normalized, plan.terms, tier, None, plan.expanded)
