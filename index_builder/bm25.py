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

    `burst_cap` above 0 multiplies a term's idf by 1 + min(cap, max(0, ln((cf + 1) / (df + .5)))), where cf
    is how often it occurs in all: a word that comes in bursts says what an article is about, one that is
    spread thinly does not (Church and Gale 1995, "Inverse document frequency: a measure of deviations
    from Poisson").
    """

    def __init__(self, k1: float = 1.2, b: float = 0.75, burst_cap: float = 0.0) -> None:
        self.k1 = k1
        self.b = b
        self.burst_cap = burst_cap

    def fit(self, counts: sp.csr_matrix, y: Any = None) -> Self:  # noqa: ARG002 - sklearn's signature
        """Learn the weight and burst of each term, float64 [terms], and the mean article length."""
        documents, terms = counts.shape
        frequency = np.bincount(counts.indices, minlength=terms)
        self.idf_ = np.log1p((documents - frequency + 0.5) / (frequency + 0.5))
        self.burst_ = np.zeros(terms)
        if self.burst_cap:
            occurrences = np.asarray(counts.sum(axis=0)).ravel()
            burst = np.log((occurrences + 1.0) / (frequency + 0.5))
            self.burst_ = np.clip(burst, 0.0, self.burst_cap)
            self.idf_ = self.idf_ * (1.0 + self.burst_)
        lengths = np.asarray(counts.sum(axis=1)).ravel()
        self.mean_length_ = float(lengths.mean()) if documents else 0.0
        return self

    def transform(self, counts: sp.csr_matrix) -> sp.csr_matrix:
        """Return the weights, float32, same pattern as `counts`."""
        lengths = np.asarray(counts.sum(axis=1)).ravel()
        relative = lengths / self.mean_length_ if self.mean_length_ else lengths
        saturation = self.k1 * (1.0 - self.b + self.b * relative)
        # In single precision and in place: millions of weights that are stored in a byte each.
        weights = counts.data.astype(np.float32)
        halves = np.repeat(saturation.astype(np.float32), np.diff(counts.indptr))
        halves += weights
        weights /= halves
        weights *= self.idf_.astype(np.float32)[counts.indices]
        return sp.csr_matrix((weights, counts.indices, counts.indptr), shape=counts.shape)
