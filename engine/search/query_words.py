"""Which words does a query fall into, where do they stand, and which of them does no article have?

Invariant: words are in order and do not overlap; what stands between them is spaces and punctuation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from engine.analysis.analyzer import Analyzer, is_word
from engine.search.corpus_evidence import CorpusEvidence
from engine.search.term_reader import is_han


class QueryWord(NamedTuple):
    """`text` at `start` of the normalised query.

    is_known: some article has it; is_listed: the dictionary or the articles have it as a word.
    """

    text: str
    start: int
    is_stop_word: bool
    is_known: bool
    is_listed: bool

    @property
    def end(self) -> int:
        """Where the word ends."""
        return self.start + len(self.text)

    @property
    def is_latin(self) -> bool:
        """Tell whether the word consists of Latin letters alone."""
        return self.text.isascii() and self.text.isalpha()

    @property
    def is_han(self) -> bool:
        """Tell whether the word consists of Han characters alone."""
        return all(map(is_han, self.text))


class QueryCutter:
    """Cuts a query and its possible readings, which are the same but for a word or two.

    Words never span a space, so what stands between two spaces is cut once.
    """

    def __init__(self, analyzer: Analyzer, evidence: CorpusEvidence) -> None:
        self._analyzer = analyzer
        self._evidence = evidence
        self._pieces: dict[str, list[QueryWord]] = {}

    def take_over(self, tokens: Iterable[str]) -> None:
        """Remember how a query was cut already."""
        for is_space, piece in groupby(tokens, " ".__eq__):
            if not is_space:
                cut = list(piece)
                self._pieces["".join(cut)] = list(self._place(cut))

    def cut(self, normalized: str) -> list[QueryWord]:
        """Return the words of `normalized` with their places."""
        words: list[QueryWord] = []
        start = 0
        for piece in normalized.split(" "):
            if piece not in self._pieces:
                self._pieces[piece] = list(self._place(self._analyzer.segmenter.cut(piece)))
            words += [
                word._replace(start=start + word.start) if start else word
                for word in self._pieces[piece]
            ]
            start += len(piece) + 1
        return words

    def _place(self, tokens: Iterable[str]) -> Iterator[QueryWord]:
        start = 0
        for token in tokens:
            if is_word(token):
                yield self._word(token, start)
            start += len(token)

    def _word(self, token: str, start: int) -> QueryWord:
        is_stop_word = self._analyzer.is_stop_word(token)
        return QueryWord(
            token,
            start,
            is_stop_word=is_stop_word,
            is_known=is_stop_word or self._evidence.is_known(token),
            is_listed=token in self._analyzer.segmenter.words or self._evidence.is_term(token),
        )


def loose_pairs(words: Sequence[QueryWord], evidence: CorpusEvidence) -> Iterator[int]:
    """Yield where two neighbouring Han characters stand that no article has side by side.

    Only where one of them was left over by the segmenter: two words side by side prove nothing, but
    a lone character that fits nowhere is what remains of a misspelt word (保/正/金). Yields the
    place of the left character.
    """
    for left, right in pairwise(words):
        if (
            left.end == right.start
            and _may_be_remains(left, right)
            and left.is_han
            and right.is_han
            and not evidence.is_adjacent(left.text[-1], right.text[0])
        ):
            yield left.end - 1


def _may_be_remains(left: QueryWord, right: QueryWord) -> bool:
    if left.is_stop_word or right.is_stop_word:
        # A particle follows any word; beside a single character it may be half of one (反/还).
        both_single = len(left.text) == len(right.text) == 1
        return both_single and not (left.is_stop_word and right.is_stop_word)
    return 1 in (len(left.text), len(right.text))
