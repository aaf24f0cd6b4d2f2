"""Which words did people search for and find nothing?

Invariant: a candidate is a whole search without its stop words, or what several different searches have
in common; how often it was asked for counts every repeat of a search.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.analysis.analyzer import Analyzer
from engine.errors import InputError
from engine.search.requests import MAX_QUERY_CHARACTERS
from index_builder.lexicon.character_runs import character_runs
from index_builder.lexicon.new_words import LONGEST, SHORTEST, is_new_word
from index_builder.lexicon.word_contexts import find_contexts


@dataclass(frozen=True, slots=True)
class SoughtWord:
    """A candidate: how many searches had it, how many articles have it, how it is cut today."""

    word: str
    searches: int
    articles: int
    cut: tuple[str, ...]


def read_zero_hit_queries(path: Path) -> dict[str, int]:
    """Return the searches in the file at `path` and how often each was made.

    One a line, as it was typed or as {"query", "count"}; a line without a count counts once.
    Raises `InputError` that names file and line.
    """
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: expected a UTF-8 file of searches ({error})") from error
    counts: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            query, count = _parse(line.strip(), f"{path.name}:{number}")
            counts[query] = counts.get(query, 0) + count
    return counts


def find_sought_words(
    queries: Mapping[str, int],
    texts: Iterable[str],
    analyzer: Analyzer,
    known: Collection[str] = (),
) -> list[SoughtWord]:
    """Return the candidates in `queries`, most sought first; `texts` are the normalised articles."""
    askers: defaultdict[str, set[str]] = defaultdict(set)
    whole = set()
    for query in queries:
        for piece in _without_stop_words(analyzer.normalize(query), analyzer):
            whole.add(piece)
            for gram in _grams(piece):
                askers[gram].add(query)
    shared = {gram: by for gram, by in askers.items() if gram in whole or len(by) > 1}
    parts = _parts_of_others(shared)
    cuts = {
        gram: tuple(analyzer.words(gram))
        for gram in shared
        if gram not in parts and gram not in known
    }
    words = [gram for gram, cut in cuts.items() if is_new_word(gram, cut, analyzer)]
    articles = find_contexts(texts, words)
    sought = [
        SoughtWord(word, sum(queries[query] for query in shared[word]), len(articles[word]), cut)
        for word in words
        if (cut := cuts[word])
    ]
    return sorted(sought, key=lambda word: (-word.searches, -len(word.word), word.word))


def _parts_of_others(askers: Mapping[str, Collection[str]]) -> set[str]:
    """Return the grams that nobody asked for but within one longer one."""
    return {
        part
        for gram, by in askers.items()
        for part in _grams(gram)
        if part != gram and len(askers.get(part, ())) == len(by)
    }


def _parse(line: str, origin: str) -> tuple[str, int]:
    query: object = line
    count: object = 1
    if line.startswith("{"):
        try:
            record = json.loads(line)
            query, count = record["query"], record.get("count", 1)
        except (ValueError, KeyError, RecursionError) as error:
            raise InputError(
                f'{origin}: expected {{"query": .., "count": ..}}, found {line[:80]!r}'
            ) from error
    if not isinstance(query, str) or type(count) is not int or count < 1:
        raise InputError(
            f"{origin}: expected query to be text and count a whole number from 1, "
            f"found {line[:80]!r}"
        )
    if len(query) > MAX_QUERY_CHARACTERS:
        raise InputError(
            f"{origin}: a search of {len(query):,} characters, at most {MAX_QUERY_CHARACTERS} are "
            "ever answered; is this a list of searches?"
        )
    return query, count


def _without_stop_words(normalized: str, analyzer: Analyzer) -> Iterator[str]:
    """Yield what is left of the runs of `normalized` between their stop words."""
    for run in character_runs(normalized):
        piece = ""
        for word in [*analyzer.words(run), None]:
            if word is not None and not analyzer.is_stop_word(word):
                piece += word
                continue
            if piece:
                yield piece
            piece = ""


def _grams(piece: str) -> Iterator[str]:
    for size in range(SHORTEST, LONGEST + 1):
        for start in range(len(piece) - size + 1):
            yield piece[start : start + size]
