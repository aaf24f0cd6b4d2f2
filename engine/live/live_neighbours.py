"""Which visible articles are nearest to article n, those put since the index was built included?

An edited article stands where its earlier text stood; a new one joins the lists of the articles that it is
like. Invariant: no list names a hidden article or the article itself, and none names an article twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice

import numpy as np
import numpy.typing as npt

from engine.index.neighbours import Neighbour, NeighbourTable
from engine.live.relations import Relation

LONGEST_LIST = 20
"""As many as the index keeps for an article."""


class LiveNeighbours(NeighbourTable):
    """The lists of `base`, followed by `relations` of the articles put."""

    def __init__(
        self,
        base: NeighbourTable,
        hidden: npt.NDArray[np.bool_],
        edited: Mapping[int, int],
        relations: Sequence[Sequence[Relation]],
        explain: Callable[[int, int], tuple[str, ...]],
    ) -> None:
        """Join the lists.

        hidden: bool [all articles]; edited: number of an earlier text -> number of the newer one;
        explain: the place of an article put, and the number of one that it is like -> the words that
        they share.
        """
        self._base = base
        self._first = first = len(hidden) - len(relations)
        self._hidden = hidden
        self._edited = edited
        self._relations = relations
        self._explain = explain
        self._joining: dict[int, list[Relation]] = {}
        for place, related in enumerate(relations):
            for relation in related[:LONGEST_LIST]:
                if relation.article < first:
                    newcomer = Relation(first + place, relation.similarity)
                    self._joining.setdefault(relation.article, []).append(newcomer)
        for newcomers in self._joining.values():
            newcomers.sort(key=lambda newcomer: (-newcomer.similarity, newcomer.article))

    def numbers_of(self, article: int) -> npt.NDArray[np.uint32]:
        """Return the numbers of the neighbours of `article` in order of recommendation."""
        return np.fromiter((found.article for found, _ in self._listed(article)), dtype=np.uint32)

    def of(self, article: int) -> Iterator[Neighbour]:
        """Yield the neighbours of `article` in order of recommendation."""
        for found, words in self._listed(article):
            yield Neighbour(found.article, found.similarity, words())

    def _listed(self, article: int) -> Iterator[_Found]:
        place = article - self._first
        every = self._put(place) if place >= 0 else self._indexed(article)
        seen = {article, self._edited.get(article, article)}
        return islice(self._distinct(every, seen), LONGEST_LIST)

    def _distinct(self, every: Iterator[_Found], seen: set[int]) -> Iterator[_Found]:
        for found, words in every:
            number = self._edited.get(found.article, found.article)
            if number not in seen and not self._hidden[number]:
                seen.add(number)
                yield Relation(number, found.similarity), words

    def _put(self, place: int) -> Iterator[_Found]:
        for relation in self._relations[place]:
            yield relation, partial(self._explain, place, relation.article)

    def _indexed(self, article: int) -> Iterator[_Found]:
        newcomers = list(self._joining.get(article, ()))
        for neighbour in self._base.of(article):
            while newcomers and newcomers[0].similarity > neighbour.similarity:
                yield self._newcomer(newcomers.pop(0), article)
            known = Relation(neighbour.article, neighbour.similarity)
            yield known, partial(_as_built, neighbour)
        for newcomer in newcomers:
            yield self._newcomer(newcomer, article)

    def _newcomer(self, newcomer: Relation, article: int) -> _Found:
        return newcomer, partial(self._explain, newcomer.article - self._first, article)


_Found = tuple[Relation, Callable[[], tuple[str, ...]]]
"""What may be shown, and how to get the words for it: most are not shown."""


def _as_built(neighbour: Neighbour) -> tuple[str, ...]:
    return neighbour.shared_terms
