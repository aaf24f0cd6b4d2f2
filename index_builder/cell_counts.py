"""How often does each term occur in each text?

By one sort of whole numbers, in which a term and a text share a number. Invariant: columns follow the order
that the caller gives, rows hold them ascending.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

Whole = npt.NDArray[np.uint64]

WIDTH = 64


def count_cells(
    terms: Whole, texts: npt.NDArray[np.int64], rows: int
) -> tuple[Whole, sp.csc_matrix]:
    """Return the distinct `terms`, ascending, and how often each occurs, int32 [rows, distinct].

    `terms` and `texts` run side by side: one entry for each occurrence. A term needs at most 64 bits less
    those of the number of rows.
    Raises `ValueError` where they do not fit.
    """
    bits = np.uint64(max(1, int(rows - 1).bit_length()))
    if len(terms) and int(terms.max()).bit_length() + int(bits) > WIDTH:
        raise ValueError(f"terms up to {terms.max()} and {rows} rows do not fit {WIDTH} bits")
    cells = (terms << bits) | texts.astype(np.uint64)
    cells.sort()
    first = np.flatnonzero(_starts(cells))
    lengths = np.diff(first, append=len(cells))
    cells = cells[first]
    keys = cells >> bits
    bounds = np.flatnonzero(_starts(keys))
    counts = sp.csc_matrix(
        (
            lengths.astype(np.int32),
            (cells & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.int32),
            np.append(bounds, len(keys)),
        ),
        shape=(rows, len(bounds)),
    )
    return keys[bounds], counts


def _starts(ordered: Whole) -> npt.NDArray[np.bool_]:
    starts = np.ones(len(ordered), dtype=bool)
    starts[1:] = ordered[1:] != ordered[:-1]
    return starts


def in_order(counts: sp.csc_matrix, order: npt.NDArray[np.int64]) -> sp.csr_matrix:
    """Return `counts` by rows, with its columns in `order`."""
    return counts[:, order].tocsr()
