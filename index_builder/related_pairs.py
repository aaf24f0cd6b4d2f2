"""Which articles belong beside article n?

Cosine similarity of TF-IDF vectors, the best few per article, diversified. Invariant: cost stays near
linear in the corpus because each vector keeps only its strongest terms and terms that are in a large
share of all articles are dropped; memory is bounded by the block size, not by n squared.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.preprocessing import normalize
from sparse_dot_topn import sp_matmul_topn

from engine.index.neighbours import NOBODY


@dataclass(frozen=True, slots=True)
class RelatedParameters:
    """What the related list depends on; recorded in the manifest."""

    neighbours: int = 20
    candidates: int = 40
    words_per_article: int = 300
    bigrams_per_article: int = 600
    word_weight: float = 0.5
    title_weight: float = 0.35
    max_share_of_articles: float = 0.3
    min_articles: int = 2
    diversity: float = 0.05
    shared_terms: int = 3
    block_articles: int = 2048


@dataclass(frozen=True, slots=True)
class RelatedPairs:
    """articles: uint32 [n, k]; similarities: float32 [n, k]; shared_terms: uint32 [n, k, t] columns."""

    articles: npt.NDArray[np.uint32]
    similarities: npt.NDArray[np.float32]
    shared_terms: npt.NDArray[np.uint32]


def related_vectors(
    words: sp.csr_matrix,
    bigrams: sp.csr_matrix,
    title_bigrams: sp.csr_matrix,
    parameters: RelatedParameters,
) -> tuple[sp.csr_matrix, sp.csr_matrix]:
    """Return the vectors that are compared, and their word part alone, which names shared terms.

    Pairs of units carry what the dictionary cuts badly, titles what an article is about; each part is
    L2-normalised, weighted and the whole normalised again.
    """
    word_part = tfidf_vectors(words, parameters, parameters.words_per_article)
    parts = [
        word_part * parameters.word_weight,
        tfidf_vectors(bigrams, parameters, parameters.bigrams_per_article),
        tfidf_vectors(title_bigrams, parameters, parameters.bigrams_per_article)
        * parameters.title_weight,
    ]
    return normalize(sp.hstack(parts, format="csr")).astype(np.float32), word_part


def tfidf_vectors(
    counts: sp.csr_matrix, parameters: RelatedParameters, terms_per_article: int
) -> sp.csr_matrix:
    """Return L2-normalised, pruned TF-IDF rows (1 + ln tf, scikit-learn's smooth idf), float32."""
    documents = counts.shape[0]
    frequency = np.bincount(counts.indices, minlength=counts.shape[1])
    most = max(parameters.max_share_of_articles * documents, 5.0)
    kept = (frequency >= parameters.min_articles) & (frequency <= most)
    weights = TfidfTransformer(sublinear_tf=True, norm=None).fit_transform(counts).tocsr()
    weights = weights @ sp.diags(kept.astype(np.float64))
    weights.eliminate_zeros()
    return normalize(_strongest_per_row(weights, terms_per_article)).astype(np.float32)


def _strongest_per_row(weights: sp.csr_matrix, most: int) -> sp.csr_matrix:
    rows = np.repeat(np.arange(weights.shape[0]), np.diff(weights.indptr))
    # Sorted by row, then by falling weight, then by column: the rank within the row follows.
    order = np.lexsort((weights.indices, -weights.data, rows))
    rank = np.arange(len(order)) - np.repeat(weights.indptr[:-1], np.diff(weights.indptr))
    chosen = order[rank < most]
    pruned = sp.csr_matrix(
        (weights.data[chosen], (rows[chosen], weights.indices[chosen])), shape=weights.shape
    )
    pruned.sort_indices()
    return pruned


def related_pairs(
    vectors: sp.csr_matrix,
    words: sp.csr_matrix,
    originals: npt.NDArray[np.int32],
    parameters: RelatedParameters,
    jobs: int = 1,
) -> RelatedPairs:
    """Return the nearest articles of every row of `vectors`, diversified, with shared terms.

    `words` explains: shared terms are its columns. `originals`, int32 [n], names each article's original:
    no list holds two articles with the same one, or one with the article's own.
    """
    count = vectors.shape[0]
    articles = np.full((count, parameters.neighbours), NOBODY, dtype=np.uint32)
    similarities = np.zeros((count, parameters.neighbours), dtype=np.float32)
    transposed = vectors.T.tocsr()
    for start in range(0, count, parameters.block_articles):
        block = vectors[start : start + parameters.block_articles]
        best = sp_matmul_topn(
            block, transposed, parameters.candidates + 1, sort=True, n_threads=jobs
        )
        for row in range(block.shape[0]):
            low, high = best.indptr[row], best.indptr[row + 1]
            found, scores = _sorted_candidates(
                best.indices[low:high], best.data[low:high], start + row, originals
            )
            picked = _diversify(vectors[found], scores, parameters)
            articles[start + row, : len(picked)] = found[picked]
            similarities[start + row, : len(picked)] = scores[picked]
    return RelatedPairs(articles, similarities, _shared_terms(words, articles, parameters))


def _sorted_candidates(
    found: npt.NDArray[np.int32],
    scores: npt.NDArray[np.float32],
    self_number: int,
    originals: npt.NDArray[np.int32],
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]:
    usable = (originals[found] != originals[self_number]) & (scores > 0)
    found, scores = found[usable], scores[usable]
    order = np.lexsort((found, -scores))
    _, first = np.unique(originals[found[order]], return_index=True)
    kept = order[np.sort(first)]
    return found[kept], scores[kept]


def _diversify(
    vectors: sp.csr_matrix, scores: npt.NDArray[np.float32], parameters: RelatedParameters
) -> list[int]:
    """Order candidates by maximal marginal relevance (Carbonell and Goldstein 1998).

    argmax (1 - d) sim(candidate, article) - d max sim(candidate, chosen).
    """
    if len(scores) == 0:
        return []
    between = (vectors @ vectors.T).toarray()
    left = np.ones(len(scores), dtype=bool)
    closest = np.zeros(len(scores))
    chosen: list[int] = []
    while left.any() and len(chosen) < parameters.neighbours:
        value = (1 - parameters.diversity) * scores - parameters.diversity * closest
        best = int(np.argmax(np.where(left, value, -np.inf)))
        chosen.append(best)
        left[best] = False
        closest = np.maximum(closest, between[best])
    return chosen


def _shared_terms(
    vectors: sp.csr_matrix, articles: npt.NDArray[np.uint32], parameters: RelatedParameters
) -> npt.NDArray[np.uint32]:
    """Return, for each pair, the columns that contribute most to its similarity."""
    count, neighbours = articles.shape
    shared = np.full((count * neighbours, parameters.shared_terms), NOBODY, dtype=np.uint32)
    left = np.repeat(np.arange(count), neighbours)
    right = articles.ravel()
    real = np.flatnonzero(right != NOBODY)
    for start in range(0, len(real), 65_536):
        pairs = real[start : start + 65_536]
        products = vectors[left[pairs]].multiply(vectors[right[pairs].astype(np.int64)]).tocsr()
        top = _strongest_per_row(products, parameters.shared_terms)
        rows = np.repeat(np.arange(len(pairs)), np.diff(top.indptr))
        order = np.lexsort((top.indices, -top.data, rows))
        position = np.arange(len(order)) - np.repeat(top.indptr[:-1], np.diff(top.indptr))
        shared[pairs[rows], position] = top.indices[order]
    return shared.reshape(count, neighbours, parameters.shared_terms)
