"""How is a title read aloud, character by character?

Each character has the reading that its word gives it: a known phrase first, then what is usual for
its place in a word. Invariant: one reading a character, toneless; where the word did not decide,
the next reading that is common enough is told as well: 长尾词 is found by chang and by zhang.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine.index.spelled_text import Spoken
from index_builder.lexicon.reading_evidence import ReadingEvidence, place_in

COMMON_SHARE = 0.1
"""A second reading counts when it makes up this share of a character's uses: 重 chong does, 了 liao
does not; below it, most would be readings that nobody gives to that title."""

_LONGEST_PHRASE = 8


_SILENT = Spoken(None)


class Pronunciation:
    """Reads words aloud. Remembers words, of which a corpus repeats few very often."""

    def __init__(self, evidence: ReadingEvidence) -> None:
        self._evidence = evidence
        # Hardly any two characters begin a phrase: that is asked before eight lengths are tried.
        self._begins = {phrase[:2] for phrase in evidence.phrases}
        self._remembered: dict[str, tuple[Spoken, ...]] = {}

    def read(self, words: Iterable[str]) -> list[Spoken]:
        """Return how each character of `words` is read, in order."""
        spoken: list[Spoken] = []
        for word in words:
            if word not in self._remembered:
                self._remembered[word] = tuple(self._read_word(word))
            spoken.extend(self._remembered[word])
        return spoken

    def _read_word(self, word: str) -> list[Spoken]:
        spoken: list[Spoken] = []
        while len(spoken) < len(word):
            start = len(spoken)
            phrase = self._phrase_at(word, start)
            if phrase is None:
                spoken.append(self._read_character(word, start))
            else:
                spoken.extend(map(Spoken, phrase))
        return spoken

    def _phrase_at(self, word: str, start: int) -> Sequence[str] | None:
        if word[start : start + 2] not in self._begins:
            return None
        longest = min(len(word), start + _LONGEST_PHRASE)
        candidates = (word[start:end] for end in range(longest, start + 1, -1))
        phrases = self._evidence.phrases
        return next((phrases[piece] for piece in candidates if piece in phrases), None)

    def _read_character(self, word: str, index: int) -> Spoken:
        character = word[index]
        readings = self._evidence.readings.get(character)
        if readings is None:
            return _SILENT
        if len(readings) == 1:
            return Spoken(readings[0])
        reading = readings[0]
        if len(word) > 1:
            place = place_in(index, len(word))
            reading = self._evidence.usual.get((character, place), reading)
        shares = self._evidence.shares[character]
        otherwise = next(
            (r for r in readings if r != reading and shares.get(r, 0.0) >= COMMON_SHARE), None
        )
        return Spoken(reading, otherwise)
