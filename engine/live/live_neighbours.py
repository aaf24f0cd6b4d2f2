"""Which visible articles are nearest to article n, those put since the index was built included?

An edited article stands where its earlier text stood; a new one joins the lists of the articles that it is
like. Invariant: no list names a hidden article or the article itself, and none names an article twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

import numpy as np
import numpy.typing as npt

from engine.index.neighbours import Neighbour, NeighbourTable
from engine.live.delta import Relation

LONGEST_LIST = 20
"""As many as the index keeps for an article."""


class LiveNeighbours(NeighbourTable):
    """The lists of `base` and, for articles numbered from `first` on, `relations`."""

    def __init__(
        self,
        base: NeighbourTable,
        first: int,
        hidden: npt.NDArray[np.bool_],
        edited: Mapping[int, int],
        relations: Sequence[Sequence[Relation]],
    ) -> None:
        """Join the lists; `edited`: number of an earlier text -> number of the newer one."""
        self._base = base
        self._first = first
        self._hidden = hidden
        self._edited = edited
        self._relations = relations
        self._joining: dict[int, list[Neighbour]] = {}
        for place, related in enumerate(relations):
            for relation in related[:LONGEST_LIST]:
                if relation.article < first:
                    newcomer = Neighbour(first + place, relation.similarity, relation.shared_terms)
                    self._joining.setdefault(relation.article, []).append(newcomer)
        for newcomers in self._joining.values():
            newcomers.sort(key=lambda newcomer: (-newcomer.similarity, newcomer.article))

    def numbers_of(self, article: int) -> npt.NDArray[np.uint32]:
        """Return the numbers of the neighbours of `article` in order of recommendation."""
        return np.fromiter((neighbour.article for neighbour in self.of(article)), dtype=np.uint32)

    def of(self, article: int) -> Iterator[Neighbour]:
        """Yield the neighbours of `article` in order of recommendation."""
        place = article - self._first
        every = self._put(self._relations[place]) if place >= 0 else self._indexed(article)
        seen = {article, self._edited.get(article, article)}
        return islice(self._distinct(every, seen), LONGEST_LIST)

    def _distinct(self, every: Iterator[Neighbour], seen: set[int]) -> Iterator[Neighbour]:
        for neighbour in every:
            number = self._edited.get(neighbour.article, neighbour.article)
            if number not in seen and not self._hidden[number]:
                seen.add(number)
                yield Neighbour(number, neighbour.similarity, neighbour.shared_terms)

    def _put(self, relations: Sequence[Relation]) -> Iterator[Neighbour]:
        for relation in relations:
            yield Neighbour(relation.article, relation.similarity, relation.shared_terms)

    def _indexed(self, article: int) -> Iterator[Neighbour]:
        newcomers = list(self._joining.get(article, ()))
        for neighbour in self._base.of(article):
            while newcomers and newcomers[0].similarity > neighbour.similarity:
                yield newcomers.pop(0)
            yield neighbour
        yield from newcomers
