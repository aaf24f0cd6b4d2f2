"""In which ways can typed characters stand for characters of a completion?

A Han character stands for itself. Letters may be Latin text, syllables, initials or any mixture:
`xian` is xian, xi-an, x-i-a-n. Every way is followed through the suffix array, where nearly all end
at once because no completion goes on like that. Invariant: the work is bounded whatever was typed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from string import ascii_lowercase

from engine.index.suggestions import SORTED_UNITS, Range, SuggestionTable

LONGEST_SYLLABLE = 6
MOST_STEPS = 256
"""Bounds a hostile `nanana...` over titles that say it; what people type takes some dozens."""

_LETTERS = frozenset(ascii_lowercase)
_WHOLE_SYLLABLES = frozenset("aeo")
_LONG_INITIALS = frozenset(["zh", "ch", "sh"])
_SPELLED_OTHERWISE = {"lve": "lue", "nve": "nue"}


class Evidence(IntEnum):
    """What typed characters say about the ones they stand for, strongest first."""

    WRITTEN = 0
    SPELLED = 1
    INITIALS = 2


@dataclass(frozen=True, slots=True)
class Unit:
    """What was typed for one character: that `character` itself, or else a sound in `sounds`."""

    evidence: Evidence
    character: int | None
    sounds: Range


@dataclass(frozen=True, slots=True)
class TypedReading:
    """One way to read what was typed, and the range of the table's order where it may occur.

    `evidence` is that of the weakest unit.
    """

    units: tuple[Unit, ...]
    evidence: Evidence
    places: Range

    def followed_by(self, unit: Unit, places: Range) -> TypedReading:
        """Return this reading with one more unit, which leaves it `places`."""
        return TypedReading((*self.units, unit), max(self.evidence, unit.evidence), places)


def find_readings(table: SuggestionTable, key: str) -> Iterator[TypedReading]:
    """Yield the ways to read `key` of which some completion has at least the initials."""
    letters = key.replace("ü", "v")
    pending = [(0, TypedReading((), Evidence.WRITTEN, (0, len(table.order))))]
    for _ in range(MOST_STEPS):
        if not pending:
            return
        typed, reading = pending.pop()
        if typed == len(key):
            yield reading
            continue
        # The last one pushed is followed first: syllables before letters, long ones before short.
        if letters[typed] in _LETTERS:
            places = _narrow(table, reading, table.sounds_from(letters[typed]))
            if places[0] < places[1]:
                for unit, end in _sounds_typed(table, letters, typed):
                    pending.append((end, reading.followed_by(unit, places)))
        for bucket in table.buckets(key[typed]):
            places = _narrow(table, reading, bucket)
            if places[0] < places[1]:
                unit = Unit(Evidence.WRITTEN, ord(key[typed]), bucket)
                pending.append((typed + 1, reading.followed_by(unit, places)))


def _narrow(table: SuggestionTable, reading: TypedReading, bucket: Range) -> Range:
    depth = len(reading.units)
    if depth >= SORTED_UNITS:
        return reading.places
    return table.narrow(reading.places, depth, bucket)


def _sounds_typed(table: SuggestionTable, letters: str, start: int) -> Iterator[tuple[Unit, int]]:
    """Yield which sound the letters from `start` on may begin with, and where that ends."""
    for end in range(start + 1, min(len(letters), start + LONGEST_SYLLABLE) + 1):
        piece = letters[start:end]
        spelled = _SPELLED_OTHERWISE.get(piece, piece)
        if end == len(letters):
            # A syllable that was only begun is no weaker than a whole one: the rest is yet to come.
            sounds, evidence = table.sounds_from(spelled), Evidence.SPELLED
        elif end == start + 1 or piece in _LONG_INITIALS:
            sounds, evidence = table.sounds_from(spelled), Evidence.INITIALS
        else:
            sounds, evidence = table.sound(spelled), Evidence.SPELLED
        if sounds[0] < sounds[1]:
            yield Unit(evidence, None, sounds), end
        if end == start + 1 < len(letters) and piece in _WHOLE_SYLLABLES:
            yield Unit(Evidence.SPELLED, None, table.sound(piece)), end
