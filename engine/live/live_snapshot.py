"""What does a reader hold when articles changed since the index was built?

A snapshot whose parts are those of the index with the changes laid over them. Articles of the index keep
their numbers, those that were put follow; an earlier text of an edited article is hidden, as deleted and
taken-down ones are. Invariant: as `Snapshot`: nothing reachable from it ever changes, and everything in it
belongs to one state of the index and of the live objects.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cache, cached_property

import numpy as np
import numpy.typing as npt

from engine.analysis.analyzer import Analyzer
from engine.documents import Article
from engine.index.articles import ArticleTable
from engine.index.blocked_words import BlockedWords
from engine.index.duplicates import DuplicateTable
from engine.index.hot_searches import HotSearches
from engine.index.hotness import HotTable
from engine.index.neighbours import NeighbourTable
from engine.index.segments import Segment, segment_of
from engine.index.snapshot import Snapshot
from engine.index.spellings import SpellingTable
from engine.index.statistics import TermStatistics
from engine.index.suggestions import Completions
from engine.index.taxonomy import Taxonomy
from engine.index.vectors import VectorTable
from engine.live.changes import Folded, LiveChanges
from engine.live.delta import DeltaArticle
from engine.live.hot_list import HotEvidence
from engine.live.live_articles import LiveArticles
from engine.live.live_duplicates import LiveDuplicates
from engine.live.live_hotness import LiveHotness, delta_strength
from engine.live.live_neighbours import LiveNeighbours
from engine.live.live_suggestions import LiveSuggestions, completions_of
from engine.live.live_taxonomy import LiveTaxonomy
from engine.live.live_vectors import LiveVectors
from engine.live.relations import Relation, related_in, shared_terms
from engine.live.takedowns import Takedowns


@dataclass(frozen=True, slots=True)
class LiveState:
    """What the live objects say, all of them good; `problems` names those that are older than that."""

    changes: LiveChanges = field(default_factory=LiveChanges)
    takedowns: Takedowns = field(default_factory=Takedowns)
    hot: HotEvidence = field(default_factory=HotEvidence)
    hot_searches: HotSearches = field(default_factory=HotSearches)
    problems: tuple[str, ...] = ()


class LiveSnapshot(Snapshot):
    """The index `base` with the state `state` laid over it; `delta` are the articles put, read."""

    def __init__(self, base: Snapshot, state: LiveState, delta: Sequence[DeltaArticle]) -> None:
        super().__init__(base.directory, base.manifest, base.generated_at)
        # The base holds the lease on its files: they stay while this snapshot lives.
        self.base = base
        self.state = state
        self.delta = tuple(delta)
        put = {read.article.id for read in delta}
        self._changed_numbers, gone = changed_ids(base, state, put)
        self._hidden: npt.NDArray[np.bool_] | None = None
        if delta or self._changed_numbers:
            self._lay_over([read.article for read in delta], gone)

    @property
    def hidden(self) -> npt.NDArray[np.bool_] | None:
        """Which articles must not be shown, bool [articles]; None: every article may be."""
        return self._hidden

    @property
    def put_since_build(self) -> int:
        """How many articles were put over the index while it is served."""
        return len(self.delta)

    @property
    def gone_since_build(self) -> int:
        """How many articles were deleted or taken down while it is served."""
        return len(self.state.changes.deleted | self.state.takedowns.by_id.keys())

    @property
    def live_problems(self) -> tuple[str, ...]:
        """Which live objects could not be read when they were read last."""
        return self.state.problems

    @property
    def hot_searches(self) -> HotSearches:
        """What many visitors searched for."""
        return self.state.hot_searches

    @cached_property
    def analyzer(self) -> Analyzer:
        """As the index has it."""
        return self.base.analyzer

    @cached_property
    def statistics(self) -> TermStatistics:
        """As the index has them: nothing that is laid over changes what a term is worth."""
        return self.base.statistics

    @cached_property
    def spellings(self) -> SpellingTable:
        """As the index has them."""
        return self.base.spellings

    @cached_property
    def blocked_words(self) -> BlockedWords:
        """As the index has them."""
        return self.base.blocked_words

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """The inverted lists of the index; `_lay_over` adds those of what was put."""
        return self.base.segments

    @cached_property
    def articles(self) -> ArticleTable:
        """Ids, cards, texts and columns; `_lay_over` adds those of what was put."""
        return self.base.articles

    @cached_property
    def taxonomy(self) -> Taxonomy:
        """Categories and tags, with what `_lay_over` changes."""
        return self.base.taxonomy

    @cached_property
    def duplicates(self) -> DuplicateTable:
        """Which articles repeat which, with what `_lay_over` changes."""
        return self.base.duplicates

    def _lay_over(self, put: Sequence[Article], gone: Collection[str]) -> None:
        base, first = self.base, len(self.base.articles)
        hidden = np.zeros(first + len(put), dtype=bool)
        hidden[list(self._changed_numbers.values())] = True
        self._hidden = hidden
        self.articles = LiveArticles(base.articles, put, gone)
        self.segments = (
            *base.segments,
            segment_of(first, [read.weights for read in self.delta]),
        )
        self.taxonomy = LiveTaxonomy(base.taxonomy, put, first, hidden, base.analyzer.normalize)
        reposts = [read.reposts for read in self.delta]
        self.duplicates = LiveDuplicates(base.duplicates, hidden, self.articles.published, reposts)

    @cached_property
    def neighbours(self) -> NeighbourTable:
        """Related articles; put together when first asked for, as no search needs them."""
        if self._hidden is None:
            return self.base.neighbours
        first = len(self.base.articles)
        edited = {
            self._changed_numbers[read.article.id]: first + place
            for place, read in enumerate(self.delta)
            if read.article.id in self._changed_numbers
        }
        return LiveNeighbours(
            self.base.neighbours, self._hidden, edited, self._relations, self._explain
        )

    @cached_property
    def vectors(self) -> VectorTable:
        """What each article is about; that of one put is worked out from what it is like."""
        base = self.base
        if self._hidden is None:
            return base.vectors
        return LiveVectors(base.vectors, len(base.articles), self._relations)

    @cached_property
    def suggestions(self) -> Completions:
        """What a search box completes to."""
        base = self.base
        if self._hidden is None:
            return base.suggestions
        put = [read.article for read in self.delta]
        return LiveSuggestions(
            base.suggestions,
            completions_of(put, base.taxonomy, base.analyzer, base.spellings.readings),
            changed_ids=self._changed_numbers.keys(),
            taxonomy=self.taxonomy,
            normalize=base.analyzer.normalize,
            views_of=self._views_of,
        )

    @cached_property
    def hotness(self) -> HotTable:
        """Hot scores and orders, with the evidence since the build."""
        base = self.base
        strengths = [
            delta_strength(
                read.article, base.hotness, [(r.article, r.similarity) for r in read.relations]
            )
            for read in self.delta
        ]
        return LiveHotness(
            base.hotness,
            base_published=base.articles.published,
            published=self.articles.published,
            evidence=self.state.hot,
            find=self.articles.find,
            delta_strengths=strengths,
        )

    @cached_property
    def _relations(self) -> list[tuple[Relation, ...]]:
        """What each article put is like, in the index and among those put."""
        newcomers = self.segments[-1]
        relations = []
        for place, read in enumerate(self.delta):
            among = related_in(newcomers, read.profile)
            others = [r for r in among if r.article != newcomers.first + place]
            every = sorted((*read.relations, *others), key=lambda r: (-r.similarity, r.article))
            relations.append(tuple(every))
        return relations

    @cached_property
    def _explain(self) -> Callable[[int, int], tuple[str, ...]]:
        first = len(self.base.articles)

        @cache
        def explain(place: int, article: int) -> tuple[str, ...]:
            segment = self.segments[-1 if article >= first else 0]
            return shared_terms(segment, self.delta[place].profile, self.analyzer, article)

        return explain

    def _views_of(self, article_id: str) -> int | None:
        number = self.articles.find(article_id)
        return None if number is None else self.articles.card(number).views


def folded_into(base: Snapshot) -> Folded:
    """Return up to which live change the index `base` holds them already."""
    live = base.manifest.parameters.get("live") or {}
    return Folded(str(live.get("stream", "")), int(live.get("sequence", 0)))


def articles_put(base: Snapshot, state: LiveState) -> list[Article]:
    """Return the articles that were put since `base` was built and may be shown, by id."""
    changes = state.changes.not_in(folded_into(base))
    articles = [change.article for change in changes.values() if change.article is not None]
    allowed = [article for article in articles if article.id not in state.takedowns.by_id]
    return sorted(allowed, key=lambda article: article.id.encode("utf-8"))


def changed_ids(
    base: Snapshot, state: LiveState, put: Set[str]
) -> tuple[Mapping[str, int], frozenset[str]]:
    """Return the numbers of articles of `base` to hide, by id, and the ids under which nothing is left.

    put: ids of the articles that were put and may be shown.
    """
    gone = (state.changes.deleted | state.takedowns.by_id.keys()) - put
    numbers = {key: base.articles.find(key) for key in put | gone}
    return {key: number for key, number in numbers.items() if number is not None}, frozenset(gone)
