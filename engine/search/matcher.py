"""Which articles have what the query asks for, whatever it counts there?

Scores rank; this decides what is a match. Invariant: an article whose text holds the query's characters
side by side always matches, however the dictionary cut either of them: pairs of units see to that.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from engine.analysis.grams import unit_bigrams
from engine.index.postings import PostingsView
from engine.index.snapshot import Snapshot
from engine.search.query_plan import QueryPlan, TermGroup

Mask = npt.NDArray[np.bool_]


class Matcher:
    """Answers membership questions about one snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._articles = len(snapshot.articles)
        self._words = snapshot.views["words"]
        self._bigrams = snapshot.views["bigrams"]

    def satisfied_groups(self, plan: QueryPlan) -> npt.NDArray[np.uint8]:
        """Return how many of the plan's groups each article has, uint8 [articles]."""
        satisfied = np.zeros(self._articles, dtype=np.uint8)
        for group in plan.groups:
            satisfied += self.holders(group)
        return satisfied

    def complete(self, plan: QueryPlan, satisfied: npt.NDArray[np.uint8]) -> Mask:
        """Return which articles have every group, or every pair of units of the query."""
        complete: Mask = satisfied == len(plan.groups)
        if (
            plan.grams
            and (holders := self._holding_all([gram.term for gram in plan.grams])) is not None
        ):
            complete[holders] = True
        return complete

    def holders(self, group: TermGroup) -> Mask:
        """Return which articles have the group's word, another name of it, or it inside a word."""
        holders = np.zeros(self._articles, dtype=bool)
        for term in (group.term, *group.alternatives):
            number = self._words.term_number(term)
            if number is not None:
                holders[self._words.postings(number)[0]] = True
            self._add_containing(term, holders)
        return holders

    def containing(self, normalized: str) -> Mask:
        """Return which articles hold `normalized` as a word, or all its pairs of units.

        A superset of the articles that hold it verbatim, exact for two units.
        """
        return self.holders(TermGroup(normalized))

    def _add_containing(self, term: str, holders: Mask) -> None:
        # 理由 stands inside 无理由 for a dictionary that has the longer word: its pairs are there.
        grams = unit_bigrams(term)
        inside = self._holding_all(grams) if grams else None
        if inside is not None:
            holders[inside] = True

    def _holding_all(self, grams: Sequence[str]) -> npt.NDArray[np.unsignedinteger] | None:
        numbers = [self._bigrams.term_number(gram) for gram in grams]
        known = [number for number in numbers if number is not None]
        if len(known) < len(numbers):
            return None
        known.sort(key=self._bigrams.document_frequency)
        common, _ = self._bigrams.postings(known[0])
        for number in known[1:]:
            common = _intersect(common, self._bigrams, number)
            if not len(common):
                return None
        return common


def _intersect(
    common: npt.NDArray[np.unsignedinteger], view: PostingsView, number: int
) -> npt.NDArray[np.unsignedinteger]:
    # Looking the shorter list up in the longer one touches only what can matter.
    documents, _ = view.postings(number)
    places = np.searchsorted(documents, common)
    places[places == len(documents)] = 0
    found: npt.NDArray[np.unsignedinteger] = common[documents[places] == common]
    return found
