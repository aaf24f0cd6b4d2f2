"""How is a found article shown?

Invariant: a hit says how closely it matches, and every mark in it covers what the query explains.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from engine.index.snapshot import Snapshot
from engine.search.explanation import Explainer, total
from engine.search.folded_text import FoldedText, fold_table
from engine.search.highlight import Highlighter
from engine.search.query_plan import QueryPlan
from engine.search.requests import Highlights, SearchHit, Tier
from engine.search.term_reader import TermReader


class HitPresenter:
    """Presents the hits of one query.

    `explainer` is given when scores are to be explained, `weaker` when the query was read otherwise: then no
    hit is better than that tier.
    """

    def __init__(
        self,
        reader: TermReader,
        plan: QueryPlan,
        explainer: Explainer | None = None,
        weaker: Tier | None = None,
    ) -> None:
        self._reader = reader
        self._snapshot: Snapshot = reader.snapshot
        self._plan = plan
        self._explainer = explainer
        self._weaker = weaker
        self._highlighter = Highlighter(reader.snapshot.analyzer.normalizer)
        self._fold = fold_table(reader.snapshot.analyzer.normalizer).fold
        self._weights = self._term_weights()

    def present(self, article: int, score: float, *, complete: bool) -> SearchHit:
        """Return article number `article` as a hit; `complete` says that it has all the words."""
        card = self._snapshot.articles.card(article)
        body = self._snapshot.articles.text(article).body
        # Once for both, and through the table, which is several times faster on a long text.
        folded = self._fold(body, (self._plan.normalized, *self._weights))
        parts = self._explainer.parts(article) if self._explainer else None
        return SearchHit(
            card=card,
            score=round(score if parts is None else total(parts), 6),
            tier=self._tier(card.title, folded, complete=complete),
            highlights=Highlights(
                title=self._highlighter.title(card.title, tuple(self._weights)),
                excerpt=self._highlighter.excerpt(body, self._weights, folded),
            ),
            duplicates=self._duplicates(article),
            explain=parts,
        )

    def _tier(self, title: str, body: FoldedText, *, complete: bool) -> Tier:
        if self._weaker is not None:
            return self._weaker
        if not complete:
            return Tier.ANY_TERM
        wanted = self._plan.normalized
        normalize = self._snapshot.analyzer.normalize
        verbatim = wanted in body.text or wanted in normalize(title)
        return Tier.EXACT if verbatim else Tier.ALL_TERMS

    def _duplicates(self, article: int) -> tuple[str, ...]:
        table = self._snapshot.duplicates
        original = table.original_of(article)
        others = {original, *table.copies_of(original)} - {article}
        return tuple(map(self._snapshot.articles.article_id, sorted(others)))

    def _term_weights(self) -> Mapping[str, float]:
        """Return each term and alternative with its idf: rare words make the better excerpt."""
        articles = self._reader.articles
        return {
            term: math.log1p((articles + 1) / (self._reader.document_frequency(term) + 1))
            for group in self._plan.groups
            for term in (group.term, *group.alternatives)
        }
