"""How is the searched text of some articles laid out?

A segment is consecutive articles with inverted lists of their own. A snapshot has one; a live overlay adds
a second, small one in memory (`segment_of`), weighed with the snapshot's own statistics, so that scores of
both can be compared.

One space of terms serves words and pairs alike: a term is a pair of neighbouring units, or a word that is
no pair (a single unit, or three and more). A word of exactly two units *is* its pair: nothing is stored
twice, and a word inside a longer word is found as the word itself is.

Invariant: article numbers are global outside a segment and start at 0 inside it; segments follow one another
without gaps; nothing in a segment ever changes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import marisa_trie
import numpy as np
import numpy.typing as npt

from engine.errors import ArtifactDamagedError
from engine.index.codec import map_array
from engine.index.postings import PostingsLists, make_lists, open_lists, open_trie
from engine.index.statistics import ArticleWeights

TERMS_NAME = "terms"
TITLES_NAME = "titles"
BURSTS_NAME = "terms.bursts.npy"


REMEMBERED_TERMS = 2**15
"""Terms whose numbers are kept in memory (about 5 MB): queries share most of theirs, and walking down the trie
for one that is in no processor cache takes a microsecond and more."""


class TermNumbers(Protocol):
    """Term -> number of its list: a mapped trie, or a dict."""

    @property
    def get(self) -> Callable[[str], int | None]:
        """Return the number of a term, None when no article of the segment has it."""


class MappedTerms:
    """The terms of a mapped trie; those asked for lately are remembered. Threads may share it."""

    def __init__(self, trie: marisa_trie.Trie) -> None:
        self._trie = trie
        self.get: Callable[[str], int | None] = lru_cache(REMEMBERED_TERMS)(trie.get)

    def __len__(self) -> int:
        """Return how many terms there are."""
        return len(self._trie)


@dataclass(frozen=True, slots=True)
class Segment:
    """Articles `first` to `first + size - 1`.

    terms: term -> number of its list; lists: what a term counts in an article, its title included;
    title_terms: numbers of the terms of titles, ascending, for each the list of that place in `titles`:
    what it counts there once more in long queries.
    """

    first: int
    size: int
    terms: TermNumbers
    lists: PostingsLists
    title_terms: npt.NDArray[np.uint32]
    titles: PostingsLists

    def title_list(self, number: int) -> int | None:
        """Return the list in `titles` of term `number`, None when no title has it."""
        places, _ = self.title_lists([number])
        return places[0] if places else None

    def title_lists(self, numbers: Sequence[int]) -> tuple[list[int], list[int]]:
        """Return the lists in `titles` of those terms that titles have, and where in `numbers` they are."""
        if not len(self.title_terms):
            return [], []
        wanted = np.asarray(numbers, dtype=np.uint32)
        places = self.title_terms.searchsorted(wanted)
        places[places == len(self.title_terms)] = 0
        titled = np.flatnonzero(self.title_terms[places] == wanted)
        return places[titled].tolist(), titled.tolist()


def open_segment(directory: Path, articles: int) -> Segment:
    """Map the segment in the artifact folder `directory`, which holds `articles` articles.

    Raises `ArtifactDamagedError` when its files do not fit together.
    """
    terms = MappedTerms(open_trie(directory / f"{TERMS_NAME}.marisa"))
    lists, titles = open_lists(directory, TERMS_NAME), open_lists(directory, TITLES_NAME)
    title_terms = map_array(directory / f"{TITLES_NAME}.terms.npy")
    if (
        len(terms) != len(lists)
        or len(title_terms) != len(titles)
        or lists.dense.shape[1] != articles
    ):
        raise ArtifactDamagedError(
            f"{TERMS_NAME}: {len(terms)} terms for {len(lists)} lists, {len(title_terms)} terms of titles "
            f"for {len(titles)} lists, rows of {lists.dense.shape[1]} for {articles} articles do not fit "
            "together; rebuild the index"
        )
    return Segment(0, articles, terms, lists, title_terms, titles)


def segment_of(first: int, articles: Sequence[ArticleWeights]) -> Segment:
    """Return a segment in memory; its articles are numbered from `first` on in the order given."""
    lists: dict[str, dict[int, float]] = {}
    titles: dict[str, dict[int, float]] = {}
    for article, weights in enumerate(articles):
        _file(lists, article, weights.terms)
        _file(titles, article, weights.titles)
    numbers = {term: number for number, term in enumerate(lists)}
    titled = sorted(titles, key=numbers.__getitem__)
    return Segment(
        first=first,
        size=len(articles),
        terms=numbers,
        lists=make_lists(lists.values(), len(articles)),
        title_terms=np.asarray([numbers[term] for term in titled], dtype=np.uint32),
        titles=make_lists((titles[term] for term in titled), len(articles)),
    )


def _file(lists: dict[str, dict[int, float]], article: int, weights: Mapping[str, float]) -> None:
    for term, weight in weights.items():
        lists.setdefault(term, {})[article] = weight
