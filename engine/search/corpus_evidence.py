"""What do the articles say for and against a word of a query?

Invariant: a word is held by exactly the articles that `engine.search.matcher` finds for it. An object
serves one query and remembers what it looked up: candidate readings share most of their words.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import numpy.typing as npt

from engine.analysis.grams import is_pair
from engine.analysis.numerals import numeral_variants
from engine.search.query_plan import QueryPlan
from engine.search.term_reader import Articles, TermReader, union


class CorpusEvidence:
    """Looks words up in the lists of one snapshot."""

    def __init__(self, reader: TermReader) -> None:
        self._synonyms = reader.snapshot.analyzer.synonyms
        self._reader = reader
        self._holders: dict[str, Articles] = {}
        self._masks: dict[str, npt.NDArray[np.bool_]] = {}

    def is_found_whole(self, plan: QueryPlan) -> bool:
        """Tell whether an article has every pair of units of the query, however it is cut."""
        return len(self._reader.holding_all(list(plan.grams))) > 0

    def is_known(self, word: str) -> bool:
        """Tell whether any article has `word`, one of its synonyms, or it inside a word."""
        # What articles were cut into, they hold: most words need no list read.
        return self._reader.has(word) or len(self._held(word)) > 0

    def is_term(self, word: str) -> bool:
        """Tell whether an article has `word` as one word, and not just as two characters that meet."""
        return self._reader.has(word) and not is_pair(word)

    def frequency(self, word: str) -> int:
        """Return how many articles have `word`, one of its synonyms, or it inside a word."""
        return len(self._held(word))

    def is_adjacent(self, left: str, right: str) -> bool:
        """Tell whether the characters `left` and `right` stand side by side in any article."""
        return self._reader.has(left + right)

    def missing(self, words: Collection[str]) -> int:
        """Return how many of `words` the article that has most of them lacks."""
        if not words:
            return 0
        counts = np.zeros(self._reader.articles, dtype=np.uint8)  # a query has fewer words than 255
        for word in words:
            counts += self._held_mask(word)
        return len(words) - int(counts.max())

    def _held_mask(self, word: str) -> npt.NDArray[np.bool_]:
        """Return which articles hold `word`, bool [articles]."""
        mask = self._masks.get(word)
        if mask is None:
            first, *others = self._names(word)
            mask = self._reader.holding_mask(first)
            for name in others:
                mask |= self._reader.holding_mask(name)
            self._masks[word] = mask
        return mask

    def _held(self, word: str) -> Articles:
        """Return which articles hold `word`, ascending."""
        if word not in self._holders:
            self._holders[word] = union([self._reader.holders(name) for name in self._names(word)])
        return self._holders[word]

    def _names(self, word: str) -> tuple[str, ...]:
        return (word, *self._synonyms.expand(word), *numeral_variants(word))
