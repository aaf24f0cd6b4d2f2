"""Which articles hold these terms, in all segments of a snapshot?

What scoring, matching and re-reading ask of the inverted lists. Invariant: an object serves one request and
remembers what it looked up, because a word is asked for several times on the way from text to hits; article
numbers are global.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import reduce

import numpy as np
import numpy.typing as npt

from engine.analysis.grams import unit_bigrams
from engine.index.postings import Documents
from engine.index.segments import Segment
from engine.index.snapshot import Snapshot

Articles = npt.NDArray[np.integer]


def is_han(character: str) -> bool:
    """Tell whether `character` is one that dictionaries give a pinyin for."""
    return "㐀" <= character <= "鿿"


class SegmentReader:
    """Reads one segment; article numbers are the segment's own."""

    def __init__(self, segment: Segment) -> None:
        self.segment = segment
        self.lists = segment.lists
        self.find = segment.terms.get
        self._none: Documents = segment.lists.documents[:0]

    def holding_all(self, terms: Sequence[str]) -> Documents:
        """Return the articles that have all of `terms`, ascending; none for no terms."""
        known = [number for term in terms if (number := self.find(term)) is not None]
        if len(known) < len(terms) or not known:
            return self._none
        known.sort(key=self.lists.document_frequency)
        common = self.lists.documents_of(known[0])
        for number in known[1:]:
            if not len(common):
                break
            common = common[self.lists.are_in(number, common)]
        return common

    def mask(self, terms: Sequence[str]) -> npt.NDArray[np.bool_]:
        """Return which articles have all of `terms`, bool [articles of the segment]."""
        size = self.segment.size
        held: npt.NDArray[np.bool_] | None = None
        for term in terms:
            number = self.find(term)
            if number is None:
                return np.zeros(size, dtype=bool)
            has = self.lists.mask(number, size)
            held = has if held is None else held & has
        return np.zeros(size, dtype=bool) if held is None else held

    def are_holders(
        self, candidates: Documents, names: Sequence[Sequence[str]]
    ) -> npt.NDArray[np.bool_]:
        """Tell for each of `candidates` whether it has all the terms of one of `names`."""
        held: npt.NDArray[np.bool_] | None = None
        for terms in names:
            has_all: npt.NDArray[np.bool_] | None = None
            for term in terms:
                number = self.find(term)
                if number is None:
                    has_all = np.zeros(len(candidates), dtype=bool)
                    break
                has = self.lists.are_in(number, candidates)
                has_all = has if has_all is None else has_all & has
            held = has_all if held is None or has_all is None else held | has_all
        return np.zeros(len(candidates), dtype=bool) if held is None else held

    def held_bits(self, candidates: Documents, names: Sequence[Sequence[str]], full: int) -> int:
        """Return what `are_holders` tells as the bytes of a whole number: `full`, of `all_bits`, is all."""
        find, are_in = self.find, self.lists.are_in
        bits = 0
        for terms in names:
            has_all = full
            for term in terms:
                number = find(term)
                if number is None:
                    has_all = 0
                    break
                has_all &= int.from_bytes(are_in(number, candidates).tobytes(), "little")
            bits |= has_all
        return bits

    def fewest(self, terms: Sequence[str]) -> int:
        """Return how many articles can have all of `terms` at most."""
        if len(terms) == 1:
            number = self.find(terms[0])
            return 0 if number is None else self.lists.document_frequency(number)
        return min(self.fewest((term,)) for term in terms)


class TermReader:
    """Reads all segments of `snapshot` for one request."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.segments = tuple(map(SegmentReader, snapshot.segments))
        last = snapshot.segments[-1]
        self.articles = last.first + last.size
        self._parts: dict[str, list[str]] = {}
        self._holders: dict[str, Articles] = {}

    def expect(self, terms: Callable[[], Iterable[str]]) -> None:
        """Have the lists of `terms` here, which is asked only where an index is still arriving."""
        for reader in self.segments:
            reader.segment.expect(terms)

    def parts_of(self, word: str) -> list[str]:
        """Return the terms that an article must have to hold `word`.

        Its pairs of units, which stand inside longer words too (理由 in 无理由, for a dictionary that
        has the longer word); a single unit is a term itself.
        """
        if word not in self._parts:
            is_simple = len(word) == 1 or (len(word) == 2 and is_han(word[0]) and is_han(word[1]))
            self._parts[word] = [word] if is_simple else unit_bigrams(word) or [word]
        return self._parts[word]

    def holders(self, word: str) -> Articles:
        """Return the articles that hold `word`, alone or inside a longer one, ascending."""
        if word not in self._holders:
            self._holders[word] = self.holding_all(self.parts_of(word))
        return self._holders[word]

    def holding_mask(self, word: str) -> npt.NDArray[np.bool_]:
        """Return what `holders` tells as bool [articles]: faster where most articles are asked about."""
        parts = self.parts_of(word)
        masks = [segment.mask(parts) for segment in self.segments]
        return masks[0] if len(masks) == 1 else np.concatenate(masks)

    def holding_all(self, terms: Sequence[str]) -> Articles:
        """Return the articles that have all of `terms`, ascending."""
        return self.joined([segment.holding_all(terms) for segment in self.segments])

    def local(self, articles: Articles) -> list[tuple[SegmentReader, Documents]]:
        """Return `articles` by segment, under the segment's own numbers."""
        if len(self.segments) == 1:
            (reader,) = self.segments
            return [(reader, articles.astype(reader.lists.documents.dtype))]
        found = []
        for reader in self.segments:
            places = articles - reader.segment.first
            inside = places[(places >= 0) & (places < reader.segment.size)]
            found.append((reader, inside.astype(reader.lists.documents.dtype)))
        return found

    def has(self, term: str) -> bool:
        """Tell whether any article has `term`."""
        if len(self.segments) == 1:
            return self.segments[0].find(term) is not None
        return any(segment.find(term) is not None for segment in self.segments)

    def document_frequency(self, term: str) -> int:
        """Return how many articles of the index have `term`, 1 where only later ones have it.

        What is added to an index never changes what a term is worth (`engine.index.statistics`).
        """
        first = self.segments[0]
        number = first.find(term)
        return int(self.has(term)) if number is None else first.lists.document_frequency(number)

    def joined(self, found: Sequence[Documents]) -> Articles:
        """Return what was found in each segment as global article numbers."""
        if len(found) == 1:
            return found[0]
        return np.concatenate(
            [
                documents.astype(np.intp) + segment.segment.first
                for documents, segment in zip(found, self.segments, strict=True)
            ]
        )


def all_bits(articles: Articles) -> int:
    """Return a whole number with a byte of 1 for each of `articles`.

    Python joins whole numbers several times faster than numpy joins short arrays.
    """
    return int.from_bytes(b"\1" * len(articles), "little")


def union(found: Sequence[Articles]) -> Articles:
    """Return the articles that are in any of `found`, ascending."""
    kept = [articles for articles in found if len(articles)] or list(found[:1])
    return reduce(np.union1d, kept)
