"""How do the counts of many parts become one matrix per view?

Invariant: the columns of the merged matrices follow the ascending order of the terms that occur, whatever
the parts were, and no cell depends on which part held it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import compress, pairwise

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from index_builder.merged_terms import merge_terms
from index_builder.token_chunks import FIELDS, TermCounts
from index_builder.views import Field, ViewSpecification


@dataclass(frozen=True, slots=True)
class CorpusCounts:
    """The whole corpus's counts of one unit: terms ascending; per field int32 [articles, terms]."""

    terms: Sequence[str]
    fields: Mapping[Field, sp.csr_matrix]


def merge_counts(
    parts: Sequence[TermCounts], rows: npt.NDArray[np.int64] | None = None
) -> CorpusCounts:
    """Stack `parts` in the order given and keep `rows` of the stack (all where None), in their order.

    A term that occurs in none of the kept rows has no column.
    """
    terms, columns = merge_terms([part.terms for part in parts])
    fields = {field: _stack(parts, field, columns, len(terms), rows) for field in FIELDS}
    used = np.zeros(len(terms), dtype=bool)
    for matrix in fields.values():
        used[matrix.indices] = True
    if not used.all():
        new_number = np.cumsum(used, dtype=np.int32) - 1
        terms = list(compress(terms, used.tolist()))
        fields = {
            field: sp.csr_matrix(
                (matrix.data, new_number[matrix.indices], matrix.indptr),
                shape=(matrix.shape[0], len(terms)),
            )
            for field, matrix in fields.items()
        }
    return CorpusCounts(terms, fields)


def _stack(
    parts: Sequence[TermCounts],
    field: Field,
    columns: Sequence[npt.NDArray[np.int32]],
    terms: int,
    rows: npt.NDArray[np.int64] | None,
) -> sp.csr_matrix:
    matrices = [part.fields[field] for part in parts]
    starts = np.concatenate([[0], np.cumsum([matrix.shape[0] for matrix in matrices], dtype=int)])
    kept = np.arange(starts[-1]) if rows is None else rows
    lengths = np.concatenate([np.diff(matrix.indptr) for matrix in matrices]).astype(np.int64)
    bounds = np.zeros(len(kept) + 1, dtype=np.int64)
    np.cumsum(lengths[kept], out=bounds[1:])
    indices = np.empty(bounds[-1], dtype=np.int32)
    data = np.empty(bounds[-1], dtype=np.int32)
    # Rows that follow each other in a part are copied together, and renumbered on the way: a cached corpus
    # with some new articles is a few long runs. Both orders ascend, so columns stay sorted within each row.
    part_of = np.searchsorted(starts, kept, side="right") - 1
    follows = (np.diff(kept) == 1) & (np.diff(part_of) == 0)
    firsts = np.flatnonzero(np.concatenate([[True], ~follows])) if len(kept) else kept
    for first, end in pairwise([*firsts.tolist(), len(kept)]):
        number = int(part_of[first])
        matrix = matrices[number]
        low, high = matrix.indptr[
            [kept[first] - starts[number], kept[end - 1] - starts[number] + 1]
        ]
        target = slice(bounds[first], bounds[end])
        indices[target] = columns[number][matrix.indices[low:high]]
        data[target] = matrix.data[low:high]
    return sp.csr_matrix((data, indices, bounds), shape=(len(kept), terms))


def view_counts(counts: CorpusCounts, view: ViewSpecification) -> sp.csr_matrix:
    """Return the field-weighted counts of `view`, float32 [articles, terms]."""
    parts = []
    for field, weight in view.fields.items():
        part = counts.fields[field]
        data = part.data.astype(np.float32)
        data *= np.float32(weight)
        parts.append(sp.csr_matrix((data, part.indices, part.indptr), shape=part.shape))
    if not parts:
        raise ValueError(f"view {view.name!r} has no fields")
    # The small ones first, so that the large one is gone through once. Whole numbers: any order is exact.
    parts.sort(key=lambda part: part.nnz)
    total = sum(parts[1:], start=parts[0])
    total.sort_indices()
    return total
