"""From counts to all that says which articles go together: one piece of work, for a process of its own.

Invariant: the result depends on the counts alone, not on where it is worked out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from threadpoolctl import threadpool_limits

from index_builder.near_duplicates import near_duplicate_groups
from index_builder.related_pairs import RelatedPairs, related_pairs
from index_builder.related_parameters import RelatedParameters
from index_builder.related_vectors import related_vectors
from index_builder.shingle_signatures import SignatureArray
from index_builder.vectorizer import CorpusCounts, view_counts
from index_builder.views import RELATED_BIGRAMS, RELATED_TITLES, RELATED_WORDS, Unit


@dataclass(frozen=True, slots=True)
class ComparedArticles:
    """What articles are compared by.

    words, bigrams, titles: field-weighted counts, float32 [n, terms]; signatures: uint32 [n, k];
    published: int64 [n] seconds; categories: int32 [n].
    """

    words: sp.csr_matrix
    bigrams: sp.csr_matrix
    titles: sp.csr_matrix
    signatures: SignatureArray
    published: npt.NDArray[np.int64]
    categories: npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class RelatedArticles:
    """originals: int32 [n]; pairs, with columns of words as shared terms."""

    originals: npt.NDArray[np.int32]
    pairs: RelatedPairs


def compared_articles(
    counts: Mapping[Unit, CorpusCounts],
    signatures: SignatureArray,
    published: npt.NDArray[np.int64],
    categories: npt.NDArray[np.int32],
) -> ComparedArticles:
    """Return what articles with these `counts` are compared by."""
    words, bigrams, titles = (
        view_counts(counts[view.unit], view)
        for view in (RELATED_WORDS, RELATED_BIGRAMS, RELATED_TITLES)
    )
    return ComparedArticles(words, bigrams, titles, signatures, published, categories)


def relate(articles: ComparedArticles) -> RelatedArticles:
    """Return near-duplicates and related articles."""
    parameters = RelatedParameters()
    # One BLAS thread: the number of threads changes the last bits of dense results.
    with threadpool_limits(limits=1):
        originals = near_duplicate_groups(articles.signatures, articles.published)
        vectors = related_vectors(articles.words, articles.bigrams, articles.titles, parameters)
        pairs = related_pairs(vectors, originals, articles.categories, parameters)
    return RelatedArticles(originals, pairs)
