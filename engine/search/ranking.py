"""Which articles are hits, and in which order?

match -> require phrases, drop excluded, filter -> order. Invariant: hits that have all the words are
never dropped; hits that lack some are kept only where their score says that they answer the query;
`rank_best` gives the beginning of what `rank` gives.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.index.hotness import HOT_WINDOWS
from engine.index.snapshot import Snapshot
from engine.search.filters import allowed_articles
from engine.search.freshness import freshness_bonus
from engine.search.leaders import best_of
from engine.search.matcher import Matcher
from engine.search.phrases import holding_phrases
from engine.search.query_plan import QueryPlan
from engine.search.requests import SearchRequest, Sort
from engine.search.scorer import Scorer, Scores
from engine.search.term_reader import Articles, TermReader

RELEVANCE_FLOOR = 0.3
"""An article that lacks some of the query's words is a hit only from this share of the best score on:
it keeps the tail of articles that share one common word out of totals and facets."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Article numbers in answer order; for each its score and whether it has all the words.

    floor: the relevance that articles without all the words had to reach.
    """

    articles: npt.NDArray[np.intp]
    scores: Scores
    complete: npt.NDArray[np.bool_]
    floor: float = 0.0

    @property
    def any_complete(self) -> bool:
        """Tell whether any hit has all the words."""
        return bool(self.complete.any())


@dataclass(frozen=True, slots=True)
class BestArticles:
    """The beginning of a ranking: article numbers and scores.

    find_complete: tells whether any hit has all the words, at the cost of a fifth of a long query.
    """

    articles: npt.NDArray[np.intp]
    scores: Scores
    find_complete: Callable[[], bool]

    @property
    def any_complete(self) -> bool:
        """Tell whether any hit has all the words; worked out when asked."""
        return self.find_complete()


EMPTY_RANKING = Ranking(
    np.empty(0, dtype=np.intp), np.empty(0, dtype=np.float32), np.empty(0, dtype=bool)
)


def rank(reader: TermReader, request: SearchRequest, plan: QueryPlan) -> Ranking:
    """Return all hits of `plan` that pass the request's filters, in the request's order.

    Quoted words that no article holds side by side are sought as single words: the hits' tiers tell.
    """
    if not plan.groups:
        return EMPTY_RANKING
    ranking = _rank(reader, request, plan)
    if plan.phrases and not len(ranking.articles):
        return _rank(reader, request, plan._replace(phrases=()))
    return ranking


def rank_best(
    reader: TermReader, plan: QueryPlan, size: int, *, asks_complete: bool = True
) -> BestArticles:
    """Return the best `size` hits of `plan` by relevance, without working out the others.

    asks_complete: whether `any_complete` will be asked; where it will, looking at once is cheaper.
    """
    if plan.phrases or plan.excluded or not plan.groups:
        return _beginning(rank(reader, SearchRequest(plan.text), plan), size)
    scorer = Scorer(reader, plan)
    leading, scores = scorer.leaders(size)
    if not len(leading):
        return _beginning(EMPTY_RANKING, size)
    floor = _floor(scores[0])
    is_full = len(leading) == size and scores[-1] >= floor
    if not is_full:
        leading = leading[scores >= floor]
    matcher = Matcher(reader, plan)
    all_have_any, any_has_every = matcher.coverage(leading, asks_every=asks_complete)
    if not all_have_any:
        return _beginning(rank(reader, SearchRequest(plan.text), plan), size)
    if is_full:
        if any_has_every:
            return BestArticles(leading, scores, lambda: True)
        return BestArticles(leading, scores, lambda: len(_complete(reader, scorer, matcher)) > 0)
    # All that reach the floor, and after them the best of those that have all the words.
    every = _shown_scores(reader, scorer)
    complete = matcher.complete_articles()
    complete = complete[every[complete] > 0]
    weak = complete[every[complete] < floor].astype(np.intp)
    best = np.append(leading, best_of(weak, every[weak], size - len(leading)).articles)
    return BestArticles(best, every[best], lambda: len(complete) > 0)


def _complete(reader: TermReader, scorer: Scorer, matcher: Matcher) -> Articles:
    """Return the hits that have all the words, ascending."""
    articles = matcher.complete_articles()
    # Most often there is none, and nothing to add up.
    return articles[_shown_scores(reader, scorer)[articles] > 0] if len(articles) else articles


def _shown_scores(reader: TermReader, scorer: Scorer) -> Scores:
    scores = scorer.score_all()
    if (hidden := reader.snapshot.hidden) is not None:
        scores[hidden] = 0.0
    return scores


def _floor(best: np.float32) -> float:
    """Return the score that articles without all the words must reach, in the precision of scores."""
    return float(np.float32(RELEVANCE_FLOOR * float(best)))


def _beginning(ranking: Ranking, size: int) -> BestArticles:
    return BestArticles(
        ranking.articles[:size], ranking.scores[:size], lambda: ranking.any_complete
    )


def _rank(reader: TermReader, request: SearchRequest, plan: QueryPlan) -> Ranking:
    snapshot = reader.snapshot
    matcher = Matcher(reader, plan)
    scores = _shown_scores(reader, Scorer(reader, plan))
    for excluded in plan.excluded:
        scores[reader.holders(excluded)] = 0.0
    for phrase in plan.phrases:
        within = np.zeros(len(scores), dtype=bool)
        within[reader.holders(phrase)] = True
        scores[~within] = 0.0
    # Before the filters: choosing a facet value leaves the hits that it counted, no more and no fewer.
    floor = _floor(scores.max())
    if (allowed := allowed_articles(snapshot, request)) is not None:
        scores[~allowed] = 0.0
    satisfied = matcher.satisfied_groups()
    complete = matcher.complete(satisfied)
    matching = (satisfied > 0) & (scores > 0)
    hits = np.flatnonzero((complete & (scores > 0)) | (matching & (scores >= floor)))
    if not len(hits):
        # Where only weak ones pass the filters, they are better than nothing.
        floor = _floor(scores.max())
        hits = np.flatnonzero(matching & (scores >= floor))
    if request.freshness:
        scores *= 1.0 + freshness_bonus(snapshot, request.freshness).astype(np.float32)
    if request.sort is Sort.RELEVANCE:
        ordered = hits[np.argsort(-scores[hits], kind="stable")]
    else:
        # Last key first: the chosen order, then relevance, then the article number.
        column = _sort_column(snapshot, request.sort)[hits].astype(np.float64)
        ordered = hits[np.lexsort((hits, -scores[hits], -column))]
    # Of two neighbouring units the lists tell already that they stand side by side.
    unsure = [phrase for phrase in plan.phrases if reader.parts_of(phrase) != [phrase]]
    if unsure:
        ordered = holding_phrases(snapshot, ordered, unsure)
    return Ranking(ordered, scores[ordered], complete[ordered], floor)


def _sort_column(snapshot: Snapshot, sort: Sort) -> npt.NDArray[Any]:
    if sort is Sort.NEWEST:
        return snapshot.articles.published
    if sort is Sort.VIEWS:
        return snapshot.articles.views
    hot: npt.NDArray[Any] = snapshot.hotness.scores[HOT_WINDOWS.index("month")]
    return hot
