"""Query -> one page of hits: the composition of this floor.

plan -> rank -> (read otherwise) -> page -> present -> count. Invariant: the same request on the same
snapshot gives the same answer; a query is read otherwise only when no article has all that was typed, and
then every hit and the answer say so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from engine.index.snapshot import Snapshot
from engine.search.absence import explain_absence
from engine.search.correction import Reading, is_rereadable, is_well_cut, propose_readings
from engine.search.explanation import Explainer
from engine.search.facets import count_facets
from engine.search.folding_hits import fold_duplicates
from engine.search.freshness import FRESHNESS_HALF_LIFE_DAYS, newest_publication
from engine.search.hits import HitPresenter
from engine.search.lone_units import with_pairs_of_lone_units
from engine.search.query_plan import QueryPlan, plan_query, plan_reading
from engine.search.ranking import BestArticles, Ranking, rank, rank_best
from engine.search.requests import (
    Freshness,
    QueryReading,
    SearchHit,
    SearchRequest,
    SearchResult,
    Tier,
)
from engine.search.term_reader import TermReader

_Found = TypeVar("_Found", Ranking, BestArticles)


@dataclass(frozen=True, slots=True)
class _Answer(Generic[_Found]):
    """What was searched for in the end: the plan, its hits, and the reading that led to it, if any."""

    plan: QueryPlan
    found: _Found
    reading: Reading | None
    suggestions: tuple[str, ...]


def search(snapshot: Snapshot, request: SearchRequest) -> SearchResult:
    """Answer `request` from `snapshot`; nothing found is an empty result, not an error."""
    reader = TermReader(snapshot)
    plan = with_pairs_of_lone_units(reader, plan_query(snapshot.analyzer, request.text))
    reader.expect(plan.lists)
    answer = _answer(reader, plan, lambda plan: rank(reader, request, plan))
    explainer = Explainer(reader, answer.plan, request.freshness)
    presenter = HitPresenter(
        reader,
        answer.plan,
        explainer if request.explain else None,
        answer.reading.tier if answer.reading else None,
    )
    start = (request.page - 1) * request.size
    ranking = fold_duplicates(snapshot, answer.found)
    page = slice(start, start + request.size)
    snapshot.articles.expect(ranking.articles[page].tolist(), texts=True)
    hits = presenter.present(ranking, page)
    return SearchResult(
        query=_disclose(plan, answer, hits),
        total=len(ranking.articles),
        page=request.page,
        size=request.size,
        hits=hits,
        facets=count_facets(snapshot, answer.found.articles),
        suggestions=answer.suggestions,
        absence=explain_absence(reader, request, answer.plan, answer.found, explainer),
        freshness=_disclose_freshness(snapshot, request),
    )


def rank_articles(snapshot: Snapshot, text: str, size: int, *, freshness: float = 0.0) -> list[int]:
    """Return the best `size` article numbers for `text`: the part of a search that ranks.

    Near-duplicates are not folded: which of them to show is no question of relevance.
    """
    reader = TermReader(snapshot)
    plan = with_pairs_of_lone_units(reader, plan_query(snapshot.analyzer, text))
    if freshness:
        request = SearchRequest(text, freshness=freshness)
        whole = _answer(reader, plan, lambda plan: rank(reader, request, plan))
        fresh: list[int] = whole.found.articles[:size].tolist()
        return fresh
    asks = is_rereadable(plan)
    answer = _answer(reader, plan, lambda plan: rank_best(reader, plan, size, asks_complete=asks))
    best: list[int] = answer.found.articles.tolist()
    return best


def _answer(
    reader: TermReader, plan: QueryPlan, find: Callable[[QueryPlan], _Found]
) -> _Answer[_Found]:
    found = find(plan)
    if not is_rereadable(plan):
        return _Answer(plan, found, None, ())
    # Characters that the dictionary left alone (保/正/金) are in many articles without meaning anything.
    if found.any_complete and is_well_cut(reader, plan):
        return _Answer(plan, found, None, ())
    snapshot = reader.snapshot
    readings = propose_readings(reader, snapshot.spellings, plan)
    others = tuple(reading.text for reading in readings)
    if readings:
        better = plan_reading(snapshot.analyzer, plan, readings[0].text)
        found_otherwise = find(better)
        if len(found_otherwise.articles):
            return _Answer(better, found_otherwise, readings[0], others[1:])
    return _Answer(plan, found, None, others)


def _disclose_freshness(snapshot: Snapshot, request: SearchRequest) -> Freshness | None:
    if not request.freshness:
        return None
    return Freshness(request.freshness, FRESHNESS_HALF_LIFE_DAYS, newest_publication(snapshot))


def _disclose(
    plan: QueryPlan, answer: _Answer[Ranking], hits: tuple[SearchHit, ...]
) -> QueryReading:
    reading = answer.reading
    if not len(answer.found.articles):
        tier = Tier.NONE
    elif reading is not None:
        tier = reading.tier
    elif any(hit.tier is Tier.EXACT for hit in hits):
        tier = Tier.EXACT
    else:
        tier = Tier.ALL_TERMS if answer.found.any_complete else Tier.ANY_TERM
    return QueryReading(
        text=plan.text,
        normalized=plan.normalized,
        terms=answer.plan.terms,
        tier=tier,
        corrected_to=reading.text if reading and reading.tier is Tier.CORRECTED else None,
        expanded=(reading.expanded if reading else ()) + answer.plan.expanded,
    )
