"""Which words should somebody look at who tends the lexicon of an index?

From what its articles say and from what was searched for in vain. Invariant: nothing is changed; equal
input gives the same diff.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.index.snapshot import Snapshot
from index_builder.lexicon.compiler import DOMAIN_TERMS
from index_builder.lexicon.corpus_texts import article_texts, sampling_step
from index_builder.lexicon.lexicon_files import read_words
from index_builder.lexicon.new_words import best_of_each_cut, find_new_words
from index_builder.lexicon.terms_diff import terms_diff
from index_builder.lexicon.zero_hit_queries import find_sought_words, read_zero_hit_queries


@dataclass(frozen=True, slots=True)
class MinedWords:
    """A diff against the domain list, and one line about how it came to be."""

    diff: str
    summary: str


def mine_words(snapshot: Snapshot, lexicon: Path, queries: Path | None, top: int) -> MinedWords:
    """Return the `top` candidates of the articles, and of the searches in the file `queries`.

    Raises `LexiconError` for an unusable domain list, `InputError` for unusable searches.
    """
    terms = lexicon / DOMAIN_TERMS
    analyzer = snapshot.analyzer
    known = {analyzer.normalize(entry.word) for entry in read_words(terms)}
    # Read before the long part, so that a bad line is told at once.
    searches = {} if queries is None else read_zero_hit_queries(queries)
    step = sampling_step(snapshot)
    new = find_new_words(article_texts(snapshot, step), analyzer, known)
    chosen = best_of_each_cut(new, top)
    sought = []
    if searches:
        listed = known | {word.word for word in chosen}
        sought = find_sought_words(searches, article_texts(snapshot), analyzer, listed)
    read = f"{len(range(0, len(snapshot.articles), step)):,} articles"
    if step > 1:
        read += f" (one of {step})"
    return MinedWords(
        terms_diff(terms, chosen, sought[:top]),
        f"{read}: {len(new):,} candidates, {len(chosen):,} proposed; "
        f"{len(searches):,} searches: {len(sought):,} candidates, {len(sought[:top]):,} proposed",
    )
