"""What does the reader probably mean to type?

Invariant: no completion is invented: each is a title, tag or query of the index, and what is marked
in it is what the typed characters stand for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.analysis.numerals import numeral_variants
from engine.index.snapshot import Snapshot
from engine.index.suggestions import Completions, SuggestionTable, suggestion_key
from engine.search.markup import mark, merge_spans
from engine.search.requests import MAX_QUERY_CHARACTERS
from engine.search.suggest_matches import SuggestionMatch, best_matches


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A completion; `highlight` is escaped HTML in which only <em> is markup."""

    text: str
    highlight: str
    kind: Literal["title", "tag", "query"]
    article_id: str | None


def suggest(snapshot: Snapshot, text: str, size: int = 8) -> tuple[Suggestion, ...]:
    """Return the best `size` completions of `text`: Hanzi, pinyin, initials or a mixture.

    None when nothing matches, when `text` holds no letter or digit, and when it is longer than a
    query may be.
    """
    if size < 1 or len(text) > MAX_QUERY_CHARACTERS:
        return ()
    normalized = snapshot.analyzer.normalize(text)
    found: dict[str, Suggestion] = {}
    # As it was typed comes first; 双11 for 双十一 only fills what is left.
    spellings = (normalized, *numeral_variants(normalized))
    for key in dict.fromkeys(filter(None, map(suggestion_key, spellings))):
        if len(found) < size:
            for suggestion in _suggestions(snapshot.suggestions, key, size):
                found.setdefault(suggestion.text, suggestion)
    return tuple(found.values())[:size]


def _suggestions(completions: Completions, key: str, size: int) -> list[Suggestion]:
    """Return the best `size` completions of `key` from all tables, best first."""
    table = completions.tables[0]
    if table is completions:
        return [_suggestion(table, match) for match in best_matches(table, key, size)]
    offers = [
        (match.rank, -completions.popularity(table.entry(match.entry)), place, table, match)
        for place, table in enumerate(completions.tables)
        for match in _offered(completions, table, key, size)
    ]
    offers.sort(key=lambda offer: offer[:3])
    return [_suggestion(table, match) for *_, table, match in offers[:size]]


def _offered(
    completions: Completions, table: SuggestionTable, key: str, size: int
) -> list[SuggestionMatch]:
    """Return the best `size` matches in `table` that may be shown, best first."""
    if table is not completions.tables[0]:
        return best_matches(table, key, size)
    wanted = size
    while True:
        matches = best_matches(table, key, wanted)
        offered = [m for m in matches if completions.is_offered(table.entry(m.entry))]
        if len(offered) >= size or len(matches) < wanted:
            return offered[:size]
        wanted *= 4  # most of the best are hidden: look further down


def _suggestion(table: SuggestionTable, match: SuggestionMatch) -> Suggestion:
    entry = table.entry(match.entry)
    spans = merge_spans(table.spans(match.entry, match.first, match.length))
    highlight = mark(entry.text, spans, 0, len(entry.text))
    return Suggestion(entry.text, highlight, entry.kind, entry.article_id)
