"""How well does each article answer the plan?

The sum over views of the weighted impacts of the plan's terms (eager BM25F), and how many of the query's
words each article has. Invariant: a score is the sum of its explained parts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.analysis.grams import unit_bigrams
from engine.index.postings import PostingsView
from engine.index.snapshot import Snapshot
from engine.search.query_plan import QueryPlan, TermGroup
from engine.search.requests import ScorePart

SYNONYM_WEIGHT = 0.8
"""What a synonym counts beside the reader's own word: the same thing, less surely meant."""


@dataclass(frozen=True, slots=True)
class Scores:
    """scores: float32 [articles]; satisfied: uint8 [articles], how many term groups each one has."""

    scores: npt.NDArray[np.float32]
    satisfied: npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class _WeightedTerm:
    term: str
    list_number: int
    factor: float


class Scorer:
    """Scores one plan against one snapshot."""

    def __init__(self, snapshot: Snapshot, plan: QueryPlan) -> None:
        self._snapshot = snapshot
        self._plan = plan
        self._specifications: Mapping[str, Mapping[str, Any]] = snapshot.manifest.parameters[
            "views"
        ]

    def score_all(self) -> Scores:
        """Return the scores of all articles; 0 where nothing of the plan occurs."""
        count = len(self._snapshot.articles)
        scores = np.zeros(count, dtype=np.float32)
        satisfied = np.zeros(count, dtype=np.uint8)
        for name, view in self._snapshot.views.items():
            for group in self._groups(name):
                self._add_group(view, list(self._alternatives(view, group)), scores)
        for group in self._plan.groups:
            satisfied += self._holders(group)
        return Scores(scores, satisfied)

    def explain(self, article: int) -> tuple[ScorePart, ...]:
        """Return what each term adds to the score of `article`, largest first."""
        parts = []
        for name, view in self._snapshot.views.items():
            for group in self._groups(name):
                best: ScorePart | None = None
                for term in self._alternatives(view, group):
                    weight = term.factor * _impact(view, term.list_number, article)
                    if weight > 0 and (best is None or weight > best.weight):
                        best = ScorePart(term.term, name, weight)
                if best is not None:
                    parts.append(best)
        return tuple(sorted(parts, key=lambda part: -part.weight))

    def _groups(self, view_name: str) -> Iterator[TermGroup]:
        if self._specifications[view_name]["unit"] == "words":
            yield from self._plan.groups
            yield from map(TermGroup, self._plan.stop_words)
        else:
            yield from map(TermGroup, self._plan.grams)

    def _alternatives(self, view: PostingsView, group: TermGroup) -> Iterator[_WeightedTerm]:
        weight = float(self._specifications[view.name]["weight"]) * view.step
        for rank, term in enumerate((group.term, *group.alternatives)):
            number = view.term_number(term)
            if number is not None:
                yield _WeightedTerm(term, number, weight * (SYNONYM_WEIGHT if rank else 1.0))

    def _add_group(
        self, view: PostingsView, terms: list[_WeightedTerm], scores: npt.NDArray[np.float32]
    ) -> None:
        if len(terms) == 1:
            documents, impacts = view.postings(terms[0].list_number)
            scores[documents] += impacts * np.float32(terms[0].factor)
            return
        if terms:
            # An article that has both the word and its synonym has the thing once: the best counts.
            best = np.zeros_like(scores)
            for term in terms:
                documents, impacts = view.postings(term.list_number)
                best[documents] = np.maximum(best[documents], impacts * np.float32(term.factor))
            scores += best

    def _holders(self, group: TermGroup) -> npt.NDArray[np.bool_]:
        """Return which articles have the group's word, one of its synonyms, or it inside a word."""
        view = self._snapshot.views["words"]
        holders = np.zeros(len(self._snapshot.articles), dtype=bool)
        for term in self._alternatives(view, group):
            holders[view.postings(term.list_number)[0]] = True
        inside = self._holders_inside_words(group.term)
        if inside is not None:
            holders[inside] = True
        return holders

    def _holders_inside_words(self, term: str) -> npt.NDArray[np.unsignedinteger] | None:
        # 理由 stands inside 无理由 for a dictionary that has the longer word: its pairs are there.
        view = self._snapshot.views["bigrams"]
        common: npt.NDArray[np.unsignedinteger] | None = None
        for gram in unit_bigrams(term):
            number = view.term_number(gram)
            if number is None:
                return None
            documents, _ = view.postings(number)
            common = documents if common is None else np.intersect1d(common, documents, True)
        return common


def _impact(view: PostingsView, list_number: int, article: int) -> int:
    documents, impacts = view.postings(list_number)
    position = int(np.searchsorted(documents, article))
    if position < len(documents) and documents[position] == article:
        return int(impacts[position])
    return 0
