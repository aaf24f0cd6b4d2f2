"""Which articles have what the query asks for, whatever it counts there?

Scores rank; this decides what is a match. Invariant: an article whose text holds the query's characters
side by side always matches, however the dictionary cut either of them: pairs of units see to that.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from engine.index.postings import Documents
from engine.search.query_plan import QueryPlan, TermGroup
from engine.search.term_reader import Articles, SegmentReader, TermReader, union

_Names = list[list[str]]
"""One word of the query under each of its names, each as the terms that it consists of."""

Mask = npt.NDArray[np.bool_]


class Matcher:
    """Answers membership questions about one plan in one snapshot."""

    def __init__(self, reader: TermReader, plan: QueryPlan) -> None:
        self._reader = reader
        self._plan = plan
        self._groups: list[_Names] | None = None

    def satisfied_groups(self) -> npt.NDArray[np.intp]:
        """Return how many of the plan's groups each article has, int [articles]."""
        if not self._plan.groups:
            return np.zeros(self._reader.articles, dtype=np.intp)
        holders = np.concatenate([self.holders(group) for group in self._plan.groups])
        return np.bincount(holders, minlength=self._reader.articles)

    def complete(self, satisfied: npt.NDArray[np.intp]) -> Mask:
        """Return which articles have every group, or every pair of units of the query."""
        complete: Mask = satisfied == len(self._plan.groups)
        complete[self.holding_whole()] = True
        return complete

    def complete_articles(self) -> Articles:
        """Return the articles that `complete` tells, ascending, looking only where one can be."""
        groups = self._by_rarity()
        every = [self._holding_every(segment, groups) for segment in self._reader.segments]
        return union([self._reader.joined(every), self.holding_whole()])

    def holding_whole(self) -> Articles:
        """Return the articles that have every pair of units of the query, however it is cut."""
        return self._reader.holding_all([gram.term for gram in self._plan.grams])

    def have_any_group(self, articles: Articles) -> bool:
        """Tell whether each of `articles` has at least one of the plan's groups."""
        groups = self._by_rarity()
        for segment, inside in self._reader.local(articles):
            left = inside
            for names in reversed(groups):
                left = left[~segment.are_holders(left, names)]
                if not len(left):
                    break
            if len(left):
                return False
        return True

    def any_has_every_group(self, articles: Articles) -> bool:
        """Tell whether one of `articles` has every one of the plan's groups."""
        groups = self._by_rarity()
        for segment, inside in self._reader.local(articles):
            left = inside
            for names in groups:
                left = left[segment.are_holders(left, names)]
                if not len(left):
                    break
            if len(left):
                return True
        return False

    def holders(self, group: TermGroup) -> Articles:
        """Return which articles have the group's word, another name of it, or it inside a word."""
        holders = [self._reader.holders(term) for term in (group.term, *group.alternatives)]
        return holders[0] if len(holders) == 1 else union(holders)

    def _holding_every(self, segment: SegmentReader, groups: Sequence[_Names]) -> Documents:
        """Return the articles of `segment` that have every one of `groups`, the rarest first."""
        rarest = union([segment.holding_all(parts) for parts in groups[0]])
        common: Documents = rarest.astype(segment.lists.documents.dtype)
        for names in groups[1:]:
            if not len(common):
                break
            # What is looked up in the others is never more than the rarest has.
            common = common[segment.are_holders(common, names)]
        return common

    def _by_rarity(self) -> list[_Names]:
        if self._groups is None:
            reader = self._reader
            names = [
                [reader.parts_of(term) for term in (group.term, *group.alternatives)]
                for group in self._plan.groups
            ]
            self._groups = sorted(names, key=lambda one: sum(map(reader.fewest, one)))
        return self._groups
