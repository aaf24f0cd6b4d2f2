"""How do completions become rows that can be searched by Hanzi, pinyin and initials?

Invariant: see `engine.index.suggestions`; this is its writing half.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate, groupby
from pathlib import Path

import numpy as np

from engine.analysis.analyzer import Analyzer
from engine.documents import Article
from engine.index.codec import dump_json, write_array, write_records
from engine.index.suggestions import LITERAL, SEPARATOR
from index_builder.completions import gather_completions
from index_builder.lexicon.reading_evidence import reading_evidence
from index_builder.pronunciation import Pronunciation
from index_builder.spelled_text import SpelledText, spell
from index_builder.suffix_order import suffix_order


def write_suggestions(
    directory: Path,
    articles: Sequence[Article],
    analyzer: Analyzer,
    queries: Iterable[tuple[str, int]] = (),
) -> int:
    """Write what titles, tags and past `queries` (text, count) offer; return how much that is.

    Every query given should find something: that is not checked here.
    """
    pronunciation = Pronunciation(reading_evidence())
    rows: list[SpelledText] = []
    records: list[bytes] = []
    for completion in gather_completions(articles, queries, analyzer.normalize):
        row = spell(completion.text, analyzer, pronunciation)
        if row.key:
            rows.append(row)
            records.append(dump_json([completion.text, completion.kind, completion.article_id]))
    bounds = write_records(directory / "suggest.entries.bin", records)
    write_array(directory / "suggest.entries.bounds.npy", bounds)
    _write_spans(directory, rows)
    _write_rows(directory, rows)
    return len(rows)


def _write_spans(directory: Path, rows: Sequence[SpelledText]) -> None:
    spans = [span for row in rows for span in [*row.spans, (0, 0)]]
    array = np.asarray(spans, dtype=np.uint16).reshape(-1, 2)
    write_array(directory / "suggest.spans.npy", array)


def _write_rows(directory: Path, rows: Sequence[SpelledText]) -> None:
    """Write all rows, and behind them those with second readings again, read that way."""
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
    buckets = _buckets(names)
    filed = {
        (ord(character), *buckets[numbers[sound]])
        for row, sounds_of_row in zip(written, read, strict=True)
        for character, sound in zip(row.key, sounds_of_row, strict=True)
    }
    arrays = {
        "characters": np.frombuffer(keys.encode("utf-32-le"), dtype="<u4"),
        "sounds": sounds,
        "edges": np.asarray(edges, dtype=np.uint8),
        "order": suffix_order(np.asarray([first for first, _ in buckets], dtype=np.uint32)[sounds]),
        "row_starts": np.asarray(starts, dtype=np.uint32),
        "row_entries": np.asarray(entries, dtype=np.uint32),
        "buckets": np.asarray(sorted(filed), dtype=np.uint32).reshape(-1, 3),
    }
    for name, array in arrays.items():
        write_array(directory / f"suggest.{name}.npy", array)
    (directory / "suggest.sound_names.json").write_bytes(dump_json(names))


def _buckets(names: Sequence[str]) -> list[tuple[int, int]]:
    """Return the bucket of each sound: its initial's range of numbers, or itself when a literal."""
    buckets: list[tuple[int, int]] = []
    for _, alike in groupby(names, key=lambda name: name if name[:1] == LITERAL else name[:1]):
        count = len(list(alike))
        buckets.extend([(len(buckets), len(buckets) + count)] * count)
    return buckets
