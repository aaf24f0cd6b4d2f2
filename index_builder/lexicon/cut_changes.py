"""What does one word of the lexicon change in how a text is cut?

The text is cut with the whole lexicon and again as if this one line were not there. Invariant: both
cuts are those of the engine's segmenter; without its line a word is as likely as jieba's own dictionary
has it, or no word at all, and all other words stay as they are.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from engine.analysis.dictionary import open_dictionary
from engine.analysis.hmm import open_hidden_markov_model
from engine.analysis.segmenter import Segmenter
from index_builder.lexicon.findings import Kind
from index_builder.lexicon.word_contexts import Context


@dataclass(frozen=True, slots=True)
class CutChange:
    """How a text is cut without (`before`) and with a word (`after`), and what that means."""

    kind: Kind
    before: tuple[str, ...]
    after: tuple[str, ...]


class CutComparison:
    """Cuts texts with and without single words of the lexicon compiled to `directory`.

    stock: normalised words of jieba's dictionary and how often each was counted.
    """

    def __init__(self, directory: Path, stock: Mapping[str, int]) -> None:
        self._stock = stock
        self._words = open_dictionary(directory)
        self._model = open_hidden_markov_model(directory)
        self._with = Segmenter(self._words, self._model)
        # One more than there are words: the last is for the word in question, as jieba has it.
        self._ranks = memoryview(
            array("I", [*self._words.ranks, len(self._words.log_probabilities)])
        )

    def compare(self, word: str, contexts: Sequence[Context]) -> list[CutChange]:
        """Return what the line of `word` (normalised) changes in each of `contexts`."""
        without = self._without(word)
        changes = []
        for context in contexts:
            before = tuple(without.cut(context.text))
            after = tuple(self._with.cut(context.text))
            start, end = context.start, context.start + len(word)
            changes.append(CutChange(_kind(before, after, start, end), before, after))
        return changes

    def _without(self, word: str) -> Segmenter:
        count = self._stock.get(word, 0)
        # The logarithm of the total is that of a word counted once, turned round.
        last = math.log(count) + self._words.unknown if count else 0.0
        number = len(self._words) if count else None
        words = replace(
            self._words,
            trie=_OneWordChanged(self._words.trie, word, number),
            ranks=self._ranks,
            log_probabilities=(*self._words.log_probabilities, last),
            always_split=self._words.always_split - {word},
        )
        return Segmenter(words, self._model)


class _OneWordChanged:
    """A trie as the segmenter asks it, in which one word has another number or none."""

    def __init__(self, trie: Any, word: str, number: int | None) -> None:
        self._trie = trie
        self._word = word
        self._number = number

    def iter_prefixes_with_ids(self, text: str) -> Iterator[tuple[str, int]]:
        """Yield the words that `text` begins with, shortest first, and their numbers."""
        found = [pair for pair in self._trie.iter_prefixes_with_ids(text) if pair[0] != self._word]
        if self._number is not None and text.startswith(self._word):
            found.append((self._word, self._number))
            found.sort(key=lambda pair: len(pair[0]))
        yield from found

    def __contains__(self, word: str) -> bool:
        return self._number is not None if word == self._word else word in self._trie


def _kind(before: Sequence[str], after: Sequence[str], start: int, end: int) -> Kind:
    earlier, later = _bounds(before), _bounds(after)
    if before != after and _is_whole(earlier, start, end) and not _is_whole(later, start, end):
        return Kind.SPLITS
    if any(start < bound < end for bound in later):
        return Kind.NEIGHBOUR_WINS
    if before == after:
        return Kind.CHANGES_NOTHING
    # Apart from the joints within the word all must be as it was, its two ends included.
    inner = set(range(start + 1, end))
    return Kind.JOINS if set(earlier) - inner == set(later) - inner else Kind.MOVES_NEIGHBOURS


def _is_whole(bounds: Sequence[int], start: int, end: int) -> bool:
    return (start, end) in pairwise(bounds)


def _bounds(words: Sequence[str]) -> list[int]:
    bounds = [0]
    for word in words:
        bounds.append(bounds[-1] + len(word))
    return bounds
