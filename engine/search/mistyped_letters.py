"""Which word was meant by letters that are no word?

Slips of the finger in Latin words and in pinyin (taobo, alipya, zhitogche), and pinyin as it is spoken
in the south (zitongche). Invariant: what was typed is a word of no article.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.analysis.similar_sounds import similar_key
from engine.index.spellings import LONGEST_LATIN, SHORTEST_LATIN, SpellingTable, most_errors
from engine.search.corpus_evidence import CorpusEvidence
from engine.search.edit_distance import edit_distance
from engine.search.repair import Proof, Repair, Substitute
from engine.search.requests import Tier
from engine.search.spelled_words import LettersInContext

_LONG_WORD = 6
"""Shorter Latin words are a letter away from some other word anyway: rust, just, must."""

_GUESSES = 6
_SPELT_ALIKE = 2
_SPLITS = 4
_DOUBT = 0.5
_DOUBT_OF_GUESS = 0.05


def mistyped_words(
    table: SpellingTable, evidence: CorpusEvidence, typed: LettersInContext
) -> list[Repair]:
    """Return the words that `typed` misses by a slip or two, or by a similar sound."""
    if not SHORTEST_LATIN <= len(typed.letters) <= LONGEST_LATIN:
        return []
    return [
        Repair(
            typed.start_of(0),
            typed.end_of(len(typed.letters)),
            (Substitute(word, typed.letters, via),),
            Tier.CORRECTED,
            doubt,
            Proof.ALL_WORDS,
        )
        for word, via, doubt in [*_slips(table, evidence, typed.letters), *_sounds(table, typed)]
    ]


def _slips(
    table: SpellingTable, evidence: CorpusEvidence, letters: str
) -> Iterator[tuple[str, str, float]]:
    near = []
    for number in table.latin_neighbours(letters):
        word = table.word(number)
        distance = edit_distance(letters, word)
        trusted = len(letters) >= _LONG_WORD or table.is_prominent(number)
        if trusted and 0 < distance <= most_errors(letters):
            near.append((distance, number, word))
    for guess, (distance, _, word) in enumerate(sorted(near)[:_GUESSES]):
        doubt = _DOUBT * distance + _DOUBT_OF_GUESS * guess
        if evidence.is_known(word):
            yield word, "spelling", doubt
        else:
            for alike in table.pinyin.get(word)[:_SPELT_ALIKE]:
                yield table.word(alike), "spelling", doubt


def _sounds(table: SpellingTable, typed: LettersInContext) -> Iterator[tuple[str, str, float]]:
    for syllables in table.readings.splits(typed.letters, most=_SPLITS):
        if len(syllables) > 1:
            numbers = table.similar.get(similar_key(syllables))
            for guess, number in enumerate(numbers[:_GUESSES]):
                yield table.word(number), "pinyin", _DOUBT + _DOUBT_OF_GUESS * guess
