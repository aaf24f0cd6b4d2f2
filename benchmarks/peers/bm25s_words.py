"""bm25s over jieba's words: title and body as one text, Lucene's BM25, scores computed when indexing.

The library has no fields. Two backends: numba, compiled at the first query, and plain numpy.
"""

from __future__ import annotations

import json
from pathlib import Path

import bm25s

from benchmarks.peers.jieba_words import cut, load_words
from benchmarks.peers.protocol import BuildInput, IndexBytes, folder_bytes, words_between_spaces

IDS_NAME = "ids.json"


class _Bm25sWords:
    """What both backends share: the index is the same."""

    reads_words = True
    normalizes = False
    backend = "numpy"

    def build(self, given: BuildInput, folder: Path) -> None:
        """Compute all scores and save them as arrays."""
        retriever = bm25s.BM25(method="lucene", backend=self.backend)
        retriever.index(
            [
                words_between_spaces(document.title_words)
                + words_between_spaces(document.body_words)
                for document in given.documents
            ],
            show_progress=False,
        )
        retriever.save(str(folder), show_progress=False)
        ids = [document.id for document in given.documents]
        (folder / IDS_NAME).write_text(json.dumps(ids), encoding="utf-8")

    def open(self, folder: Path) -> None:
        """Load the arrays and jieba."""
        load_words()
        self._retriever = bm25s.BM25.load(str(folder), load_corpus=False)
        self._retriever.backend = self.backend
        if self.backend == "numba":
            self._retriever.activate_numba_scorer()
        self._ids: list[str] = json.loads((folder / IDS_NAME).read_text(encoding="utf-8"))

    def search(self, text: str, size: int) -> list[str]:
        """Cut, add up the words' columns, take the best."""
        words = [word for word in cut(text) if word in self._retriever.vocab_dict]
        if not words:
            return []
        found, scores = self._retriever.retrieve(
            [words], k=min(size, len(self._ids)), show_progress=False, n_threads=1
        )
        return [
            self._ids[number]
            for number, score in zip(found[0].tolist(), scores[0].tolist(), strict=True)
            if score > 0
        ]

    def index_bytes(self, folder: Path) -> IndexBytes:
        """Return the size of the folder; no texts are stored."""
        return IndexBytes(folder_bytes(folder))


class NumpyWords(_Bm25sWords):
    """The backend that needs nothing but numpy."""


class NumbaWords(_Bm25sWords):
    """The backend that is compiled."""

    backend = "numba"
