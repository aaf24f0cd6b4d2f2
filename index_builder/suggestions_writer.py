"""How are the completions of a corpus gathered, spelled and written?

Invariant: see `engine.index.suggestions`; `engine.index.suggestion_rows` makes the table, this writes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from engine.analysis.analyzer import Analyzer
from engine.documents import Article
from engine.index.codec import dump_json, write_array, write_records
from engine.index.spelled_text import SpelledText, spell
from engine.index.suggestion_rows import suggestion_parts
from engine.index.suggestions import ARRAY_NAMES
from index_builder.completions import gather_completions
from index_builder.lexicon.reading_evidence import reading_evidence
from index_builder.pronunciation import Pronunciation


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
    parts = suggestion_parts(rows, records)
    bounds = write_records(directory / "suggest.entries.bin", records)
    write_array(directory / "suggest.entries.bounds.npy", bounds)
    for name in ARRAY_NAMES:
        write_array(directory / f"suggest.{name}.npy", getattr(parts, name))
    (directory / "suggest.sound_names.json").write_bytes(dump_json(list(parts.sound_names)))
    return len(rows)
