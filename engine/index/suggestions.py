"""What can a search box complete to, and where in it do some typed characters occur?

Completions are rows of key characters, the most popular row first, each row closed by a separator;
every character has a sound: the pinyin of a Han character, any other character itself. Sounds are
kept in buckets, one for each initial and one for each character that has no pinyin. A single
suffix array over these buckets serves Hanzi, pinyin, initials and any mixture of them: whatever is
typed names a bucket for each character, these narrow the places down, and what was typed decides
about each place left.

Invariant: position ascends as popularity descends; sounds are numbered so that those of a bucket,
and those that begin with given letters, are one range of numbers; `order` lists the positions by
the buckets of the `SORTED_UNITS` characters from there on.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal, Protocol

from engine.errors import ArtifactDamagedError
from engine.folder import Folder
from engine.index.codec import AnyArray, load_json, map_array
from engine.index.record_file import RecordFile

SEPARATOR = 0
"""The sound and the character after the last one of a row."""

SORTED_UNITS = 64
"""So many characters of a suffix are in order: more than anybody types, and six sorts (2^6)."""

LITERAL = "="
"""Stands in front of the name of a sound that is a character itself: no syllable begins with it."""

Range = tuple[int, int]
"""First and end of a half-open range of numbers."""


class Edge(IntEnum):
    """What begins at a place; the higher, the less likely somebody types from there on."""

    TEXT = 1
    WORD = 2
    INSIDE = 3
    INSIDE_LATIN = 4
    """Between two letters of a Latin word, or two digits of a number."""


_NUMERALS = str.maketrans("零〇一二三四五六七八九", "00123456789")


@dataclass(frozen=True, slots=True)
class SuggestionEntry:
    """One completion: the text as its author wrote it, and where it leads."""

    text: str
    kind: Literal["title", "tag", "query"]
    article_id: str | None


class Completions(Protocol):
    """What a search box completes to: a table, or a table with what was laid over it."""

    @property
    def tables(self) -> tuple[SuggestionTable, ...]:
        """The tables to look in; what stands in the first wins over what stands in others."""
        ...

    def is_offered(self, entry: SuggestionEntry, /) -> bool:
        """Tell whether an entry of the first table may still be shown."""
        ...

    def popularity(self, entry: SuggestionEntry, /) -> float:
        """Return how popular an entry is, in doublings; compared between tables only."""
        ...


def suggestion_key(normalized: str) -> str:
    """Return what is compared of a normalised text: its letters and digits, 七 as 7."""
    return "".join(filter(str.isalnum, normalized)).translate(_NUMERALS)


@dataclass(frozen=True, slots=True)
class SuggestionParts:
    """What a table consists of; the first `len(entries)` rows are the entries themselves.

    characters: uint32 [n], code points; sounds: uint16 or uint32 [n], numbers into `sound_names`;
    edges: uint8 [n], `Edge` of each place; order: uint32; row_starts: uint32 [rows + 1]; row_entries:
    uint32 [rows]; spans: uint16 [n of the entries, 2]; buckets: uint32 [m, 3], a code point with a
    bucket that it is in.
    """

    characters: AnyArray
    sounds: AnyArray
    edges: AnyArray
    order: AnyArray
    row_starts: AnyArray
    row_entries: AnyArray
    spans: AnyArray
    buckets: AnyArray
    sound_names: Sequence[str]
    entries: Sequence[bytes] | RecordFile


ARRAY_NAMES = (
    "characters",
    "sounds",
    "edges",
    "order",
    "row_starts",
    "row_entries",
    "spans",
    "buckets",
)
"""The parts that are arrays, each in a file of its own."""


class SuggestionTable:
    """The completions of one index, memory-mapped, or of a few articles, in memory.

    Rows beyond the first `len(self)` repeat entries under a second reading.
    """

    def __init__(self, parts: SuggestionParts) -> None:
        """Make the table that has these parts.

        Raises `ArtifactDamagedError` when they do not fit together.
        """
        self.characters = parts.characters
        self.sounds = parts.sounds
        self.edges = parts.edges
        self.order = parts.order
        self.row_starts = parts.row_starts
        self.sound_names = parts.sound_names
        self._spans = parts.spans
        self._entries = parts.entries
        self._check(len(parts.row_entries))
        self._buckets: dict[int, list[Range]] = {}
        for character, first, end in parts.buckets.tolist():
            self._buckets.setdefault(character, []).append((first, end))
        self._first_places: dict[Range, Range] = {}
        # Indexing a memoryview costs a third of indexing an array, and binary search does little
        # else.
        self._order_view: memoryview[int] = self.order.data
        self._sounds_view: memoryview[int] = self.sounds.data
        self._starts_view: memoryview[int] = self.row_starts.data
        self._entries_view: memoryview[int] = parts.row_entries.data

    @property
    def tables(self) -> tuple[SuggestionTable, ...]:
        """The table itself; what is laid over an index adds another."""
        return (self,)

    def is_offered(self, entry: SuggestionEntry, /) -> bool:  # noqa: ARG002
        """Tell whether a completion may be shown: always, where nothing hides articles."""
        return True

    def popularity(self, entry: SuggestionEntry, /) -> float:  # noqa: ARG002
        """Return how popular a completion is beside those of another table: there is none."""
        return 0.0

    def _check(self, rows: int) -> None:
        positions = len(self.characters)
        lengths = [len(self.sounds), len(self.edges), int(self.row_starts[-1])]
        if (
            lengths != [positions] * 3
            or len(self.row_starts) != rows + 1
            or len(self.order) != positions - rows
            or len(self._spans) != int(self.row_starts[len(self)])
        ):
            raise ArtifactDamagedError(
                f"suggest: {positions} characters, {rows} rows and parts of {lengths} do not fit "
                "together; rebuild the index"
            )

    def __len__(self) -> int:
        """Return the number of completions."""
        return len(self._entries)

    @property
    def primary_end(self) -> int:
        """Return the position where the rows under a second reading begin."""
        return len(self._spans)

    def sounds_from(self, beginning: str) -> Range:
        """Return the numbers of the sounds that begin with `beginning`."""
        first = bisect_left(self.sound_names, beginning)
        return first, bisect_left(self.sound_names, beginning + "\U0010ffff", first)

    def sound(self, name: str) -> Range:
        """Return the number of the sound `name`, as a range that is empty when there is none."""
        first = bisect_left(self.sound_names, name)
        known = first < len(self.sound_names) and self.sound_names[first] == name
        return first, first + known

    def buckets(self, character: str) -> list[Range]:
        """Return the buckets in which sounds of `character` are; none if it does not occur."""
        return self._buckets.get(ord(character), [])

    def narrow(self, places: Range, depth: int, bucket: Range) -> Range:
        """Return the part of `places` whose character number `depth` is in `bucket`.

        `places` is a range of `order` in which the `depth` characters before share their buckets.
        """
        if not depth and bucket in self._first_places:
            return self._first_places[bucket]
        sounds = self._sounds_view

        def sound_at(position: int) -> int:
            return sounds[position + depth]

        low = bisect_left(self._order_view, bucket[0], *places, key=sound_at)
        found = low, bisect_left(self._order_view, bucket[1], low, places[1], key=sound_at)
        if not depth and found != (low, low):
            self._first_places[bucket] = found
        return found

    def row_ends(self, places: Range, depth: int) -> Range:
        """Return the part of `places` whose rows end after `depth` characters."""
        return self.narrow(places, depth, (SEPARATOR, SEPARATOR + 1))

    def locate(self, position: int) -> tuple[int, int]:
        """Return the entry at `position`, and the number of the character that stands there."""
        row = bisect_right(self._starts_view, position) - 1
        return self._entries_view[row], position - self._starts_view[row]

    def entry(self, number: int) -> SuggestionEntry:
        """Return completion `number`."""
        return SuggestionEntry(*json.loads(self._entries[number]))

    def spans(self, entry: int, first: int, length: int) -> list[tuple[int, int]]:
        """Return where in the text of `entry` its key characters `first` and on come from.

        `length` pairs of start and end; characters are counted from 0.
        """
        start = int(self.row_starts[entry]) + first
        return [(low, high) for low, high in self._spans[start : start + length].tolist()]


def open_suggestions(directory: Folder) -> SuggestionTable:
    """Map the table in the artifact folder `directory`.

    Raises `ArtifactDamagedError` when a part is missing or the parts do not fit together.
    """
    arrays = {name: map_array(directory / f"suggest.{name}.npy") for name in ARRAY_NAMES}
    entries = RecordFile(directory, "suggest.entries")
    names: list[str] = load_json(directory / "suggest.sound_names.json")
    return SuggestionTable(SuggestionParts(**arrays, sound_names=names, entries=entries))
