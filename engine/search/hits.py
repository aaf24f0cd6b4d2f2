"""How are found articles shown?

Invariant: a hit says how closely it matches, and every mark in it covers what the query explains.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence

from engine.index.card_records import CardRecord
from engine.index.snapshot import Snapshot
from engine.search.body_parts import BodyParts
from engine.search.explanation import Explainer, total
from engine.search.highlight import Highlighter, choosing_terms, part_excerpt
from engine.search.joined_texts import JoinedTexts
from engine.search.markup import mark, merge_spans
from engine.search.query_plan import QueryPlan
from engine.search.ranking import Ranking
from engine.search.requests import Highlights, SearchHit, Tier
from engine.search.term_reader import TermReader
from engine.search.verbatim import holding_verbatim


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

    def present(self, ranking: Ranking, page: slice) -> tuple[SearchHit, ...]:
        """Return the hits on one `page` of `ranking`."""
        articles: list[int] = ranking.articles[page].tolist()
        if not articles:
            return ()
        records = [self._snapshot.articles.card_record(article) for article in articles]
        complete = [
            article
            for article, whole in zip(articles, ranking.complete[page].tolist(), strict=True)
            if whole
        ]
        highlights, verbatim = self._highlight(articles, records, complete)
        duplicates = self._duplicates(articles)
        hits = []
        for place, score in enumerate(ranking.scores[page].tolist()):
            article = articles[place]
            parts = self._explainer.parts(article) if self._explainer else None
            hits.append(
                SearchHit(
                    record=records[place],
                    score=round(score if parts is None else total(parts), 6),
                    tier=self._tier(article, complete, verbatim),
                    highlights=highlights[place],
                    duplicates=duplicates[place],
                    explain=parts,
                )
            )
        return tuple(hits)

    def _highlight(
        self, articles: Sequence[int], records: Sequence[CardRecord], complete: Collection[int]
    ) -> tuple[list[Highlights], frozenset[int]]:
        """Return what is shown of each article, and which of `complete` hold the query as it is."""
        weights = self._term_weights()
        choosing = choosing_terms(weights)
        terms = tuple({**choosing, **weights})
        bodies = BodyParts(self._snapshot.articles, articles, choosing)
        titles = [record.title for record in records]
        wanted = self._plan.normalized
        normalizer = self._snapshot.analyzer.normalizer
        texts = JoinedTexts(
            normalizer, [*titles, *(part.text for part in bodies.parts)], (wanted, *terms)
        )
        found = texts.find(terms)
        highlighter = Highlighter(normalizer)
        weighing = tuple(choosing.values())
        highlights = []
        for place, (title, part) in enumerate(zip(titles, bodies.parts, strict=True)):
            marks = merge_spans(one[:2] for one in found[place])
            body = bodies.long.get(place)
            highlights.append(
                Highlights(
                    title=mark(title, marks, 0, len(title)),
                    excerpt=part_excerpt(part, found[len(titles) + place], weighing)
                    if body is None
                    else highlighter.excerpt(body, weights),
                )
            )
        # Where the query was read otherwise, no hit is exact.
        if self._weaker is not None or not complete or not wanted:
            return highlights, frozenset()
        seen = {articles[place % len(articles)] for place in texts.holding(wanted)}
        unsure = [article for article in complete if article not in seen]
        return highlights, frozenset(seen | holding_verbatim(self._reader, unsure, wanted))

    def _tier(self, article: int, complete: Collection[int], verbatim: Collection[int]) -> Tier:
        if self._weaker is not None:
            return self._weaker
        if article not in complete:
            return Tier.ANY_TERM
        return Tier.EXACT if article in verbatim else Tier.ALL_TERMS

    def _duplicates(self, articles: Sequence[int]) -> list[tuple[str, ...]]:
        name = self._snapshot.articles.article_id
        return [
            tuple(map(name, sorted(others)))
            for others in self._snapshot.duplicates.others_of(articles)
        ]

    def _term_weights(self) -> Mapping[str, float]:
        """Return each term and alternative with its idf: rare words make the better excerpt."""
        articles = self._reader.articles
        return {
            term: math.log1p((articles + 1) / (self._reader.document_frequency(term) + 1))
            for group in self._plan.groups
            for term in (group.term, *group.alternatives)
        }
