"""How are Han characters read, and which syllables can Latin letters spell?

Toneless pinyin as people type it: ü is v (nv, lv), but lue and nue. Invariant: the table comes from
the artifact, so that an index and its queries never disagree on a reading.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from engine.errors import ArtifactDamagedError
from engine.folder import Folder

PINYIN_NAME = "lexicon.pinyin.json"
LONGEST_SYLLABLE = 6


class PinyinTable:
    """The readings of Han characters, and the syllables there are."""

    def __init__(self, first: Mapping[str, str], more: Mapping[str, Sequence[str]]) -> None:
        """Build from `first`: syllable -> characters, and `more`: character -> further readings."""
        self._readings: dict[str, tuple[str, ...]] = {}
        for syllable, characters in first.items():
            self._readings.update(dict.fromkeys(characters, (syllable,)))
        syllables = set(first)
        for character, further in more.items():
            self._readings[character] = (*self._readings.get(character, ()), *further)
            syllables.update(further)
        self.syllables = frozenset(syllables)
        self._beginnings = frozenset(
            syllable[:length] for syllable in syllables for length in range(1, len(syllable) + 1)
        )

    def __len__(self) -> int:
        """Return how many characters have a reading."""
        return len(self._readings)

    def readings(self, character: str) -> tuple[str, ...]:
        """Return the readings of `character`, most common first; none if it is not Han."""
        return self._readings.get(character, ())

    def splits(
        self, letters: str, *, unfinished: bool = False, most: int = 8
    ) -> tuple[tuple[str, ...], ...]:
        """Return the ways to read `letters` as syllables: xian -> (xian), (xi, an).

        At most `most` ways, those with long syllables in front first. With `unfinished` the last
        syllable may be only begun (zhitongc -> zhi, tong, c). None when the letters spell nothing.
        """
        ways: list[tuple[str, ...]] = []
        for way in self._ways(letters, unfinished):
            ways.append(way)
            if len(ways) == most:
                break
        return tuple(ways)

    def _ways(self, letters: str, unfinished: bool) -> Iterator[tuple[str, ...]]:
        last_syllables = self._beginnings if unfinished else self.syllables
        length = len(letters)
        # From the back, which places lead to the end: without it, a long input that goes wrong in
        # its last letter would be split in all ways before it is refused.
        nexts: list[list[int]] = [[] for _ in range(length + 1)]
        for start in range(length - 1, -1, -1):
            for end in range(min(length, start + LONGEST_SYLLABLE), start, -1):
                known = last_syllables if end == length else self.syllables
                if letters[start:end] in known and (end == length or nexts[end]):
                    nexts[start].append(end)
        pending: list[tuple[int, tuple[str, ...]]] = [(0, ())]
        while pending:
            start, way = pending.pop()
            if start == length and way:
                yield way
            pending.extend((end, (*way, letters[start:end])) for end in reversed(nexts[start]))


def open_pinyin(directory: Folder) -> PinyinTable:
    """Open the pinyin table in the artifact folder `directory`.

    Raises `ArtifactDamagedError` when it is missing or malformed.
    """
    path = directory / PINYIN_NAME
    try:
        content = json.loads(path.read_bytes())
        return PinyinTable(content["first"], content["more"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ArtifactDamagedError(
            f"{path.name}: missing or no pinyin table ({type(error).__name__}: {error}); "
            "rebuild the index"
        ) from error
