"""What do a hundred articles consist of, counted term by term and encoded for storing?

The unit of work of the parallel stage. Invariant: a chunk depends on its own articles and the lexicon
alone, never on the other chunks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import scipy.sparse as sp

from engine.analysis.analyzer import Analyzer
from engine.documents import Article
from engine.index.articles import encode_text
from index_builder.gram_counts import count_bigrams
from index_builder.shingle_signatures import SignatureArray, signatures
from index_builder.text_encoder import TextEncoder
from index_builder.views import Field, Unit
from index_builder.word_counts import count_words

FIELDS: tuple[Field, ...] = ("title", "body", "tags")


@dataclass(frozen=True, slots=True)
class TermCounts:
    """Counts of one unit: terms in ascending order; per field a matrix int32 [articles, terms]."""

    terms: Sequence[str]
    fields: Mapping[Field, sp.csr_matrix]


@dataclass(frozen=True, slots=True)
class ArticleChunk:
    """What the parallel stage makes of some articles.

    counts: by unit; signatures: uint32 [articles, k], what near-duplicates are found by; texts: the
    stored records.
    """

    counts: Mapping[Unit, TermCounts]
    signatures: SignatureArray
    texts: Sequence[bytes]


def analyze_chunk(
    analyzer: Analyzer, encoder: TextEncoder, articles: Sequence[Article]
) -> ArticleChunk:
    """Return the term counts and stored records of `articles`."""
    texts = _normalized_fields(analyzer, articles)
    return ArticleChunk(
        counts=_count_terms(analyzer, texts),
        # The title belongs to it: it tells short articles apart.
        signatures=signatures(
            [f"{title}\n{body}" for title, body in zip(texts[0::3], texts[1::3], strict=True)]
        ),
        texts=[encode_text(article, encoder.encode) for article in articles],
    )


def _normalized_fields(analyzer: Analyzer, articles: Sequence[Article]) -> list[str]:
    """Return title, body and tags of each article in turn."""
    return [
        analyzer.normalize_lines(text)
        for article in articles
        # A tag is a unit of meaning: the newline keeps grams from crossing into the next one.
        for text in (article.title, article.body, "\n".join(article.tags))
    ]


def _count_terms(analyzer: Analyzer, texts: Sequence[str]) -> Mapping[Unit, TermCounts]:
    return {
        "words": _by_field(*count_words([analyzer.words(text) for text in texts])),
        "bigrams": _by_field(*count_bigrams(texts)),
    }


def _by_field(terms: Sequence[str], counts: sp.csr_matrix) -> TermCounts:
    # The rows stand in the order title, body, tags of each article.
    return TermCounts(
        terms, {field: counts[number :: len(FIELDS)] for number, field in enumerate(FIELDS)}
    )
