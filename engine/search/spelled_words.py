"""Which words of the corpus do these letters spell in pinyin?

Letters may spell several words in one run (baozhengjin tuihuan), and their first or last word may begin
or end in the Han characters beside them (店pu, 直tong车). All ways are followed at once from left to
right, the best few kept at every place. Invariant: the work grows with the number of letters, not with
the number of ways; a way always has a word of two characters, since every syllable is some character.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from operator import itemgetter

from engine.index.spellings import SpellingTable
from engine.search.repair import Proof, Repair, Substitute
from engine.search.requests import Tier
from engine.search.term_reader import is_han

MOST_LETTERS = 64
"""Beyond that, nobody is typing words."""

_CONTEXT = 3
"""So many Han characters beside the letters may belong to the same word."""

_GUESSES = 3
_KEPT = 4
_BONUS_FOR_HAN = 0.1
_DOUBT = 0.3
_DOUBT_OF_CHARACTER = 0.4
_DOUBT_OF_BEGUN = 0.4
_DOUBT_OF_GUESS = 0.1


@dataclass(frozen=True, slots=True)
class LettersInContext:
    """`letters`, without the spaces between them, and the Han characters that touch them.

    places: for each letter, where it stands in the query.
    """

    letters: str
    places: tuple[int, ...]
    before: str
    after: str

    def start_of(self, place: int) -> int:
        """Return where in the query the letter `place` stands; -1 is the last character before."""
        return self.places[place] if place >= 0 else self.places[0] + place

    def end_of(self, place: int) -> int:
        """Return where in the query what ends before letter `place` ends."""
        count = len(self.letters)
        return self.places[place - 1] + 1 if place <= count else self.places[-1] + 1 + place - count


def letters_at(text: str, start: int, end: int) -> LettersInContext:
    """Return the letters of `text[start:end]`, which may have spaces between them."""
    places = tuple(place for place in range(start, end) if text[place] != " ")
    first, last = start, end
    while first > max(0, start - _CONTEXT) and is_han(text[first - 1]):
        first -= 1
    while last < min(len(text), end + _CONTEXT) and is_han(text[last]):
        last += 1
    letters = "".join(text[place] for place in places)
    return LettersInContext(letters, places, text[first:start], text[end:last])


@dataclass(frozen=True, slots=True)
class _Step:
    """A word over letters `start` to `end`; negative, or more than there are, in the context.

    is_guess: the word was only begun, or no title has it.
    """

    start: int
    end: int
    word: str
    doubt: float
    is_guess: bool


@dataclass(frozen=True, slots=True)
class _Context:
    """The Han characters that a word takes in on both sides, and whether it was only begun."""

    head: str = ""
    tail: str = ""
    is_begun: bool = False


_Way = tuple[float, str, tuple[_Step, ...]]
"""The doubt of a way, its words as a text, and its steps."""

_preference = itemgetter(0, 1)


def spelled_words(
    table: SpellingTable, text: str, typed: LettersInContext, *, only_with_context: bool
) -> list[Repair]:
    """Return the best ways to read all of `typed` as words, the least doubtful first.

    With `only_with_context` every word must take in a Han character: the letters are a word already.
    """
    if len(typed.letters) > MOST_LETTERS:
        return []
    ways = _ways(table, typed, only_with_context=only_with_context)
    return [
        Repair(
            typed.start_of(steps[0].start),
            typed.end_of(steps[-1].end),
            tuple(_substitute(text, typed, step) for step in steps),
            Tier.PINYIN,
            doubt,
            Proof.ALL_WORDS
            if only_with_context or any(step.is_guess for step in steps)
            else Proof.MORE_WORDS,
        )
        for doubt, _, steps in ways
    ]


def _substitute(text: str, typed: LettersInContext, step: _Step) -> Substitute:
    piece = text[typed.start_of(step.start) : typed.end_of(step.end)]
    return Substitute(step.word, piece, "pinyin")


def _ways(table: SpellingTable, typed: LettersInContext, *, only_with_context: bool) -> list[_Way]:
    count = len(typed.letters)
    reached: defaultdict[int, list[_Way]] = defaultdict(list)
    start: _Way = (0.0, "", ())
    reached[0].append(start)

    def follow(ways: list[_Way], step: _Step) -> None:
        reached[step.end].extend(
            (round(doubt + step.doubt, 6), f"{text} {step.word}", (*steps, step))
            for doubt, text, steps in ways
        )

    for step in _steps_from_context(table, typed):
        follow([start], step)
    for place in range(count):
        if place not in reached:
            continue
        ways = sorted(reached[place], key=_preference)[:_KEPT]
        if not only_with_context:
            for step in _steps(table, typed.letters, place):
                follow(ways, step)
        for step in _steps_into_context(table, typed, place):
            follow(ways, step)
    ends = [way for end, ways in reached.items() if end >= count for way in ways]
    return sorted(filter(_says_something, ends), key=_preference)[:_KEPT]


def _says_something(way: _Way) -> bool:
    return any(len(step.word) > 1 for step in way[2])


def _steps(table: SpellingTable, letters: str, place: int) -> Iterator[_Step]:
    rest = letters[place:]
    plain = _Context()
    for key in table.pinyin.beginnings(rest):
        end = place + len(key)
        yield from _guesses(table, table.pinyin.get(key)[:_GUESSES], place, end, plain)
    begun = table.begun.get(rest)[:_GUESSES]
    yield from _guesses(table, begun, place, len(letters), replace(plain, is_begun=True))


def _steps_from_context(table: SpellingTable, typed: LettersInContext) -> Iterator[_Step]:
    """Yield the words that begin in the characters before the letters."""
    letters, count = typed.letters, len(typed.letters)
    for taken in range(1, len(typed.before) + 1):
        head = _Context(typed.before[-taken:])
        for spelled in _spellings(table, head.head):
            for key in table.pinyin.beginnings(spelled + letters):
                if len(key) > len(spelled):
                    end = len(key) - len(spelled)
                    yield from _guesses(table, table.pinyin.get(key), -taken, end, head)
            begun = table.begun.get(spelled + letters)
            yield from _guesses(table, begun, -taken, count, replace(head, is_begun=True))
            for taken_after in range(1, len(typed.after) + 1):
                both = replace(head, tail=typed.after[:taken_after])
                for ending in _spellings(table, both.tail):
                    numbers = table.pinyin.get(spelled + letters + ending)
                    yield from _guesses(table, numbers, -taken, count + taken_after, both)


def _steps_into_context(
    table: SpellingTable, typed: LettersInContext, place: int
) -> Iterator[_Step]:
    """Yield the words that begin at letter `place` and end in the characters after the letters."""
    for taken in range(1, len(typed.after) + 1):
        tail = _Context(tail=typed.after[:taken])
        for ending in _spellings(table, tail.tail):
            numbers = table.pinyin.get(typed.letters[place:] + ending)
            yield from _guesses(table, numbers, place, len(typed.letters) + taken, tail)


def _guesses(
    table: SpellingTable, numbers: list[int], start: int, end: int, context: _Context
) -> Iterator[_Step]:
    written = len(context.head) + len(context.tail)
    doubt = _DOUBT - _BONUS_FOR_HAN * min(written, 2) + _DOUBT_OF_BEGUN * context.is_begun
    for guess, number in enumerate(numbers):
        word = table.word(number)
        if word.startswith(context.head) and word.endswith(context.tail) and len(word) > written:
            own = doubt + guess * _DOUBT_OF_GUESS + _DOUBT_OF_CHARACTER * (len(word) == 1)
            is_guess = context.is_begun or not table.is_prominent(number)
            yield _Step(start, end, word, own, is_guess)


def _spellings(table: SpellingTable, characters: str) -> list[str]:
    choices = [table.sounds(character) for character in characters]
    return ["".join(syllables) for syllables in product(*choices)]
