"""How do completions become rows that can be searched by Hanzi, pinyin and initials?

The writing half of `engine.index.suggestions`, for the index builder and for what is put while an index is
served. Invariant: see there.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, groupby

import numpy as np

from engine.index.spelled_text import SpelledText
from engine.index.suffix_order import suffix_order
from engine.index.suggestions import LITERAL, SEPARATOR, SuggestionParts


def suggestion_parts(rows: Sequence[SpelledText], records: Sequence[bytes]) -> SuggestionParts:
    """Return the table of completions that are spelled as `rows`, the most popular first.

    records: for each of them the entry as JSON. Rows with second readings stand behind all rows
    again, read that way.
    """
    second = [number for number, row in enumerate(rows) if any(row.otherwise)]
    entries = [*range(len(rows)), *second]
    written = [rows[number] for number in entries]
    read = [row.sounds for row in rows] + [
        [other or sound for sound, other in zip(row.sounds, row.otherwise, strict=True)]
        for row in (rows[number] for number in second)
    ]
    names = ["", *sorted({sound for row in read for sound in row})]
    numbers = {name: number for number, name in enumerate(names)}
    sounds = np.asarray(
        [number for row in read for number in [*map(numbers.__getitem__, row), SEPARATOR]],
        dtype=np.uint16 if len(names) <= 0xFFFF else np.uint32,
    )
    keys = "".join(row.key + "\0" for row in written)
    edges = [edge for row in written for edge in [*row.edges, 0]]
    starts = [0, *accumulate(len(row.key) + 1 for row in written)]
    spans = [span for row in rows for span in [*row.spans, (0, 0)]]
    buckets = _buckets(names)
    characters = np.frombuffer(keys.encode("utf-32-le"), dtype="<u4")
    met = np.unique(characters.astype(np.uint64) << np.uint64(32) | sounds.astype(np.uint64))
    # What stands between two rows is filed under nothing.
    filed = {
        (pair >> 32, *buckets[pair & 0xFFFFFFFF]) for pair in met.tolist() if pair & 0xFFFFFFFF
    }
    return SuggestionParts(
        characters=characters,
        sounds=sounds,
        edges=np.asarray(edges, dtype=np.uint8),
        order=suffix_order(np.asarray([first for first, _ in buckets], dtype=np.uint32)[sounds]),
        row_starts=np.asarray(starts, dtype=np.uint32),
        row_entries=np.asarray(entries, dtype=np.uint32),
        spans=np.asarray(spans, dtype=np.uint16).reshape(-1, 2),
        buckets=np.asarray(sorted(filed), dtype=np.uint32).reshape(-1, 3),
        sound_names=names,
        entries=records,
    )


def _buckets(names: Sequence[str]) -> list[tuple[int, int]]:
    """Return the bucket of each sound: its initial's range of numbers, or itself when a literal."""
    buckets: list[tuple[int, int]] = []
    for _, alike in groupby(names, key=lambda name: name if name[:1] == LITERAL else name[:1]):
        count = len(list(alike))
        buckets.extend([(len(buckets), len(buckets) + count)] * count)
    return buckets
