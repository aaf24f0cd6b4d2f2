"""As which vectors are articles compared?

TF-IDF with scikit-learn's smooth idf and a saturated term frequency. Invariant: rows have length 1 or 0;
no column depends on anything but the counts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from sklearn.preprocessing import normalize

from index_builder.related_parameters import RelatedParameters


@dataclass(frozen=True, slots=True)
class RelatedVectors:
    """texts, titles, words: float32 rows of length 1; words holds the strongest of each article alone.

    A product of two rows of `texts` is the cosine of their words, times the share of words, plus the
    cosine of their pairs of units, times the rest.
    """

    texts: sp.csr_matrix
    titles: sp.csr_matrix
    words: sp.csr_matrix


def related_vectors(
    words: sp.csr_matrix,
    bigrams: sp.csr_matrix,
    titles: sp.csr_matrix,
    parameters: RelatedParameters,
) -> RelatedVectors:
    """Return the vectors of field-weighted counts: words, pairs of units, and pairs of titles alone.

    Pairs of units carry what the dictionary cuts badly, titles what an article is about.
    """
    share = parameters.word_share
    word_part = _word_tfidf(words, parameters)
    bigram_part = _tfidf(bigrams, parameters, idf_power=parameters.bigram_idf_power)
    strongest = strongest_terms(word_part, parameters.text_terms)
    word_part.data *= np.float32(share**0.5)
    bigram_part.data *= np.float32((1 - share) ** 0.5)
    texts = sp.hstack([word_part, bigram_part], format="csr")
    return RelatedVectors(texts, _tfidf(titles, parameters), strongest)


def strongest_words(words: sp.csr_matrix, parameters: RelatedParameters) -> sp.csr_matrix:
    """Return `RelatedVectors.words` alone."""
    return strongest_terms(_word_tfidf(words, parameters), parameters.text_terms)


def _word_tfidf(words: sp.csr_matrix, parameters: RelatedParameters) -> sp.csr_matrix:
    return _tfidf(words, parameters, burst_cap=parameters.word_burst_cap)


def _tfidf(
    counts: sp.csr_matrix,
    parameters: RelatedParameters,
    *,
    burst_cap: float = 0.0,
    idf_power: float = 1.0,
) -> sp.csr_matrix:
    documents, terms = counts.shape
    frequency = np.bincount(counts.indices, minlength=terms)
    most = max(parameters.max_share_of_articles * documents, 5.0)
    kept = (frequency >= parameters.min_articles) & (frequency <= most)
    weights = (np.log((1 + documents) / (1 + frequency)) + 1) ** idf_power
    if burst_cap:
        occurrences = np.bincount(counts.indices, weights=counts.data, minlength=terms)
        burst = np.log((occurrences + 1.0) / (frequency + 0.5))
        weights = weights * (1.0 + np.clip(burst, 0.0, burst_cap))
    chosen = kept[counts.indices]
    before = np.zeros(counts.nnz + 1, dtype=counts.indptr.dtype)
    np.cumsum(chosen, out=before[1:])
    bounds = before[counts.indptr]
    columns = counts.indices[chosen]
    # In place: these are by far the largest arrays of a build.
    data = counts.data[chosen].astype(np.float32, copy=False)
    halves = np.repeat(_half_saturation(counts, parameters), np.diff(bounds))
    halves += data
    data /= halves
    data *= weights.astype(np.float32)[columns]
    return normalize(sp.csr_matrix((data, columns, bounds), shape=counts.shape), copy=False)


def _half_saturation(
    counts: sp.csr_matrix, parameters: RelatedParameters
) -> npt.NDArray[np.float32]:
    """Return k1 (1 - b + b length / mean length) of each row: the h of tf / (tf + h).

    It is BM25's answer to sublinear tf.
    """
    lengths = np.asarray(counts.sum(axis=1), dtype=np.float64).ravel()
    relative = lengths / max(float(lengths.mean()), 1e-9)
    share = parameters.length_share
    halves: npt.NDArray[np.float32] = (
        parameters.saturation * (1 - share + share * relative)
    ).astype(np.float32)
    return halves


def strongest_terms(vectors: sp.csr_matrix, most: int) -> sp.csr_matrix:
    """Return the rows of `vectors` cut to their `most` strongest entries, of length 1 again."""
    chosen = []
    lengths = np.diff(vectors.indptr)
    for start, length in zip(vectors.indptr[:-1].tolist(), lengths.tolist(), strict=True):
        if length <= most:
            chosen.append(np.arange(start, start + length))
        else:
            row = vectors.data[start : start + length]
            chosen.append(start + np.sort(np.argpartition(row, length - most)[length - most :]))
    places = np.concatenate(chosen) if chosen else np.empty(0, dtype=np.int64)
    bounds = np.concatenate([[0], np.cumsum(np.minimum(lengths, most))])
    return normalize(
        sp.csr_matrix((vectors.data[places], vectors.indices[places], bounds), shape=vectors.shape),
        copy=False,
    )
