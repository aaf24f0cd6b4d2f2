"""How do weights become the inverted lists that a reader maps?

Invariant: see `engine.index.postings` and `engine.index.segments`; this is their writing half.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import marisa_trie
import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from engine.index.codec import write_array
from engine.index.postings import document_type, quantise
from engine.index.segments import BURSTS_NAME, TERMS_NAME, TITLES_NAME
from engine.index.statistics import BURST_STEPS
from index_builder.term_lists import WeighedTerms

DENSE_SHARE = 1 / 6
"""A term of more than this share of the articles is kept as a row. A row of bytes is as small as a list from
1/3 on and as fast from about 1/12 on; most postings that a query of woshipm meets are those of such terms."""


@dataclass(frozen=True, slots=True)
class WrittenLists:
    """How many lists and postings there are."""

    terms: int
    postings: int


def write_segment(directory: Path, weighed: WeighedTerms) -> WrittenLists:
    """Write the lists of `weighed`, whole and of titles, and the bursts of its terms."""
    trie = marisa_trie.Trie(weighed.terms)
    trie.save(str(directory / f"{TERMS_NAME}.marisa"))
    # The trie numbers terms in an order of its own; lists are stored in that order.
    numbers = np.fromiter(map(trie.__getitem__, weighed.terms), np.int32, len(weighed.terms))
    whole = _by_number(weighed.whole, numbers)
    _write_lists(directory, TERMS_NAME, whole)
    bursts = np.empty(len(numbers), dtype=np.uint8)
    bursts[numbers] = np.rint(weighed.bursts * BURST_STEPS)
    write_array(directory / BURSTS_NAME, bursts)
    titles = _by_number(weighed.titles, numbers)
    titled = np.flatnonzero(np.diff(titles.indptr))
    write_array(directory / f"{TITLES_NAME}.terms.npy", titled.astype(np.uint32))
    _write_lists(directory, TITLES_NAME, titles[:, titled])
    return WrittenLists(len(weighed.terms), int(whole.nnz))


def _by_number(rows: sp.csr_matrix, numbers: npt.NDArray[np.int32]) -> sp.csc_matrix:
    """Return `rows` by columns, column n of which is moved to `numbers`[n]."""
    # Sorted on the way: going to columns takes the rows in their order, whatever a row's own order is.
    renumbered = sp.csr_matrix((rows.data, numbers[rows.indices], rows.indptr), shape=rows.shape)
    return renumbered.tocsc()


def _write_lists(directory: Path, name: str, columns: sp.csc_matrix) -> None:
    """Write `columns` (float32 [articles, lists], each with an entry) as lists and rows."""
    columns.sort_indices()
    articles, lists = columns.shape
    lengths = np.diff(columns.indptr)
    # Every list has an entry, so reduceat sees no empty run.
    peaks = np.maximum.reduceat(columns.data, columns.indptr[:-1]) if lists else columns.data
    # Impacts are shares of the peak as it is stored.
    stored = peaks.astype(np.float16)
    impacts = quantise(columns.data, np.repeat(stored.astype(np.float32), lengths))
    dense_lists = np.flatnonzero(lengths > articles * DENSE_SHARE)
    dense = np.zeros((len(dense_lists), articles), dtype=np.uint8)
    for row, number in enumerate(dense_lists.tolist()):
        start, end = columns.indptr[number], columns.indptr[number + 1]
        dense[row, columns.indices[start:end]] = impacts[start:end]
    in_lists = np.repeat(_without(lengths, dense_lists) > 0, lengths)
    offsets = np.zeros(lists + 1, dtype=np.int64)
    np.cumsum(_without(lengths, dense_lists), out=offsets[1:])
    for part, array in {
        "offsets": offsets.astype(np.uint32 if offsets[-1] < 2**32 else np.uint64),
        "documents": columns.indices[in_lists].astype(document_type(articles)),
        "impacts": impacts[in_lists],
        "peaks": stored,
        "dense": dense,
        "dense_lists": dense_lists.astype(np.uint32),
        "frequencies": lengths[dense_lists].astype(np.uint32),
    }.items():
        write_array(directory / f"{name}.{part}.npy", array)


def _without(
    lengths: npt.NDArray[np.integer], dense_lists: npt.NDArray[np.intp]
) -> npt.NDArray[np.integer]:
    kept = lengths.copy()
    kept[dense_lists] = 0
    return kept
