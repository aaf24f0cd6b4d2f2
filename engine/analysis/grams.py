"""What can be matched where the dictionary cuts badly?

Pairs of neighbouring units: a second opinion that knows no dictionary, and the reason why a word inside
a longer word is found. A unit is one character beyond ASCII, or a whole run of Latin letters and digits
(pairs of letters say nothing). Invariant: spaces are transparent (京东 plus = 京东plus); punctuation and
line ends separate, so a pair never spans two sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

LATIN_RUN = r"[a-z0-9]+"
CHARACTER = r"[^\W\x00-\x7f_]"

_BREAKS = re.compile(rf"(?:(?![a-z0-9 ]|{CHARACTER})[\s\S])+")
_UNIT = re.compile(rf"{LATIN_RUN}|{CHARACTER}")
_LATIN = re.compile("[a-z0-9]")
_BEYOND_ASCII = "\x80"
_CHARACTERS = re.compile(f"{CHARACTER}+")


def unit_runs(normalized: str) -> list[list[str]]:
    """Return the units of `normalized` in order, one list for each run that nothing separates."""
    if _CHARACTERS.fullmatch(normalized):
        return [list(normalized)]  # as most short queries are
    runs = (
        # Without Latin letters every character but a space is a unit.
        _UNIT.findall(piece) if _LATIN.search(piece) else list(piece.replace(" ", ""))
        for piece in _BREAKS.split(normalized)
    )
    return [run for run in runs if run]


def pair_units(runs: Iterable[Sequence[str]]) -> list[str]:
    """Return every pair of neighbouring units within `runs`, in order, repeats included."""
    # `join_units`, written out: this is called for every character of every article.
    return [
        f"{left} {right}" if left[-1] < _BEYOND_ASCII > right[0] else left + right
        for run in runs
        for left, right in pairwise(run)
    ]


def unit_bigrams(normalized: str) -> list[str]:
    """Return every pair of neighbouring units of `normalized`, in order, repeats included.

    The units of a pair are joined by nothing; a pair that holds a Latin run is unambiguous, because two
    Latin runs never stand side by side in a pair without a space (see below).
    """
    return pair_units(unit_runs(normalized))


def is_pair(term: str) -> bool:
    """Tell whether `term` is two neighbouring units, and so its own pair."""
    if len(term) == 2 and term[0] > _BEYOND_ASCII < term[1]:
        return _CHARACTERS.fullmatch(term) is not None
    return unit_bigrams(term) == [term]


def join_units(left: str, right: str) -> str:
    """Return the gram of two units; a space keeps two Latin runs from becoming one word."""
    return f"{left} {right}" if left[-1].isascii() and right[0].isascii() else left + right
