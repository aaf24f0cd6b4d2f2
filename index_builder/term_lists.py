"""How do the weights of four views become one space of terms?

Scores are sums, so what views say of the same term in the same article is added up here once instead of in
every query. A word that is a pair of units goes without lists of its own: where the query has it as a word,
its pair counts `WORD_GAIN` times more (docs/relevance.md has the figures). Invariant: every term is there once;
columns of both matrices are those of `terms`; a pair's list holds exactly the articles that have the pair.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from index_builder.bm25 import Bm25Transformer
from index_builder.vectorizer import CorpusCounts, view_counts
from index_builder.views import UNITS, VIEWS, Unit


@dataclass(frozen=True, slots=True)
class WeighedTerms:
    """What each term counts in each article.

    whole, titles: float32 [articles, terms], all views together, and those whose weight grows in short and
    in long queries; bursts: float64 [terms], the share by which a term's coming in bursts adds to its idf;
    mean_lengths: by view name.
    """

    terms: Sequence[str]
    whole: sp.csr_matrix
    titles: sp.csr_matrix
    bursts: npt.NDArray[np.float64]
    mean_lengths: Mapping[str, float]


def weigh_terms(counts: Mapping[Unit, CorpusCounts]) -> WeighedTerms:
    """Weigh `counts` by all of `VIEWS`."""
    pairs = frozenset(counts["bigrams"].terms)
    kept = {
        "words": np.flatnonzero([term not in pairs for term in counts["words"].terms]),
        "bigrams": np.arange(len(pairs)),
    }
    parts = {unit: _weigh_unit(counts[unit], unit, kept[unit]) for unit in UNITS}
    words = [counts["words"].terms[column] for column in kept["words"].tolist()]
    terms = {"words": words, "bigrams": counts["bigrams"].terms}
    return WeighedTerms(
        terms=[term for unit in UNITS for term in terms[unit]],
        whole=sp.hstack([parts[unit].whole for unit in UNITS], format="csr"),
        titles=sp.hstack([parts[unit].titles for unit in UNITS], format="csr"),
        bursts=np.concatenate([parts[unit].bursts for unit in UNITS]),
        mean_lengths={
            name: length for part in parts.values() for name, length in part.mean_lengths.items()
        },
    )


@dataclass(frozen=True, slots=True)
class _WeighedUnit:
    whole: sp.csr_matrix
    titles: sp.csr_matrix
    bursts: npt.NDArray[np.float64]
    mean_lengths: Mapping[str, float]


def _weigh_unit(counts: CorpusCounts, unit: Unit, columns: npt.NDArray[np.intp]) -> _WeighedUnit:
    shape = (counts.fields["body"].shape[0], len(columns))
    titles = sp.csr_matrix(shape, dtype=np.float32)
    bursts = np.zeros(len(columns))
    mean_lengths = {}
    views = []
    for view in VIEWS:
        if view.unit == unit:
            bm25 = Bm25Transformer(view.k1, view.b, view.burst_cap)
            weights = _columns(bm25.fit_transform(view_counts(counts, view)), columns)
            weights.data *= np.float32(view.weight)
            views.append(weights)
            if view.long_query_gain:
                titles = titles + weights
            if view.burst_cap:
                bursts = bm25.burst_[columns]
            mean_lengths[view.name] = bm25.mean_length_
    return _WeighedUnit(sum(views[1:], start=views[0]), titles, bursts, mean_lengths)


def _columns(matrix: sp.csr_matrix, kept: npt.NDArray[np.intp]) -> sp.csr_matrix:
    """Return the columns `kept`, which ascend, of `matrix`; the matrix itself when those are all."""
    return matrix if len(kept) == matrix.shape[1] else matrix[:, kept]
