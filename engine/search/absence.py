"""Why is this article not here?

Asks of one article, one after the other, what `ranking` asks of all. Invariant: an article is listed or has at
least one reason, and a reason is only given for what was checked on that very article.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from engine.search.explanation import Explainer, total
from engine.search.filters import allowed_articles
from engine.search.folding_hits import fold_duplicates
from engine.search.phrases import holding_phrases
from engine.search.query_plan import QueryPlan, TermGroup
from engine.search.ranking import Ranking
from engine.search.requests import (
    MAX_REACH,
    Absence,
    AbsenceReason,
    SearchRequest,
    TermFinding,
)
from engine.search.term_reader import Articles, TermReader


def explain_absence(
    reader: TermReader,
    request: SearchRequest,
    plan: QueryPlan,
    ranking: Ranking,
    explainer: Explainer,
) -> Absence | None:
    """Return what keeps the article that `request` asks about off its page; None when it asks about none.

    `plan` is what was searched for in the end, `ranking` all its hits with near-duplicates not folded.
    """
    article_id = request.explain_id
    if article_id is None:
        return None
    article = reader.snapshot.articles.find(article_id)
    if article is None:
        return Absence(article_id, listed=False, reasons=(AbsenceReason.UNKNOWN_ARTICLE,))
    case = _Case(reader, request, plan, ranking, article)
    parts = explainer.parts(article)
    shown = fold_duplicates(reader.snapshot, ranking)
    rank = case.rank(shown)
    start = (request.page - 1) * request.size
    last = min(start + request.size, len(shown.articles))
    listed = rank is not None and start < rank <= last
    page = None if rank is None else (rank - 1) // request.size + 1
    return Absence(
        id=article_id,
        listed=listed,
        reasons=() if listed else tuple(case.reasons(rank)),
        terms=tuple(map(case.term_finding, plan.groups)),
        excluded=case.excluded(),
        missing_phrases=case.missing_phrases(),
        score=round(total(parts), 6),
        parts=parts,
        floor=round(ranking.floor, 6),
        last_score=round(float(shown.scores[last - 1]), 6) if start < last else None,
        rank=rank,
        page=page if page is not None and page * request.size <= MAX_REACH else None,
        folded_into=case.folded_into(shown) if rank is None else None,
    )


class _Case:
    """One article against one answer."""

    def __init__(
        self,
        reader: TermReader,
        request: SearchRequest,
        plan: QueryPlan,
        ranking: Ranking,
        article: int,
    ) -> None:
        self._reader = reader
        self._snapshot = reader.snapshot
        self._request = request
        self._plan = plan
        self._ranking = ranking
        self._article = article

    def rank(self, shown: Ranking) -> int | None:
        """Return the article's place among the hits that are shown, from 1."""
        places = np.flatnonzero(shown.articles == self._article)
        return int(places[0]) + 1 if len(places) else None

    def reasons(self, rank: int | None) -> Iterator[AbsenceReason]:
        """Yield what keeps the article off the page, given that something does."""
        if rank is not None:
            yield AbsenceReason.OTHER_PAGE
        elif self._article in self._ranking.articles:
            yield AbsenceReason.FOLDED
        else:
            found = [*self._reasons_by_rule(), *self._reasons_by_content()]
            # All is there, but more articles had the phrase than are read for one query.
            yield from found or [AbsenceReason.UNCHECKED_PHRASE]

    def term_finding(self, group: TermGroup) -> TermFinding:
        """Return under which of its names the article holds a word of the query."""
        names = (group.term, *group.others)
        held = (name for name in names if self._is_in(self._reader.holders(name)))
        return TermFinding(group.term, next(held, None))

    def excluded(self) -> tuple[str, ...]:
        """Return those excluded words that the article holds."""
        return tuple(
            word for word in self._plan.excluded if self._is_in(self._reader.holders(word))
        )

    def missing_phrases(self) -> tuple[str, ...]:
        """Return those quoted phrases that the article lacks, where the answer insists on them."""
        phrases = self._plan.phrases
        # Phrases that no article holds are sought as single words: then none is insisted on.
        if not phrases or not self._hold(self._ranking.articles[:1], phrases):
            return ()
        this = np.array([self._article])
        return tuple(phrase for phrase in phrases if not self._hold(this, (phrase,)))

    def folded_into(self, shown: Ranking) -> str | None:
        """Return the id of the hit that stands for the article, if one does."""
        originals = self._snapshot.duplicates.originals
        group = originals[self._article]
        for hit in shown.articles.tolist():
            if originals[hit] == group:
                return self._snapshot.articles.article_id(hit)
        return None

    def _reasons_by_rule(self) -> Iterator[AbsenceReason]:
        hidden = self._snapshot.hidden
        if hidden is not None and hidden[self._article]:
            yield AbsenceReason.TAKEN_DOWN
        request, nothing = self._request, SearchRequest(self._request.text)
        filters = {
            AbsenceReason.CATEGORY: replace(nothing, category=request.category),
            AbsenceReason.TAG: replace(nothing, tag=request.tag),
            AbsenceReason.PERIOD: replace(
                nothing,
                published_from=request.published_from,
                published_to=request.published_to,
            ),
        }
        for reason, alone in filters.items():
            allowed = allowed_articles(self._snapshot, alone)
            if allowed is not None and not allowed[self._article]:
                yield reason
        if self.excluded():
            yield AbsenceReason.EXCLUDED_WORD
        if self.missing_phrases():
            yield AbsenceReason.MISSING_PHRASE

    def _reasons_by_content(self) -> Iterator[AbsenceReason]:
        findings = [self.term_finding(group) for group in self._plan.groups]
        if not findings:
            yield AbsenceReason.QUERY_WITHOUT_TERMS
        elif all(finding.held_as is None for finding in findings):
            yield AbsenceReason.NO_TERM
        elif any(finding.held_as is None for finding in findings):
            yield AbsenceReason.BELOW_FLOOR

    def _hold(self, articles: Articles, phrases: tuple[str, ...]) -> bool:
        return len(holding_phrases(self._snapshot, articles.astype(np.intp), phrases)) > 0

    def _is_in(self, articles: Articles) -> bool:
        place = int(np.searchsorted(articles, self._article))
        return place < len(articles) and int(articles[place]) == self._article
