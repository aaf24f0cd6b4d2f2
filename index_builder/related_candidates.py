"""Which pairs of articles are worth an exact look?

The nearest by the strongest few terms, found by blocked sparse products. Invariant: cost grows with the
postings of rare terms, not with the square of the corpus; memory is bounded by the block.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from sparse_dot_topn import sp_matmul_topn

from index_builder.related_parameters import RelatedParameters
from index_builder.related_vectors import RelatedVectors, strongest_terms

NOBODY = -1
"""Pads the candidates of an article that has fewer than others."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Row n: articles to be looked at beside article n, ascending, without n itself.

    articles: int32 [n, k], padded by `NOBODY`; texts and titles: their exact similarities, float32 [n, k].
    """

    articles: npt.NDArray[np.int32]
    texts: npt.NDArray[np.float32]
    titles: npt.NDArray[np.float32]


def related_candidates(
    vectors: RelatedVectors, parameters: RelatedParameters, jobs: int
) -> Candidates:
    """Return the nearest by texts and the nearest by titles of every article, in one list each."""
    count = vectors.texts.shape[0]
    most = parameters.text_candidates + parameters.title_candidates
    articles = np.full((count, most), NOBODY, dtype=np.int32)
    texts = np.zeros((count, most), dtype=np.float32)
    titles = np.zeros((count, most), dtype=np.float32)
    by_text = strongest_terms(vectors.texts, parameters.text_terms)
    by_title = strongest_terms(vectors.titles, parameters.title_terms)
    size = parameters.block_articles
    near_texts = _nearest(by_text, parameters.text_candidates + 1, size, jobs)
    near_titles = _nearest(by_title, parameters.title_candidates + 1, size, jobs)
    text_row = np.zeros(vectors.texts.shape[1], dtype=np.float32)
    title_row = np.zeros(vectors.titles.shape[1], dtype=np.float32)
    for number, (one, other) in enumerate(zip(near_texts, near_titles, strict=True)):
        found = np.union1d(one[one != number], other[other != number])
        # More than fit only where an article is not among its own nearest, as when it has no terms.
        found = found[:most]
        articles[number, : len(found)] = found
        texts[number, : len(found)] = _products(vectors.texts, number, found, text_row)
        titles[number, : len(found)] = _products(vectors.titles, number, found, title_row)
    return Candidates(articles, texts, titles)


def _nearest(
    vectors: sp.csr_matrix, most: int, size: int, jobs: int
) -> Iterator[npt.NDArray[np.int32]]:
    """Yield the columns of the `most` nearest of each row."""
    transposed = vectors.T.tocsr()
    for start in range(0, vectors.shape[0], size):
        best = sp_matmul_topn(vectors[start : start + size], transposed, most, n_threads=jobs)
        for low, high in zip(best.indptr[:-1].tolist(), best.indptr[1:].tolist(), strict=True):
            yield best.indices[low:high]


def _products(
    vectors: sp.csr_matrix,
    number: int,
    others: npt.NDArray[np.int32],
    dense: npt.NDArray[np.float32],
) -> npt.NDArray[np.float32]:
    """Return row `number` times each of the rows `others`; `dense` is all zeros, before and after."""
    low, high = vectors.indptr[number], vectors.indptr[number + 1]
    columns = vectors.indices[low:high]
    dense[columns] = vectors.data[low:high]
    products: npt.NDArray[np.float32] = vectors[others] @ dense
    dense[columns] = 0.0
    return products
