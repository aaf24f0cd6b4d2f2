"""How do a view's BM25 weights become the inverted lists that a reader maps?

Invariant: see `engine.index.postings`; this is its writing half.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import marisa_trie
import numpy as np
import scipy.sparse as sp

from engine.index.codec import write_array
from engine.index.postings import IMPACT_STEPS


@dataclass(frozen=True, slots=True)
class WrittenView:
    """How many terms and postings a view has."""

    terms: int
    postings: int


def write_view(
    directory: Path, name: str, weights: sp.csr_matrix, terms: Sequence[str]
) -> WrittenView:
    """Write `weights` (float32 [articles, terms]) as the view `name`."""
    used = np.flatnonzero(np.bincount(weights.indices, minlength=weights.shape[1])).tolist()
    trie = marisa_trie.Trie([terms[column] for column in used])
    trie.save(str(directory / f"{name}.terms.marisa"))
    # The trie numbers terms in an order of its own; lists are stored in that order.
    numbers = np.fromiter((trie[terms[column]] for column in used), dtype=np.int64)
    by_number = np.empty(len(used), dtype=np.int64)
    by_number[numbers] = used
    columns = weights.tocsc()[:, by_number]
    columns.sort_indices()
    # Every list has a posting, so reduceat sees no empty run.
    peaks = np.maximum.reduceat(columns.data, columns.indptr[:-1]) if columns.nnz else columns.data
    share = columns.data / np.repeat(peaks, np.diff(columns.indptr))
    impacts = np.clip(np.rint(share * IMPACT_STEPS), 1, IMPACT_STEPS).astype(np.uint8)
    document_type = np.uint16 if weights.shape[0] <= 2**16 else np.uint32
    write_array(directory / f"{name}.offsets.npy", columns.indptr.astype(np.uint64))
    write_array(directory / f"{name}.documents.npy", columns.indices.astype(document_type))
    write_array(directory / f"{name}.impacts.npy", impacts)
    write_array(directory / f"{name}.peaks.npy", peaks.astype(np.float32))
    return WrittenView(len(used), int(columns.nnz))
