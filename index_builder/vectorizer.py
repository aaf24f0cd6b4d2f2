"""How do the chunks' counts become one matrix per view?

Invariant: the columns of the merged matrices follow the ascending order of the terms, whatever the
chunks were, and no cell depends on the order in which chunks came back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from index_builder.token_chunks import FIELDS, ArticleChunk, TermCounts
from index_builder.views import Field, Unit, ViewSpecification


@dataclass(frozen=True, slots=True)
class CorpusCounts:
    """The whole corpus's counts of one unit: terms ascending; per field int32 [articles, terms]."""

    terms: Sequence[str]
    fields: Mapping[Field, sp.csr_matrix]


def merge_chunks(chunks: Sequence[ArticleChunk], unit: Unit) -> CorpusCounts:
    """Stack the chunks' counts of `unit` in the order given."""
    parts = [chunk.counts[unit] for chunk in chunks]
    terms = sorted(set().union(*(part.terms for part in parts)))
    number_of = {term: number for number, term in enumerate(terms)}
    fields = {field: _stack(parts, field, number_of) for field in FIELDS}
    return CorpusCounts(terms, fields)


def _stack(
    parts: Sequence[TermCounts], field: Field, number_of: Mapping[str, int]
) -> sp.csr_matrix:
    matrices = []
    for part in parts:
        columns = np.fromiter((number_of[term] for term in part.terms), dtype=np.int32)
        local = part.fields[field]
        # Both orders ascend, so remapped column indices stay sorted within each row.
        matrices.append(
            sp.csr_matrix(
                (local.data, columns[local.indices], local.indptr),
                shape=(local.shape[0], len(number_of)),
            )
        )
    return sp.vstack(matrices, format="csr")


def view_counts(counts: CorpusCounts, view: ViewSpecification) -> sp.csr_matrix:
    """Return the field-weighted counts of `view`, float32 [articles, terms]."""
    total: sp.csr_matrix | None = None
    for field, weight in view.fields.items():
        part = counts.fields[field].astype(np.float32) * np.float32(weight)
        total = part if total is None else total + part
    if total is None:
        raise ValueError(f"view {view.name!r} has no fields")
    total = total.tocsr()
    total.sort_indices()
    return total
