"""What can be typed to reach a text, character by character?

The writing half of the rows of `engine.index.suggestions`. Invariant: all lists of a `SpelledText`
have one entry per character of `suggestion_key` of the normalised text, and every span covers whole
combining sequences of the original.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate
from typing import Protocol

from engine.analysis.analyzer import Analyzer
from engine.index.suggestions import LITERAL, Edge, suggestion_key

MAX_KEY_CHARACTERS = 512
"""Nobody types further into a title; what stands behind is shown but not searched."""

MAX_TEXT_CHARACTERS = 65_535
"""Spans are stored in 16 bits."""

_FIRST_CJK = 0x2E80
"""From here on, words stand without spaces and only the dictionary knows where they begin."""

_NUMERALS = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Spoken:
    """One character as it is read; `otherwise` is its next reading where the word left it open.

    `reading` is None when the character is no Han character.
    """

    reading: str | None
    otherwise: str | None = None


class Pronounces(Protocol):
    """Reads words aloud: the index builder's evidence, or the readings that an index carries."""

    def read(self, words: Iterable[str]) -> list[Spoken]:
        """Return how each character of `words` is read, in order."""
        ...


@dataclass(frozen=True, slots=True)
class SpelledText:
    """The key characters of a text: their sounds, a second sound if any, edges, spans of origin."""

    key: str
    sounds: list[str]
    otherwise: list[str | None]
    edges: list[Edge]
    spans: list[tuple[int, int]]


def spell(text: str, analyzer: Analyzer, pronunciation: Pronounces) -> SpelledText:
    """Return how `text` can be typed; an empty key when it has no letter or digit."""
    folded = analyzer.normalize_with_offsets(text[:MAX_TEXT_CHARACTERS])
    normalized = folded.text
    words = list(analyzer.segmenter.cut(normalized))
    spoken = pronunciation.read(words)
    word_starts = set(accumulate(map(len, words), initial=0))
    places = [i for i, c in enumerate(normalized) if c.isalnum()][:MAX_KEY_CHARACTERS]
    starts = folded.starts.tolist()
    return SpelledText(
        key=suggestion_key(normalized)[:MAX_KEY_CHARACTERS],
        sounds=[
            spoken[i].reading
            or _lone_digit(normalized, i, pronunciation)
            or LITERAL + suggestion_key(normalized[i])
            for i in places
        ],
        otherwise=[spoken[i].otherwise for i in places],
        edges=_edges(places, normalized, word_starts),
        spans=[(starts[i], starts[bisect_right(starts, starts[i])]) for i in places],
    )


def _lone_digit(normalized: str, index: int, pronunciation: Pronounces) -> str | None:
    """Return how a digit is read that stands alone, as in 7天; numbers are not read out."""
    if normalized[index] not in "0123456789":
        return None
    around = normalized[max(0, index - 1) : index] + normalized[index + 1 : index + 2]
    if any(c.isascii() and c.isalnum() for c in around):
        return None
    return pronunciation.read(_NUMERALS[int(normalized[index])])[0].reading


def _edges(places: list[int], normalized: str, word_starts: set[int]) -> list[Edge]:
    edges: list[Edge] = []
    before, script_before = -1, ""
    for place in places:
        script = _script(normalized[place])
        if before < 0:
            edges.append(Edge.TEXT)
        elif script != script_before or place != before + 1:
            edges.append(Edge.WORD)
        elif script != "han":
            edges.append(Edge.INSIDE_LATIN)
        else:
            edges.append(Edge.WORD if place in word_starts else Edge.INSIDE)
        before, script_before = place, script
    return edges


def _script(character: str) -> str:
    if ord(character) >= _FIRST_CJK:
        return "han"
    return "number" if character.isdigit() else "letters"
