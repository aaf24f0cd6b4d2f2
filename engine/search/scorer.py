"""How well does each article answer the plan?

The sum over views of the weighted impacts of the plan's terms (eager BM25F). Invariant: a score is the
sum of its explained parts.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.index.postings import PostingsView
from engine.index.snapshot import Snapshot
from engine.search.query_plan import QueryPlan, TermGroup
from engine.search.requests import ScorePart

SYNONYM_WEIGHT = 0.8
"""What a synonym counts beside the reader's own word: the same thing, less surely meant."""

LONG_QUERY_UNITS = 20
"""From this many distinct units on, a query is more and more likely a title."""


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

    def score_all(self) -> npt.NDArray[np.float32]:
        """Return the scores of all articles, float32; 0 where nothing of the plan occurs."""
        scores = np.zeros(len(self._snapshot.articles), dtype=np.float32)
        for name, view in self._snapshot.views.items():
            for group in self._groups(name):
                self._add_group(view, list(self._alternatives(view, group)), scores)
        return scores

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
            yield from self._plan.stop_words
        else:
            yield from self._plan.grams

    def _alternatives(self, view: PostingsView, group: TermGroup) -> Iterator[_WeightedTerm]:
        weight = self._view_weight(view) * group.count
        found = [
            (rank, term, number)
            for rank, term in enumerate((group.term, *group.alternatives))
            if (number := view.term_number(term)) is not None
        ]
        # One word under several names is as common as its commonest name: a rare abbreviation must
        # not outweigh the word that it stands for.
        rarities = [self._rarity(view.document_frequency(number)) for _, _, number in found]
        for (rank, term, number), rarity in zip(found, rarities, strict=True):
            share = min(rarities) / rarity * (SYNONYM_WEIGHT if rank else 1.0)
            yield _WeightedTerm(term, number, weight * share * view.step(number))

    def _view_weight(self, view: PostingsView) -> float:
        """Return what a weight of 1 in `view` is worth for this query."""
        specification = self._specifications[view.name]
        gain = float(specification["long_query_gain"])
        longer = max(0.0, math.log(max(self._plan.units, 1) / LONG_QUERY_UNITS))
        return float(specification["weight"]) * (1.0 + gain * longer)

    def _rarity(self, document_frequency: int) -> float:
        """Return the BM25 idf that the impacts of a term with this frequency carry."""
        rest = len(self._snapshot.articles) - document_frequency
        return math.log1p((rest + 0.5) / (document_frequency + 0.5))

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


def _impact(view: PostingsView, list_number: int, article: int) -> int:
    documents, impacts = view.postings(list_number)
    position = int(np.searchsorted(documents, article))
    if position < len(documents) and documents[position] == article:
        return int(impacts[position])
    return 0
