"""Which articles have what the query asks for, whatever it counts there?

Scores rank; this decides what is a match. Invariant: an article whose text holds the query's characters
side by side always matches, however the dictionary cut either of them: pairs of units see to that.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.index.postings import Documents
from engine.search.query_plan import QueryPlan, TermGroup
from engine.search.term_reader import Articles, SegmentReader, TermReader, all_bits, union

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
        every = [self._holding_every(segment) for segment in self._reader.segments]
        return union([self._reader.joined(every), self.holding_whole()])

    def holding_whole(self) -> Articles:
        """Return the articles that have every pair of units of the query, however it is cut."""
        return self._reader.holding_all(list(self._plan.grams))

    def coverage(self, articles: Articles, *, asks_every: bool = True) -> tuple[bool, bool]:
        """Tell whether each of `articles` has any of the groups, and whether one of them has every one.

        Where nobody `asks_every`, the second may be false though one has.
        """
        groups = self._names()
        all_have_any, any_has_every = True, False
        for segment, inside in self._reader.local(articles):
            full = all_bits(inside)
            every = full if asks_every else 0
            some = 0
            for names in groups:
                held = segment.held_bits(inside, names, full)
                every &= held
                some |= held
                if some == full and not every:
                    break
            all_have_any &= some == full
            any_has_every |= every != 0
        return all_have_any, any_has_every

    def holders(self, group: TermGroup) -> Articles:
        """Return which articles have the group's word, another name of it, or it inside a word."""
        holders = [self._reader.holders(term) for term in (group.term, *group.others)]
        return union(holders)

    def _holding_every(self, segment: SegmentReader) -> Documents:
        """Return the articles of `segment` that have every one of the groups."""
        groups = []
        for names in self._names():
            fewest = sum(map(segment.fewest, names))
            if not fewest:
                return segment.lists.documents[:0]
            groups.append((fewest, names))
        # The rarest first: what is looked up in the others is never more than it has.
        groups.sort(key=lambda group: group[0])
        (_, rarest), *others = groups
        found = union([segment.holding_all(parts) for parts in rarest])
        common: Documents = found.astype(segment.lists.documents.dtype)
        for _, names in others:
            if not len(common):
                break
            common = common[segment.are_holders(common, names)]
        return common

    def _names(self) -> list[_Names]:
        if self._groups is None:
            parts_of = self._reader.parts_of
            self._groups = [
                [parts_of(term) for term in (group.term, *group.others)]
                for group in self._plan.groups
            ]
        return self._groups
