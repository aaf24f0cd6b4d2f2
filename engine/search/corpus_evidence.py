"""What do the articles say for and against a word of a query?

Invariant: a word is held by exactly the articles that `engine.search.matcher` finds for it. An object
serves one query and remembers what it looked up: candidate readings share most of their words.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from engine.analysis.numerals import numeral_variants
from engine.index.snapshot import Snapshot
from engine.search.matcher import Mask, Matcher
from engine.search.query_plan import QueryPlan, TermGroup


class CorpusEvidence:
    """Looks words up in the views of one snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._synonyms = snapshot.analyzer.synonyms
        self._words = snapshot.views["words"]
        self._grams = snapshot.views["bigrams"]
        self._articles = len(snapshot.articles)
        self._matcher = Matcher(snapshot)
        self._holders: dict[str, Mask | None] = {}

    def is_found_whole(self, plan: QueryPlan) -> bool:
        """Tell whether an article has every pair of units of the query, however it is cut."""
        return bool(self._matcher.complete(plan, np.zeros(self._articles, dtype=np.uint8)).any())

    def is_known(self, word: str) -> bool:
        """Tell whether any article has `word`, one of its synonyms, or it inside a word."""
        return self._held(word) is not None

    def is_term(self, word: str) -> bool:
        """Tell whether the articles were cut so that `word` is one of their words."""
        return self._words.term_number(word) is not None

    def frequency(self, word: str) -> int:
        """Return how many articles have `word`, one of its synonyms, or it inside a word."""
        held = self._held(word)
        return 0 if held is None else int(np.count_nonzero(held))

    def is_adjacent(self, left: str, right: str) -> bool:
        """Tell whether the characters `left` and `right` stand side by side in any article."""
        return self._grams.term_number(left + right) is not None

    def missing(self, words: Collection[str]) -> int:
        """Return how many of `words` the article that has most of them lacks."""
        masks = [held for word in words if (held := self._held(word)) is not None]
        if len(masks) < 2:
            return len(words) - len(masks)
        satisfied = np.zeros(self._articles, dtype=np.uint8)
        for mask in masks:
            satisfied += mask
        return len(words) - int(satisfied.max())

    def _held(self, word: str) -> Mask | None:
        """Return which articles hold `word`, None for no article."""
        if word not in self._holders:
            self._holders[word] = self._look_up(word)
        return self._holders[word]

    def _look_up(self, word: str) -> Mask | None:
        names = (*self._synonyms.expand(word), *numeral_variants(word))
        mask = self._matcher.holders(TermGroup(word, names))
        return mask if mask.any() else None
