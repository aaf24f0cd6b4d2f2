"""Which articles hold a term, and how much does it count there?

One *view* of the corpus (words of the whole article, character pairs of the title, ...) is a term
dictionary and, per term, the articles that hold it in ascending order with a precomputed impact:
the complete BM25 contribution of that term to that article (eager scoring, as bm25s does it), so
that a query only adds up.

Invariant: `offsets` never decreases; each list is strictly ascending; an impact is a share of its term's
`peak` in 255 steps, at least 1, so that a posting can always be told from its absence.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import marisa_trie
import numpy as np
import numpy.typing as npt

from engine.errors import ArtifactDamagedError
from engine.index.codec import map_array

IMPACT_STEPS = 255
"""Impacts are quantised to one byte against their own term's peak, which also bounds what a list can add.
One scale for the whole view gave the same nDCG@10 on woshipm (0.727 either way when it was tried)."""


@dataclass(frozen=True, slots=True)
class PostingsView:
    """One view's inverted lists, memory-mapped.

    offsets: uint64 [terms + 1]; documents: uint16 or uint32 [postings]; impacts: uint8 [postings];
    peaks: float32 [terms], the greatest weight in each list, which is worth 255 impact steps;
    terms: term -> number of its list.
    """

    name: str
    terms: marisa_trie.Trie
    offsets: npt.NDArray[np.uint64]
    documents: npt.NDArray[np.unsignedinteger]
    impacts: npt.NDArray[np.uint8]
    peaks: npt.NDArray[np.float32]

    def term_number(self, term: str) -> int | None:
        """Return the number of `term`'s list, or None when no article holds it."""
        number: int | None = self.terms.get(term)
        return number

    def document_frequency(self, number: int) -> int:
        """Return how many articles hold term `number`."""
        return int(self.offsets[number + 1]) - int(self.offsets[number])

    def step(self, number: int) -> float:
        """Return what one impact step of term `number` is worth."""
        return float(self.peaks[number]) / IMPACT_STEPS

    def postings(
        self, number: int
    ) -> tuple[npt.NDArray[np.unsignedinteger], npt.NDArray[np.uint8]]:
        """Return the articles that hold term `number`, ascending, and their impacts."""
        start, end = int(self.offsets[number]), int(self.offsets[number + 1])
        return self.documents[start:end], self.impacts[start:end]


def open_view(directory: Path, name: str) -> PostingsView:
    """Map the view `name` of the artifact in `directory`.

    Raises `ArtifactDamagedError` when its files do not fit together.
    """
    terms = open_trie(directory / f"{name}.terms.marisa")
    offsets = map_array(directory / f"{name}.offsets.npy")
    documents = map_array(directory / f"{name}.documents.npy")
    impacts = map_array(directory / f"{name}.impacts.npy")
    peaks = map_array(directory / f"{name}.peaks.npy")
    if len(offsets) != len(terms) + 1 or len(documents) != len(impacts) or len(peaks) != len(terms):
        raise ArtifactDamagedError(
            f"{name}: {len(terms)} terms, {len(offsets)} offsets, {len(peaks)} peaks, "
            f"{len(documents)} documents and {len(impacts)} impacts do not fit together; rebuild the index"
        )
    return PostingsView(name, terms, offsets, documents, impacts, peaks)


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
