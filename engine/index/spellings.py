"""Which words of the corpus are spelled like this, or sound like this?

Everything that a lower tier of search may read a query as, worked out when the index was built. Words
are numbered: Han words first, then Latin words, and in both those that are titled or tagged most often
first, so that the smallest number is the best guess. Four key tables lead from what may be typed to Han
words (`zhitongche`, `ztc`, `zi ton ce`, and `zhitong`, which only begins one), and the letters that are
left when one or two are dropped lead to Latin words, in the manner of a deletion neighbourhood
(SymSpell, Garbe 2012).

Invariant: every word can be found in an article, or has a synonym that can; lists are short (see
`index_builder.spellings_writer`) and ascending, so that looking one up costs the same in any corpus.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import combinations

import numpy as np

from engine.analysis.pinyin import PinyinTable, open_pinyin
from engine.errors import ArtifactDamagedError
from engine.folder import Folder
from engine.index.codec import load_json, map_array
from engine.index.postings import open_trie

KEY_TABLES = ("pinyin", "begun", "initials", "similar")
"""Whole words by full pinyin, words by their first syllables, by initials, by similar sounds."""

TWO_ERRORS_FROM = 8
"""A Latin word of so many letters may have two wrong ones; in a shorter one hardly a letter is left."""

TWO_ERRORS_UP_TO = 16
"""The letters that are left without any two grow with the square of the length."""

SHORTEST_LATIN = 4
"""Latin words of three letters have too many neighbours: jhs is not a misspelt xhs."""

SHORTEST_PINYIN = 6
"""From so many letters on, a mistyped pinyin is put right as a Latin word is."""

LONGEST_LATIN = 24
"""Longer runs are identifiers and hashes, which nobody misspells by hand."""


class KeyTable:
    """Spelling -> word numbers, memory-mapped; the numbers of a key ascend."""

    def __init__(self, directory: Folder, name: str) -> None:
        """Map the table `name` in `directory`.

        Raises `ArtifactDamagedError` when a part is missing or the parts do not fit together.
        """
        self._keys = open_trie(directory / f"spellings.{name}.marisa")
        offsets = map_array(directory / f"spellings.{name}.offsets.npy")
        numbers = map_array(directory / f"spellings.{name}.words.npy")
        if len(offsets) != len(self._keys) + 1 or int(offsets[-1]) != len(numbers):
            raise ArtifactDamagedError(
                f"spellings.{name}: {len(self._keys)} keys, {len(offsets)} offsets and "
                f"{len(numbers)} words do not fit together; rebuild the index"
            )
        self._offsets: memoryview[int] = offsets.data
        self._numbers: memoryview[int] = numbers.data

    def __len__(self) -> int:
        """Return how many spellings there are."""
        return len(self._keys)

    def get(self, key: str) -> list[int]:
        """Return the numbers of the words spelled `key`, ascending; none when there are none."""
        number = self._keys.get(key)
        if number is None:
            return []
        return self._numbers[self._offsets[number] : self._offsets[number + 1]].tolist()

    def beginnings(self, text: str) -> list[str]:
        """Return the spellings with which `text` begins, the shortest first."""
        found: list[str] = self._keys.prefixes(text)
        return found


class SpellingTable:
    """The words that a query may have meant, memory-mapped."""

    def __init__(self, directory: Folder) -> None:
        """Map the tables in `directory`; the pinyin of single characters is read on first use.

        Raises `ArtifactDamagedError` when a part is missing or the parts do not fit together.
        """
        self._directory = directory
        self._words = open_trie(directory / "spellings.words.marisa")
        identities = map_array(directory / "spellings.words.npy")
        counts = map_array(directory / "spellings.counts.npy")
        hashes = map_array(directory / "spellings.latin.hashes.npy")
        latin = map_array(directory / "spellings.latin.words.npy")
        if len(identities) != len(self._words) or len(hashes) != len(latin) or len(counts) != 3:
            raise ArtifactDamagedError(
                f"spellings: {len(self._words)} words, {len(identities)} numbers, {len(hashes)} "
                f"hashes for {len(latin)} and {len(counts)} counts do not fit together; "
                "rebuild the index"
            )
        self._identities: memoryview[int] = identities.data
        self._prominent_han, self._han, self._prominent_latin = map(int, counts.tolist())
        self._hashes = hashes
        self._latin = latin
        self.pinyin, self.begun, self.initials, self.similar = (
            KeyTable(directory, name) for name in KEY_TABLES
        )

    def __len__(self) -> int:
        """Return how many words there are."""
        return len(self._words)

    @cached_property
    def readings(self) -> PinyinTable:
        """How single characters are read."""
        return open_pinyin(self._directory)

    @cached_property
    def _several_sounds(self) -> dict[str, list[str]]:
        sounds: dict[str, list[str]] = load_json(self._directory / "spellings.sounds.json")
        return sounds

    def sounds(self, character: str) -> Sequence[str]:
        """Return how `character` is commonly read; none if it is not Han.

        Rare readings are left out: nobody who types 专属 means 专注, though 属 can be read zhu.
        """
        return self._several_sounds.get(character) or self.readings.readings(character)[:1]

    def word(self, number: int) -> str:
        """Return word `number`, 0 <= number < len(self)."""
        text: str = self._words.restore_key(self._identities[number])
        return text

    def is_prominent(self, number: int) -> bool:
        """Tell whether word `number` stands in a title or is a tag; a Latin word, or has synonyms."""
        return number < self._prominent_han or self._han <= number < self._prominent_latin

    def latin_neighbours(self, letters: str) -> list[int]:
        """Return the Latin words that may be `letters` misspelt, ascending; to be compared still."""
        hashes = np.fromiter(
            {deletion_hash(rest) for rest in deletions(letters, most_errors(letters))},
            dtype=self._hashes.dtype,
        )
        first = np.searchsorted(self._hashes, hashes, "left").tolist()
        end = np.searchsorted(self._hashes, hashes, "right").tolist()
        found: set[int] = set()
        for low, high in zip(first, end, strict=True):
            found.update(self._latin[low:high].tolist())
        return sorted(found)


def most_errors(letters: str) -> int:
    """Return how many letters of `letters` may be wrong, missing, extra or swapped."""
    return 2 if TWO_ERRORS_FROM <= len(letters) <= TWO_ERRORS_UP_TO else 1


def deletions(letters: str, most: int) -> Iterator[str]:
    """Yield `letters`, and what is left of it without up to `most` letters."""
    for count in range(most + 1):
        yield from map("".join, combinations(letters, len(letters) - count))


def deletion_hash(rest: str) -> int:
    """Return under which 32 bits `rest` is filed; what collides is sorted out by comparing."""
    return zlib.crc32(rest.encode("ascii"))
