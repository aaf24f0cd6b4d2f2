"""Which pairs of articles are worth an exact look?

The nearest by the strongest few terms, found by blocked sparse products. Invariant: cost grows with the
postings of rare terms, not with the square of the corpus; memory is bounded by the block.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from sparse_dot_topn import sp_matmul_topn

from index_builder.pair_similarities import pair_similarities
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
    by_text = strongest_terms(vectors.texts, parameters.text_terms)
    by_title = strongest_terms(vectors.titles, parameters.title_terms)
    size = parameters.block_articles
    articles = _united(
        [
            _nearest(by_text, parameters.text_candidates + 1, size, jobs),
            _nearest(by_title, parameters.title_candidates + 1, size, jobs),
        ],
        parameters.text_candidates + parameters.title_candidates,
    )
    return Candidates(
        articles,
        pair_similarities(vectors.texts, articles),
        pair_similarities(vectors.titles, articles),
    )


def _nearest(vectors: sp.csr_matrix, most: int, size: int, jobs: int) -> npt.NDArray[np.int32]:
    """Return the `most` nearest of each row, int32 [n, most], padded by `NOBODY`."""
    transposed = vectors.T.tocsr()
    nearest = np.full((vectors.shape[0], most), NOBODY, dtype=np.int32)
    for start in range(0, vectors.shape[0], size):
        best = sp_matmul_topn(vectors[start : start + size], transposed, most, n_threads=jobs)
        found = np.arange(most) < np.diff(best.indptr)[:, None]
        nearest[start : start + size][found] = best.indices
    return nearest


def _united(lists: Sequence[npt.NDArray[np.int32]], most: int) -> npt.NDArray[np.int32]:
    """Return what stands in row n of any of `lists` but n itself, ascending, int32 [n, most]."""
    united = np.concatenate(lists, axis=1)
    last = np.int32(len(united))
    united[(united == NOBODY) | (united == np.arange(len(united))[:, None])] = last
    united.sort(axis=1)
    united[:, 1:][united[:, 1:] == united[:, :-1]] = last
    united.sort(axis=1)
    # More than fit only where an article is not among its own nearest, as when it has no terms.
    united = united[:, :most]
    united[united == last] = NOBODY
    return united
