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

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import marisa_trie
import numpy as np
import numpy.typing as npt

from engine.errors import ArtifactDamagedError
from engine.folder import Folder
from engine.index.array_parts import arriving
from engine.index.arriving_lists import ArrivingLists, ArrivingSegment
from engine.index.codec import map_array
from engine.index.postings import PostingsLists, lists_of, open_lists, open_trie
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

    def __contains__(self, term: object) -> bool:
        """Tell whether an article has `term`, without giving its list out."""

    def starting_with(self, beginning: str) -> list[str]:
        """Return the terms that start with `beginning`, in any order."""


class MappedTerms:
    """The terms of a mapped trie; those asked for lately are remembered. Threads may share it."""

    def __init__(
        self, trie: marisa_trie.Trie, arriving_segment: ArrivingSegment | None = None
    ) -> None:
        self._trie = trie
        self._arriving = arriving_segment
        find = self._find if arriving_segment else trie.get
        self.get: Callable[[str], int | None] = lru_cache(REMEMBERED_TERMS)(find)

    @property
    def arrives(self) -> bool:
        """Say whether lists may have to be fetched before they can be read."""
        return self._arriving is not None and self._arriving.arrives

    def __contains__(self, term: object) -> bool:
        """Tell whether an article has `term`."""
        return term in self._trie

    def starting_with(self, beginning: str) -> list[str]:
        """Return the terms that start with `beginning`, in any order."""
        found: list[str] = self._trie.keys(beginning)
        return found

    def expect(self, terms: Iterable[str]) -> None:
        """Have the lists of `terms` here, fetched at the same time where they still arrive."""
        if self._arriving is not None:
            numbers = {self._trie.get(term) for term in terms}
            self._arriving.need(sorted(number for number in numbers if number is not None))

    def _find(self, term: str) -> int | None:
        number: int | None = self._trie.get(term)
        # Before its number is given out: whoever has the number reads the lists.
        if number is not None and self._arriving is not None:
            self._arriving.need((number,))
        return number

    def __len__(self) -> int:
        """Return how many terms there are."""
        return len(self._trie)


@dataclass(frozen=True, slots=True)
class Segment:
    """Articles `first` to `first + size - 1`.

    terms: term -> number of its list; lists: what a term counts in an article, its title included;
    title_terms: numbers of the terms of titles, ascending, for each the list of that place in `titles`:
    what it counts there once more in short and in long queries.
    """

    first: int
    size: int
    terms: TermNumbers
    lists: PostingsLists
    title_terms: npt.NDArray[np.uint32]
    titles: PostingsLists

    def expect(self, terms: Callable[[], Iterable[str]]) -> None:
        """Have the lists of `terms` here before they are read one by one; asked only where they arrive."""
        if isinstance(self.terms, MappedTerms) and self.terms.arrives:
            self.terms.expect(terms())

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


def open_segment(directory: Folder, articles: int) -> Segment:
    """Map the segment in the artifact folder `directory`, which holds `articles` articles.

    Raises `ArtifactDamagedError` when its files do not fit together.
    """
    trie = open_trie(directory / f"{TERMS_NAME}.marisa")
    files = arriving(directory)
    lists, titles = open_lists(directory, TERMS_NAME), open_lists(directory, TITLES_NAME)
    title_terms = map_array(directory / f"{TITLES_NAME}.terms.npy")
    arriving_segment = (
        files
        if files is None
        else ArrivingSegment(
            files,
            ArrivingLists(files, TERMS_NAME, lists.rows),
            ArrivingLists(files, TITLES_NAME, titles.rows),
            title_terms,
        )
    )
    terms = MappedTerms(trie, arriving_segment)
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
    numbers = _Numbering()
    lists = _Entries()
    titles = _Entries()
    for article, weights in enumerate(articles):
        lists.add(article, numbers, weights.terms)
        titles.add(article, numbers, weights.titles)
    titled, title_lists = np.unique(titles.terms, return_inverse=True)
    return Segment(
        first=first,
        size=len(articles),
        terms=numbers,
        lists=lists_of(lists.terms, lists.articles, lists.weights, len(numbers), len(articles)),
        title_terms=titled.astype(np.uint32),
        titles=lists_of(title_lists, titles.articles, titles.weights, len(titled), len(articles)),
    )


class _Numbering(dict[str, int]):
    """Gives each term that it is asked for the next number; `get` asks without giving one."""

    def __missing__(self, term: str) -> int:
        self[term] = number = len(self)
        return number

    def starting_with(self, beginning: str) -> list[str]:
        """Return the terms that start with `beginning`, in any order."""
        return [term for term in self if term.startswith(beginning)]


class _Entries:
    """The entries of lists, gathered article by article."""

    def __init__(self) -> None:
        self._terms: list[npt.NDArray[np.int64]] = []
        self._weights: list[npt.NDArray[np.float64]] = []
        self._articles: list[int] = []

    def add(self, article: int, numbers: _Numbering, weights: Mapping[str, float]) -> None:
        self._terms.append(np.fromiter(map(numbers.__getitem__, weights), np.int64, len(weights)))
        self._weights.append(np.fromiter(weights.values(), np.float64, len(weights)))
        self._articles.append(article)

    @property
    def terms(self) -> npt.NDArray[np.int64]:
        return np.concatenate([np.empty(0, dtype=np.int64), *self._terms])

    @property
    def weights(self) -> npt.NDArray[np.float64]:
        return np.concatenate([np.empty(0), *self._weights])

    @property
    def articles(self) -> npt.NDArray[np.int64]:
        return np.repeat(np.asarray(self._articles, dtype=np.int64), list(map(len, self._terms)))
