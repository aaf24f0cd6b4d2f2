"""How much does a term count in an article?

BM25 in the shape of a scikit-learn transformer. Invariant: the matrix keeps its sparsity pattern; every
stored value becomes the complete contribution of that term to that article, so scoring is addition.
"""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import scipy.sparse as sp
from sklearn.base import BaseEstimator, TransformerMixin


class Bm25Transformer(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Turn (field-weighted) term counts into BM25 weights.

    Lucene's form: ln(1 + (N - df + .5) / (df + .5)) * tf / (tf + k1 (1 - b + b dl / avgdl)), as in
    Kamphuis et al. 2020, "Which BM25 do you mean?". With counts that were summed over weighted
    fields this is BM25F (Robertson, Zaragoza, Taylor 2004).
    """

    def __init__(self, k1: float = 1.2, b: float = 0.75) -> None:
        self.k1 = k1
        self.b = b

    def fit(self, counts: sp.csr_matrix, y: Any = None) -> Self:  # noqa: ARG002 - sklearn's signature
        """Learn idf, float64 [terms], and the mean article length."""
        documents, terms = counts.shape
        frequency = np.bincount(counts.indices, minlength=terms)
        self.idf_ = np.log1p((documents - frequency + 0.5) / (frequency + 0.5))
        lengths = np.asarray(counts.sum(axis=1)).ravel()
        self.mean_length_ = float(lengths.mean()) if documents else 0.0
        return self

    def transform(self, counts: sp.csr_matrix) -> sp.csr_matrix:
        """Return the weights, float32, same pattern as `counts`."""
        lengths = np.asarray(counts.sum(axis=1)).ravel()
        relative = lengths / self.mean_length_ if self.mean_length_ else lengths
        saturation = self.k1 * (1.0 - self.b + self.b * relative)
        rows = np.repeat(saturation, np.diff(counts.indptr))
        tf = counts.data.astype(np.float64)
        weights = self.idf_[counts.indices] * tf / (tf + rows)
        return sp.csr_matrix(
            (weights.astype(np.float32), counts.indices, counts.indptr), shape=counts.shape
        )
