"""Which visible article does this one repeat, now that some are gone and others were put?

Invariant: a hidden article is nobody's original and nobody's copy; the earliest published of what is left
of its group takes its place, as the index builder would have it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from engine.index.articles import MISSING
from engine.index.duplicates import DuplicateTable


class LiveDuplicates(DuplicateTable):
    """The groups of `base`, without hidden articles and with those put since."""

    def __init__(
        self,
        base: DuplicateTable,
        hidden: npt.NDArray[np.bool_],
        published: npt.NDArray[np.int64],
        reposts: Sequence[Sequence[int]],
    ) -> None:
        """Work the groups out.

        hidden: bool [all articles]; published: int64 [all articles]; reposts: for each article put,
        the numbers of the articles that say nearly the same.
        """
        self._base = base
        first = len(base.originals)
        self.originals = np.concatenate(
            [base.originals, np.arange(first, first + len(reposts), dtype=np.int32)]
        )
        # What is put joins the group of the first article that it repeats.
        joining: defaultdict[int, list[int]] = defaultdict(list)
        for place, others in enumerate(reposts):
            for other in others:
                if other != first + place and not hidden[other]:
                    joining[int(self.originals[other])].append(first + place)
                    break
        touched = {int(base.originals[n]) for n in np.flatnonzero(hidden[:first]).tolist()}
        self._regrouped: dict[int, tuple[int, ...]] = {}
        for original in sorted(touched | set(joining)):
            if original < first:
                members = [original, *base.copies_of(original), *joining[original]]
            else:
                members = [original, *joining[original]]
            self._regroup(members, hidden, published)

    def copies_of(self, article: int) -> tuple[int, ...]:
        """Return the later copies of `article`, ascending; none if it is itself a copy."""
        if article in self._regrouped:
            return self._regrouped[article]
        return self._base.copies_of(article) if article < len(self._base.originals) else ()

    def others_of(self, articles: Sequence[int]) -> list[set[int]]:
        """Return for each of `articles` the others of its group."""
        return self._others_of_each(articles)

    def _regroup(
        self,
        members: Sequence[int],
        hidden: npt.NDArray[np.bool_],
        published: npt.NDArray[np.int64],
    ) -> None:
        visible = [member for member in members if not hidden[member]]
        self._regrouped.update(dict.fromkeys(members, ()))
        self.originals[list(members)] = members
        if visible:
            earliest = min(visible, key=lambda n: (published[n] == MISSING, int(published[n]), n))
            self.originals[visible] = earliest
            self._regrouped[earliest] = tuple(sorted(n for n in visible if n != earliest))
