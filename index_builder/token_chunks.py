"""What do a few hundred articles consist of, counted term by term?

The unit of work of the parallel stage. Invariant: a chunk depends on its own articles and the lexicon
alone, never on the other chunks or on how many processes there are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import scipy.sparse as sp
from sklearn.feature_extraction.text import CountVectorizer

from engine.analysis.analyzer import Analyzer, open_analyzer
from engine.documents import Article
from index_builder.gram_counts import count_bigrams
from index_builder.views import Field, Unit

CHUNK_ARTICLES = 256

FIELDS: tuple[Field, ...] = ("title", "body", "tags")
UNITS: tuple[Unit, ...] = ("words", "bigrams")


@dataclass(frozen=True, slots=True)
class TermCounts:
    """Counts of one unit: terms in ascending order; per field a matrix int32 [articles, terms]."""

    terms: Sequence[str]
    fields: Mapping[Field, sp.csr_matrix]


TokenChunk = Mapping[Unit, TermCounts]


def count_chunk(analyzer: Analyzer, articles: Sequence[Article]) -> TokenChunk:
    """Return the term counts of `articles`."""
    texts = [
        analyzer.normalize_lines(text)
        for article in articles
        # A tag is a unit of meaning: the newline keeps grams from crossing into the next one.
        for text in (article.title, article.body, "\n".join(article.tags))
    ]
    return {
        "words": _by_field(*_count_words([analyzer.words(text) for text in texts])),
        "bigrams": _by_field(*count_bigrams(texts)),
    }


def _count_words(token_lists: Sequence[Sequence[str]]) -> tuple[list[str], sp.csr_matrix]:
    if not any(token_lists):
        return [], sp.csr_matrix((len(token_lists), 0), dtype="int32")
    vectorizer = CountVectorizer(analyzer=_as_is, dtype="int32")
    counts = vectorizer.fit_transform(token_lists)
    return sorted(vectorizer.vocabulary_), counts  # CountVectorizer numbers terms in this order


def _by_field(terms: Sequence[str], counts: sp.csr_matrix) -> TermCounts:
    # The rows stand in the order title, body, tags of each article.
    return TermCounts(
        terms, {field: counts[number :: len(FIELDS)] for number, field in enumerate(FIELDS)}
    )


def _as_is(tokens: Sequence[str]) -> Sequence[str]:
    return tokens


_analyzer: Analyzer | None = None


def start_worker(lexicon_directory: Path) -> None:
    """Open the compiled lexicon once in a worker process."""
    global _analyzer  # noqa: PLW0603 - a process pool has no other place for what a worker keeps
    _analyzer = open_analyzer(lexicon_directory)


def count_in_worker(articles: Sequence[Article]) -> TokenChunk:
    """Return the term counts of `articles` in a process that `start_worker` prepared."""
    if _analyzer is None:
        raise RuntimeError("start_worker was not called in this process")
    return count_chunk(_analyzer, articles)
