"""Which words of the corpus have these initials?

`ztc` for 直通车, `直tc` too. Invariant: letters and characters stand for one character each; two letters
alone are the initials of so many words that another word of the query has to vouch for one.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from engine.index.spellings import SpellingTable
from engine.search.repair import Proof, Repair, Substitute
from engine.search.requests import Tier
from engine.search.spelled_words import LettersInContext

_MOST_INITIALS = 8
_TELLING = 4
"""Fewer letters abbreviate only what is written in titles: ssh is not 说实话."""

_GUESSES = 6
_DOUBT = 1.0
_DOUBT_OF_TWO_LETTERS = 0.6
_DOUBT_OF_GUESS = 0.1


def abbreviated_words(table: SpellingTable, typed: LettersInContext) -> list[Repair]:
    """Return the words that `typed`, alone or with the Han characters beside it, abbreviates."""
    if len(typed.letters) > _MOST_INITIALS:
        return []
    return [*_by_letters_alone(table, typed), *_with_characters(table, typed)]


def _by_letters_alone(table: SpellingTable, typed: LettersInContext) -> Iterator[Repair]:
    letters = typed.letters
    if len(letters) < 2:
        return
    few = len(letters) == 2
    numbers = table.initials.get(letters)[:_GUESSES]
    if len(letters) < _TELLING:
        numbers = [number for number in numbers if table.is_prominent(number)]
    for guess, number in enumerate(numbers):
        yield Repair(
            typed.start_of(0),
            typed.end_of(len(letters)),
            (Substitute(table.word(number), letters, "initials"),),
            Tier.PINYIN,
            _DOUBT + _DOUBT_OF_TWO_LETTERS * few + _DOUBT_OF_GUESS * guess,
            Proof.ALL_OF_SEVERAL if few else Proof.ALL_WORDS,
        )


def _with_characters(table: SpellingTable, typed: LettersInContext) -> Iterator[Repair]:
    before, letters, after = typed.before, typed.letters, typed.after
    for taken, taken_after in product(range(len(before) + 1), range(len(after) + 1)):
        if not taken + taken_after:
            continue
        head, tail = before[len(before) - taken :], after[:taken_after]
        for beginning, ending in product(_initials(table, head), _initials(table, tail)):
            for guess, number in enumerate(table.initials.get(beginning + letters + ending)):
                word = table.word(number)
                if word.startswith(head) and word.endswith(tail):
                    yield Repair(
                        typed.start_of(-taken),
                        typed.end_of(len(letters) + taken_after),
                        (Substitute(word, head + letters + tail, "initials"),),
                        Tier.PINYIN,
                        _DOUBT + _DOUBT_OF_GUESS * min(guess, _GUESSES),
                    )


def _initials(table: SpellingTable, characters: str) -> list[str]:
    choices = [
        sorted({reading[0] for reading in table.sounds(character)}) for character in characters
    ]
    return ["".join(initials) for initials in product(*choices)]
