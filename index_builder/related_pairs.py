"""Which articles belong beside article n?

The best of its candidates by `related_scores`, diversified. Invariant: no list holds the article itself,
a near-duplicate of it, or two near-duplicates; equal input gives equal lists whatever the number of jobs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from engine.index.neighbours import NOBODY as NO_NEIGHBOUR
from index_builder.related_candidates import NOBODY, related_candidates
from index_builder.related_diversity import diversify
from index_builder.related_parameters import RelatedParameters
from index_builder.related_scores import Scores, related_scores
from index_builder.related_vectors import RelatedVectors

SKETCH_COLUMNS = 256
"""Candidates are told apart by sketches of this many numbers; the error is 1 / 16 of a similarity."""


_LOOKED_AT = 64
"""Articles whose candidates are told apart at a time: their sketches stay in the processor's cache."""


@dataclass(frozen=True, slots=True)
class RelatedPairs:
    """articles: uint32 [n, k]; similarities: float32 [n, k]; shared_terms: uint32 [n, k, t] columns."""

    articles: npt.NDArray[np.uint32]
    similarities: npt.NDArray[np.float32]
    shared_terms: npt.NDArray[np.uint32]


def related_pairs(
    vectors: RelatedVectors,
    originals: npt.NDArray[np.int32],
    categories: npt.NDArray[np.int32],
    parameters: RelatedParameters,
    jobs: int = 1,
) -> RelatedPairs:
    """Return the related articles of every article, with shared terms, which are columns of words.

    `originals`, int32 [n], names each article's original: no list holds two articles with the same one,
    or one with the article's own. `categories`: int32 [n], below 0 where there is none.
    """
    candidates = related_candidates(vectors, parameters, jobs)
    scores = related_scores(candidates, categories, parameters)
    sketches = _sketches(vectors.texts)
    count = len(originals)
    articles = np.full((count, parameters.neighbours), NO_NEIGHBOUR, dtype=np.uint32)
    similarities = np.zeros((count, parameters.neighbours), dtype=np.float32)
    for start in range(0, count, _LOOKED_AT):
        rows = slice(start, start + _LOOKED_AT)
        found = candidates.articles[rows]
        usable = _without_repeats(found, scores[rows], originals, originals[rows])
        looks = sketches[found]
        order = diversify(
            usable, looks @ looks.transpose(0, 2, 1), parameters.diversity, parameters.neighbours
        )
        picked = order >= 0
        articles[rows][picked] = np.take_along_axis(found, order, 1)[picked]
        similarities[rows][picked] = np.take_along_axis(candidates.texts[rows], order, 1)[picked]
    return RelatedPairs(
        articles, np.minimum(similarities, 1.0), _shared_terms(vectors.words, articles, parameters)
    )


def _without_repeats(
    found: npt.NDArray[np.int32],
    scores: Scores,
    originals: npt.NDArray[np.int32],
    own: npt.NDArray[np.int32],
) -> Scores:
    """Return the scores with -inf for what repeats the article or a better candidate."""
    group = originals[found]
    by_score = np.argsort(-scores, axis=1, kind="stable")
    ranked = np.take_along_axis(group, by_score, 1)
    # Stable: of equal groups the best scored one stays first.
    by_group = np.argsort(ranked, axis=1, kind="stable")
    ordered = np.take_along_axis(ranked, by_group, 1)
    repeats = np.zeros_like(found, dtype=bool)
    repeats[:, 1:] = ordered[:, 1:] == ordered[:, :-1]
    places = np.take_along_axis(by_score, by_group, 1)
    repeated = np.empty_like(repeats)
    np.put_along_axis(repeated, places, repeats, 1)
    unusable = repeated | (group == own[:, None]) | (found == NOBODY) | (scores <= 0)
    return np.where(unusable, np.float32(-np.inf), scores)


def _sketches(vectors: sp.csr_matrix) -> npt.NDArray[np.float32]:
    """Return a short dense stand-in for each row, whose products are about the same.

    Count sketch (Charikar, Chen, Farach-Colton 2002): every column is added to or taken from one of
    `SKETCH_COLUMNS` sums.
    """
    # A fixed seed: equal input gives equal bytes.
    draw = np.random.default_rng(20260101)
    columns = vectors.shape[1]
    sums = draw.integers(0, SKETCH_COLUMNS, columns, dtype=np.int32)
    signs = draw.choice(np.array([-1, 1], dtype=np.float32), columns)
    sketch = sp.csr_matrix(
        (vectors.data * signs[vectors.indices], sums[vectors.indices], vectors.indptr),
        shape=(vectors.shape[0], SKETCH_COLUMNS),
    )
    dense: npt.NDArray[np.float32] = sketch.toarray()  # sums what meets in one cell
    return dense


def _shared_terms(
    words: sp.csr_matrix, articles: npt.NDArray[np.uint32], parameters: RelatedParameters
) -> npt.NDArray[np.uint32]:
    """Return, for each pair, the words that contribute most to its similarity, strongest first."""
    columns, weights = _padded(words)
    count, neighbours = articles.shape
    wanted = parameters.shared_terms
    shared = np.full((count, neighbours, wanted), NO_NEIGHBOUR, dtype=np.uint32)
    dense = np.zeros(words.shape[1] + 1, dtype=np.float32)
    for number in range(count):
        others = articles[number]
        others = others[others != NO_NEIGHBOUR]
        if not len(others):
            continue
        dense[columns[number]] = weights[number]
        theirs = columns[others]
        products = dense[theirs] * weights[others]
        dense[columns[number]] = 0.0
        rows = np.arange(len(others))
        # The best of all, three times: cheaper than sorting, and of equal ones the first as well.
        for place in range(wanted):
            best = products.argmax(axis=1)
            real = products[rows, best] > 0
            shared[number, rows[real], place] = theirs[rows, best][real]
            products[rows, best] = 0.0
    return shared


def _padded(
    vectors: sp.csr_matrix,
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]:
    """Return columns and weights of the rows, [n, longest] each, padded by a column of no weight."""
    lengths = np.diff(vectors.indptr)
    place = np.arange(lengths.max(initial=1)) < lengths[:, None]
    columns = np.full(place.shape, vectors.shape[1], dtype=np.int32)
    weights = np.zeros(place.shape, dtype=np.float32)
    columns[place] = vectors.indices
    weights[place] = vectors.data
    return columns, weights
