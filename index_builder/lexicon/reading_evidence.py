"""How is a Han character read, and how much does its place in a word decide?

pypinyin says which readings a character has and how 47,000 phrases are read; jieba's dictionary
says how common each phrase is. Together they tell 长尾 (chang: first in a word) from 增长 (zhang:
last in one). Invariant: readings carry no tones and are spelled as people type them (nv, lue);
every character listed has at least one.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from pathlib import Path

import jieba
from pypinyin.phrases_dict import phrases_dict
from pypinyin.pinyin_dict import pinyin_dict

_DIAERESIS = "\N{COMBINING DIAERESIS}"
_TYPEABLE = re.compile(r"[a-z]*[aeiouv][a-z]*")

_TYPED_OTHERWISE = {"lve": "lue", "nve": "nue"}
"""Dictionaries write lüe and nüe; no other syllable could be meant, so keyboards take the u."""

_INTERJECTIONS = {"嗯": ("en",)}
"""Sounds without a vowel in dictionaries (n, ng): what an input method expects instead."""


class Place(IntEnum):
    """Where in its word a character stands. A number, because it is looked up by the hundred thousand."""

    FIRST = 0
    INNER = 1
    LAST = 2


def place_in(index: int, length: int) -> Place:
    """Return the place of character `index` in a word of `length` characters."""
    if index == 0:
        return Place.FIRST
    return Place.LAST if index == length - 1 else Place.INNER


@dataclass(frozen=True, slots=True)
class ReadingEvidence:
    """What the dictionaries know.

    readings: character -> its readings, most common first; phrases: phrase -> a reading for each
    of its characters; shares: character with several readings -> reading -> its share of all uses,
    0..1; usual: (character, place) -> the most common reading there.
    """

    readings: Mapping[str, tuple[str, ...]]
    phrases: Mapping[str, tuple[str, ...]]
    shares: Mapping[str, Mapping[str, float]]
    usual: Mapping[tuple[str, Place], str]


@cache
def toneless(reading: str) -> str:
    """Return `reading` as it is typed: without tone marks, ü as v; lüe and nüe as lue and nue."""
    decomposed = unicodedata.normalize("NFD", reading)
    typed = decomposed.replace("u" + _DIAERESIS, "v")
    typed = "".join(letter for letter in typed if not unicodedata.combining(letter))
    return _TYPED_OTHERWISE.get(typed, typed)


@cache
def reading_evidence() -> ReadingEvidence:
    """Weigh all readings by how common the phrases are in which they occur.

    A character that stands alone is read as pypinyin's first reading, which is made for that case,
    and counts with the frequency of the character as a word.
    """
    listed = {
        chr(code): _distinct_readings(chr(code), marked.split(","))
        for code, marked in sorted(pinyin_dict.items())
    }
    listed = {character: readings for character, readings in listed.items() if readings}
    several = {character for character, readings in listed.items() if len(readings) > 1}
    frequencies = _word_frequencies()
    phrases: dict[str, tuple[str, ...]] = {}
    totals: dict[str, dict[str, int]] = {
        character: {listed[character][0]: frequencies.get(character, 0) + 1}
        for character in sorted(several)
    }
    placed: dict[tuple[str, Place], dict[str, int]] = defaultdict(dict)
    for phrase, syllables in sorted(phrases_dict.items()):
        if len(phrase) != len(syllables):
            continue
        read = tuple(
            typed if _TYPEABLE.fullmatch(typed := toneless(choices[0])) else listed[character][0]
            for character, choices in zip(phrase, syllables, strict=True)
        )
        phrases[phrase] = read
        weight = frequencies.get(phrase, 0) + 1
        for index, (character, reading) in enumerate(zip(phrase, read, strict=True)):
            if character in several and reading in listed[character]:
                for counts in totals[character], placed[character, place_in(index, len(phrase))]:
                    counts[reading] = counts.get(reading, 0) + weight
    for character, counts in totals.items():
        listed[character] = _most_common_first(listed[character], counts)
    return ReadingEvidence(
        readings=listed,
        phrases=phrases,
        shares={character: _shares(counts) for character, counts in totals.items()},
        usual={
            (character, place): _most_common_first(listed[character], counts)[0]
            for (character, place), counts in placed.items()
        },
    )


def _distinct_readings(character: str, marked: Sequence[str]) -> tuple[str, ...]:
    if character in _INTERJECTIONS:
        return _INTERJECTIONS[character]
    typed = (toneless(reading) for reading in marked)
    return tuple(dict.fromkeys(reading for reading in typed if _TYPEABLE.fullmatch(reading)))


def _most_common_first(readings: tuple[str, ...], counts: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(sorted(readings, key=lambda r: (-counts.get(r, 0), readings.index(r))))


def _shares(counts: Mapping[str, int]) -> dict[str, float]:
    total = sum(counts.values())
    return {reading: count / total for reading, count in counts.items()}


def _word_frequencies() -> dict[str, int]:
    fields = Path(jieba.__file__).with_name(jieba.DEFAULT_DICT_NAME).read_text("utf-8").split()
    # Three fields a line; striding over one flat list is several times faster than going by lines.
    return dict(zip(fields[0::3], map(int, fields[1::3]), strict=True))
