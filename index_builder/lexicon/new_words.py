"""Which words do the articles use that no dictionary has?

What occurs often, holds together and combines freely is a word. Invariant: candidates are for a person
to judge, so each comes with its figures and with how it is cut today; none is in the dictionary, has a
stop word at an edge or crosses punctuation.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice, zip_longest

import numpy as np

from engine.analysis.analyzer import Analyzer
from index_builder.lexicon.character_runs import BREAK, Characters, encode_characters
from index_builder.lexicon.gram_statistics import cohesion, gram_tables, spell

SHORTEST, LONGEST = 2, 6
"""Characters of a candidate."""

MIN_COUNT = 5
CHARACTERS_PER_COUNT = 1_000_000
"""A word occurs at least `MIN_COUNT` times, and once in so many characters."""

MIN_COHESION = 5.0
"""Bits: the parts stand together at least 32 times as often as chance would have it."""

MIN_ENTROPY = 1.5
"""Bits: on either side there are as many neighbours as about three that are equally common."""

_INNER_SHARE = 0.8
"""A gram that occurs this often within one longer gram is a part of it, and no word."""


class CutToday(StrEnum):
    """What the segmenter makes of a candidate."""

    BROKEN = "broken"
    GUESSED = "guessed"
    SIDE_BY_SIDE = "side by side"


@dataclass(frozen=True, slots=True)
class NewWord:
    """A candidate.

    count: occurrences; cohesion, left_entropy, right_entropy: bits (see gram_statistics); cut: how
    it is cut today.
    """

    word: str
    count: int
    cohesion: float
    left_entropy: float
    right_entropy: float
    cut: tuple[str, ...] = ()

    @property
    def score(self) -> float:
        """Frequency, cohesion and freedom together, all in bits."""
        return math.log2(self.count) + self.cohesion + min(self.left_entropy, self.right_entropy)

    @property
    def cut_today(self) -> CutToday:
        """Whether it is cut into loose characters, by guess as one, or into words."""
        if len(self.cut) == 1:
            return CutToday.GUESSED
        if any(len(piece) == 1 for piece in self.cut):
            return CutToday.BROKEN
        return CutToday.SIDE_BY_SIDE


def find_new_words(
    texts: Iterable[str], analyzer: Analyzer, known: Collection[str] = ()
) -> list[NewWord]:
    """Return the candidates in normalised `texts`, best first, those in `known` left out."""
    grams = _solid_grams(encode_characters(texts))
    parts = _parts_of_others(grams)
    found = []
    for gram in grams:
        if gram.word not in parts and gram.word not in known:
            cut = tuple(analyzer.words(gram.word))
            if is_new_word(gram.word, cut, analyzer):
                found.append(replace(gram, cut=cut))
    return sorted(found, key=lambda word: (-word.score, word.word))


def best_of_each_cut(words: Iterable[NewWord], top: int) -> list[NewWord]:
    """Return `top` of `words`, taking turns between the ways in which they are cut today.

    Words side by side (品牌/形象) are the most by far, and what is broken (京/小仓) matters most.
    """
    queues: dict[CutToday, list[NewWord]] = {cut_today: [] for cut_today in CutToday}
    for word in words:
        queues[word.cut_today].append(word)
    turns = (word for turn in zip_longest(*queues.values()) for word in turn if word is not None)
    chosen = {word.word for word in islice(turns, top)}
    return [word for queue in queues.values() for word in queue if word.word in chosen]


def is_new_word(word: str, cut: Sequence[str], analyzer: Analyzer) -> bool:
    """Tell whether `word`, cut as `cut`, is in no dictionary and looks like no phrase."""
    if word in analyzer.segmenter.words:
        return False
    if len(cut) == 1:  # a guess may have taken 的 along
        return not (analyzer.is_stop_word(word[0]) or analyzer.is_stop_word(word[-1]))
    if analyzer.is_stop_word(cut[0]) or analyzer.is_stop_word(cut[-1]):
        return False
    # 产品或服务 are two words; 羊了个羊 may be one, since its pieces are none.
    content = [piece for piece in cut if not analyzer.is_stop_word(piece)]
    return len(content) == len(cut) or any(len(piece) == 1 for piece in content)


def _solid_grams(characters: Characters) -> list[NewWord]:
    """Return all grams that pass the three bounds, not cut yet."""
    total = int(np.count_nonzero(characters != BREAK))
    tables = gram_tables(characters, LONGEST, max(MIN_COUNT, total // CHARACTERS_PER_COUNT))
    grams = []
    for length in range(SHORTEST, LONGEST + 1):
        table, firmness = tables[length - 1], cohesion(tables, length, total)
        freedom = np.minimum(table.left_entropy, table.right_entropy)
        chosen = np.flatnonzero((firmness >= MIN_COHESION) & (freedom >= MIN_ENTROPY))
        figures = (table.counts, firmness, table.left_entropy, table.right_entropy)
        columns = [column[chosen].tolist() for column in figures]
        for word, *row in zip(spell(tables, length, chosen), *columns, strict=True):
            grams.append(NewWord(word, *row))
    return grams


def _parts_of_others(grams: Iterable[NewWord]) -> set[str]:
    """Return the grams that hardly occur but within one longer one (哔哩 in 哔哩哔哩)."""
    counts = {gram.word: gram.count for gram in grams}
    parts = set()
    for word, count in counts.items():
        within: Counter[str] = Counter()
        for size in range(SHORTEST, len(word)):
            within.update(word[start : start + size] for start in range(len(word) - size + 1))
        for part, times in within.items():
            if count * times >= _INNER_SHARE * counts.get(part, math.inf):
                parts.add(part)
    return parts
