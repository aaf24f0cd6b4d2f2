"""How are the completions of a corpus gathered, spelled and written?

Invariant: see `engine.index.suggestions`; `engine.index.suggestion_rows` makes the table, this writes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from pathlib import Path

from engine.analysis.analyzer import Analyzer
from engine.documents import Article
from engine.index.codec import dump_json, write_array, write_records
from engine.index.spelled_text import SpelledText, Spoken, spell
from engine.index.suggestion_rows import suggestion_parts
from engine.index.suggestions import ARRAY_NAMES
from index_builder.cache.shard_folder import ShardFolder
from index_builder.cache.spelled_texts import spell_all
from index_builder.completions import gather_completions
from index_builder.lexicon.reading_evidence import ReadingEvidence, reading_evidence
from index_builder.pronunciation import Pronunciation


def write_suggestions(
    directory: Path,
    articles: Sequence[Article],
    analyzer: Analyzer,
    queries: Iterable[tuple[str, int]] = (),
    *,
    cache: ShardFolder | None = None,
    gather_evidence: Callable[[], ReadingEvidence] = reading_evidence,
) -> int:
    """Write what titles, tags and past `queries` (text, count) offer; return how much that is.

    Every query given should find something: that is not checked here. `cache` keeps how texts are
    spelled.
    """
    completions = gather_completions(articles, queries, analyzer.normalize)
    pronunciation = _Pronunciation(gather_evidence)
    spelled = spell_all(
        [completion.text for completion in completions],
        lambda text: spell(text, analyzer, pronunciation),
        cache,
    )
    rows: list[SpelledText] = []
    records: list[bytes] = []
    for completion, row in zip(completions, spelled, strict=True):
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


class _Pronunciation:
    """Reads aloud by the evidence, which is gathered only when something has to be read."""

    def __init__(self, gather_evidence: Callable[[], ReadingEvidence]) -> None:
        self._gather_evidence = gather_evidence

    def read(self, words: Iterable[str]) -> list[Spoken]:
        """Return how each character of `words` is read, in order."""
        return self._pronunciation.read(words)

    @cached_property
    def _pronunciation(self) -> Pronunciation:
        return Pronunciation(self._gather_evidence())
