"""scikit-learn's own TfidfVectorizer and linear_kernel: what a tutorial would build.

Title and body as one text, sublinear term frequencies, rows of length 1; every query meets every article.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics.pairwise import linear_kernel

from benchmarks.peers.jieba_words import cut, load_words
from benchmarks.peers.protocol import BuildInput, IndexBytes, folder_bytes, words_between_spaces

MATRIX_NAME = "matrix.npz"
WORDS_NAME = "words.json"
IDF_NAME = "idf.npy"
IDS_NAME = "ids.json"


def _vectorizer(vocabulary: dict[str, int] | None = None) -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer=words_between_spaces,
        sublinear_tf=True,
        dtype=np.float32,
        vocabulary=vocabulary,
    )


class SklearnTfidf:
    """A matrix in memory."""

    reads_words = True
    normalizes = False

    def build(self, given: BuildInput, folder: Path) -> None:
        """Fit, transform and save."""
        vectorizer = _vectorizer()
        matrix = vectorizer.fit_transform(
            f"{document.title_words} {document.body_words}".strip() for document in given.documents
        )
        sparse.save_npz(folder / MATRIX_NAME, matrix, compressed=False)
        np.save(folder / IDF_NAME, vectorizer.idf_)
        words = {word: int(column) for word, column in vectorizer.vocabulary_.items()}
        (folder / WORDS_NAME).write_text(json.dumps(words), encoding="utf-8")
        ids = [document.id for document in given.documents]
        (folder / IDS_NAME).write_text(json.dumps(ids), encoding="utf-8")

    def open(self, folder: Path) -> None:
        """Load the matrix and jieba."""
        load_words()
        self._vectorizer = _vectorizer(json.loads((folder / WORDS_NAME).read_text("utf-8")))
        self._vectorizer.idf_ = np.load(folder / IDF_NAME)
        self._matrix = sparse.load_npz(folder / MATRIX_NAME)
        self._ids: list[str] = json.loads((folder / IDS_NAME).read_text("utf-8"))

    def search(self, text: str, size: int) -> list[str]:
        """Multiply the query with the matrix and take the best."""
        query = self._vectorizer.transform([" ".join(cut(text))])
        # In this order, or scipy turns the whole matrix around for every query (eight times slower).
        scores = linear_kernel(self._matrix, query).ravel()
        few = min(size, len(scores))
        best = np.argpartition(-scores, few - 1)[:few]
        ordered = best[np.argsort(-scores[best], kind="stable")]
        return [self._ids[number] for number in ordered.tolist() if scores[number] > 0]

    def index_bytes(self, folder: Path) -> IndexBytes:
        """Return the size of the folder; no texts are stored."""
        return IndexBytes(folder_bytes(folder))
