"""Which articles hold a term, and how much does it count there?

Inverted lists: per term the articles that hold it in ascending order, each with a precomputed impact: the
complete contribution of that term to that article's score (eager scoring, as bm25s does it), so that a query
only adds up. What a good part of the articles hold is kept as a row of impacts, one byte for every article:
smaller than a list from a third of the articles on, and several times faster to add up from a tenth on.

Invariant: each list is strictly ascending; an impact is a share of its term's `peak` in 255 steps, at least 1
where the article holds the term, so that a posting can always be told from its absence; a list has entries
either of its own or in a row, never both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import marisa_trie
import numpy as np
import numpy.typing as npt

from engine.errors import ArtifactDamagedError
from engine.folder import Folder
from engine.index.array_parts import ArrayParts

IMPACT_STEPS = 255
"""Impacts are quantised to one byte against their own term's peak, which also bounds what a list can add.
One scale for the whole view gave the same nDCG@10 on woshipm (0.727 either way when it was tried)."""

Documents = npt.NDArray[np.unsignedinteger]


@dataclass(frozen=True, slots=True)
class PostingsLists:
    """Inverted lists by number, mapped or in memory.

    offsets: unsigned [lists + 1], and `bounds`, the same as Python's numbers; documents: uint16 or uint32
    [postings]; impacts: uint8 [postings]; peaks: float16 [lists] where they are mapped, the greatest weight
    in each list, which is worth 255 impact steps; rows: list number -> its row in `dense`, uint8 [rows,
    articles]; frequencies: articles in each row.
    """

    offsets: npt.NDArray[np.unsignedinteger]
    bounds: memoryview[int]
    documents: Documents
    impacts: npt.NDArray[np.uint8]
    peaks: npt.NDArray[np.floating]
    rows: Mapping[int, int]
    dense: npt.NDArray[np.uint8]
    frequencies: Sequence[int]

    def __len__(self) -> int:
        """Return how many lists there are."""
        return len(self.peaks)

    def spans(self, numbers: Sequence[int]) -> tuple[list[int], list[int], list[float]]:
        """Return where each of the lists `numbers` starts and ends, equal for a row, and its peak.

        All at once, so that the processor waits for their places in memory together.
        """
        at = np.array(numbers, dtype=np.intp)
        offsets = self.offsets
        return offsets[at].tolist(), offsets[at + 1].tolist(), self.peaks[at].tolist()

    def document_frequency(self, number: int) -> int:
        """Return how many articles list `number` has."""
        length = self.bounds[number + 1] - self.bounds[number]
        return length or self.frequencies[self.rows[number]]

    def document_frequencies(self, numbers: npt.NDArray[np.integer]) -> npt.NDArray[np.int64]:
        """Return how many articles each of the lists `numbers` has."""
        offsets = self.offsets
        lengths: npt.NDArray[np.int64] = np.subtract(
            offsets[numbers + 1], offsets[numbers], dtype=np.int64
        )
        for place in np.flatnonzero(lengths == 0).tolist():
            lengths[place] = self.frequencies[self.rows[int(numbers[place])]]
        return lengths

    def step(self, number: int) -> float:
        """Return what one impact step of list `number` is worth."""
        return float(self.peaks[number]) / IMPACT_STEPS

    def documents_of(self, number: int) -> Documents:
        """Return the articles in list `number`, ascending."""
        start, end = self.bounds[number], self.bounds[number + 1]
        if start < end:
            return self.documents[start:end]
        return np.flatnonzero(self.dense[self.rows[number]]).astype(self.documents.dtype)

    def postings(self, number: int) -> tuple[Documents, npt.NDArray[np.uint8]]:
        """Return the articles in list `number`, ascending, and their impacts."""
        start, end = self.bounds[number], self.bounds[number + 1]
        if start < end:
            return self.documents[start:end], self.impacts[start:end]
        row = self.dense[self.rows[number]]
        documents = np.flatnonzero(row)
        return documents.astype(self.documents.dtype), row[documents]

    def are_in(self, number: int, candidates: Documents) -> npt.NDArray[np.bool_]:
        """Tell for each of `candidates`, of the type of `documents`, whether it is in list `number`."""
        start, end = self.bounds[number], self.bounds[number + 1]
        if start == end:
            held: npt.NDArray[np.bool_] = self.dense[self.rows[number]].take(candidates) > 0
            return held
        # Looking the shorter list up in the longer one touches only what can matter.
        documents = self.documents[start:end]
        places = documents.searchsorted(candidates)
        found: npt.NDArray[np.bool_] = documents.take(places, mode="clip") == candidates
        return found

    def mask(self, number: int, articles: int) -> npt.NDArray[np.bool_]:
        """Return which of so many `articles` are in list `number`, bool [articles]."""
        start, end = self.bounds[number], self.bounds[number + 1]
        if start == end:
            in_row: npt.NDArray[np.bool_] = self.dense[self.rows[number]] > 0
            return in_row
        held = np.zeros(articles, dtype=bool)
        held[self.documents[start:end]] = True
        return held

    def impact(self, number: int, article: int) -> int:
        """Return the impact of list `number` in `article`, 0 where it is not in the list."""
        start, end = self.bounds[number], self.bounds[number + 1]
        if start == end:
            return int(self.dense[self.rows[number], article])
        place = start + int(self.documents[start:end].searchsorted(article))
        return int(self.impacts[place]) if place < end and self.documents[place] == article else 0


def quantise(
    weights: npt.NDArray[np.floating], peaks: npt.NDArray[np.floating] | float
) -> npt.NDArray[np.uint8]:
    """Return `weights` as impacts, uint8: shares of the `peaks` of their lists, same shape."""
    steps = weights / peaks
    steps *= IMPACT_STEPS
    np.clip(np.rint(steps, out=steps), 1, IMPACT_STEPS, out=steps)
    impacts: npt.NDArray[np.uint8] = steps.astype(np.uint8)
    return impacts


def lists_of(
    list_numbers: npt.NDArray[np.int64],
    numbers: npt.NDArray[np.int64],
    weights: npt.NDArray[np.float64],
    lists: int,
    articles: int,
) -> PostingsLists:
    """Return `lists` lists in memory, none of them empty, from their entries in any order.

    Each entry: the number of its list, of its article < `articles`, and its weight > 0.
    """
    order = np.lexsort((numbers, list_numbers))
    weights = weights[order]
    lengths = np.bincount(list_numbers, minlength=lists)
    starts = np.concatenate([[0], np.cumsum(lengths)])
    peaks = np.maximum.reduceat(weights, starts[:-1]) if lists else np.empty(0)
    return PostingsLists(
        offsets=(offsets := starts.astype(np.uint32)),
        bounds=offsets.data,
        documents=numbers[order].astype(document_type(articles)),
        impacts=quantise(weights, np.repeat(peaks, lengths)),
        peaks=peaks.astype(np.float32),
        rows={},
        dense=np.empty((0, articles), dtype=np.uint8),
        frequencies=(),
    )


def document_type(articles: int) -> type[np.uint16 | np.uint32]:
    """Return the smallest type that numbers so many articles."""
    return np.uint16 if articles <= 2**16 else np.uint32


def open_lists(directory: Folder, name: str) -> PostingsLists:
    """Map the lists `name` of the artifact in `directory`; what is still arriving, `arriving_lists` brings.

    Raises `ArtifactDamagedError` when their files do not fit together.
    """
    parts = {
        part: ArrayParts(directory, f"{name}.{part}.npy")
        for part in (
            "offsets",
            "documents",
            "impacts",
            "peaks",
            "dense",
            "dense_lists",
            "frequencies",
        )
    }
    offsets, documents, impacts, peaks, dense, dense_lists, frequencies = (
        part.array for part in parts.values()
    )
    if (
        len(offsets) != len(peaks) + 1
        or len(documents) != len(impacts)
        or int(offsets[-1]) != len(documents)
        or dense.ndim != 2
        or not len(dense) == len(dense_lists) == len(frequencies)
    ):
        raise ArtifactDamagedError(
            f"{name}: {len(offsets)} offsets, {len(peaks)} peaks, {len(documents)} documents, "
            f"{len(impacts)} impacts, {len(dense)} rows for {len(dense_lists)} lists and "
            f"{len(frequencies)} frequencies do not fit together; rebuild the index"
        )
    # These two are read whole, here.
    for part in (parts["dense_lists"], parts["frequencies"]):
        part.need(0, len(part.array))
    rows = {number: row for row, number in enumerate(dense_lists.tolist())}
    return PostingsLists(
        offsets, offsets.data, documents, impacts, peaks, rows, dense, frequencies.tolist()
    )


def open_trie(path: Path) -> marisa_trie.Trie:
    """Map the trie at `path`.

    Raises `ArtifactDamagedError` when it is missing or no marisa trie.
    """
    if not path.is_file():
        raise ArtifactDamagedError(f"{path.name}: the file is missing; rebuild the index")
    try:
        return marisa_trie.Trie().mmap(str(path))
    except (RuntimeError, ValueError, OSError) as error:
        raise ArtifactDamagedError(f"{path.name}: not a readable trie ({error})") from error
