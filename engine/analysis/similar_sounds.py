"""Which syllables does a writer take for each other?

The differences that many speakers of southern Mandarin do not make, and that input methods offer to
ignore: n and l, f and h, z c s and zh ch sh, -an -en -in and -ang -eng -ing. Invariant: two syllables
are taken for each other exactly when they have the same similar sound.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("f", "h"))
_OPEN_NASALS = ("ang", "eng", "ing")


@cache
def similar_sound(syllable: str) -> str:
    """Return what stands for all syllables that `syllable` is taken for: zheng -> zen."""
    for initial, plain in _INITIALS:
        if syllable.startswith(initial):
            syllable = plain + syllable[len(initial) :]
            break
    return syllable[:-1] if syllable.endswith(_OPEN_NASALS) else syllable


def similar_key(syllables: Iterable[str]) -> str:
    """Return the key under which words that sound like `syllables` are filed."""
    return " ".join(map(similar_sound, syllables))
