"""What does an engine have to do to be compared?

Build from the same documents into an empty folder, open that folder in another process, and answer a query
string with article ids. Invariant: whatever an engine needs besides the text that a reader typed (cutting it
into words, quoting it) happens inside `search`, so it is inside the time that is measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Document:
    """An article as peers get it: normalised text, and its words with a space between them."""

    id: str
    title: str
    body: str
    title_words: str
    body_words: str


@dataclass(frozen=True, slots=True)
class BuildInput:
    """What there is to index: the articles as they are in `source` (JSON lines), and cut in `documents`."""

    source: Path
    documents: Sequence[Document]


@dataclass(frozen=True, slots=True)
class IndexBytes:
    """What an index takes on disk: what searching reads, stored texts, and what serves other purposes."""

    search: int
    texts: int = 0
    other: int = 0


class Peer(Protocol):
    """A search engine. A new object is made for building and, in another process, for asking."""

    reads_words: bool
    """Whether it indexes jieba's words, so that cutting the corpus is part of its building."""

    normalizes: bool
    """Whether it takes queries as they are typed; the others get them normalised, at no cost to them."""

    def build(self, given: BuildInput, folder: Path) -> float | None:
        """Index `given` into the empty `folder`.

        Return how many of the seconds went into cutting text, None where the harness did that.
        """
        ...

    def open(self, folder: Path) -> None:
        """Get ready to answer from what `build` left in `folder`."""
        ...

    def search(self, text: str, size: int) -> list[str]:
        """Return the ids of the best `size` articles for `text`, best first."""
        ...

    def index_bytes(self, folder: Path) -> IndexBytes:
        """Return what the index in `folder` takes."""
        ...


@dataclass(frozen=True, slots=True)
class Entry:
    """An engine in the table: how it is called there, and where its class is.

    index: whose index it answers from, where that is not its own; requires: what pip has to have installed;
    judged: whether its answers are for the judgements (one that folds near-duplicates away answers otherwise).
    """

    title: str
    target: str
    requires: str | None = None
    index: str | None = None
    judged: bool = True


PEERS = {
    "wenmai": Entry("Wenmai", "wenmai_engine:WenmaiEngine"),
    "wenmai-handler": Entry(
        "Wenmai, event in, response out",
        "wenmai_handler:WenmaiHandler",
        index="wenmai",
        judged=False,
    ),
    "tantivy": Entry("tantivy, words", "tantivy_words:TantivyWords", "tantivy"),
    "bm25s-numba": Entry("bm25s numba, words", "bm25s_words:NumbaWords", "bm25s"),
    "bm25s-numpy": Entry("bm25s numpy, words", "bm25s_words:NumpyWords", "bm25s"),
    "fts5-trigram": Entry("SQLite FTS5, trigrams", "sqlite_trigrams:SqliteTrigrams"),
    "fts5-words": Entry("SQLite FTS5, words", "sqlite_words:SqliteWords"),
    "sklearn": Entry("scikit-learn TF-IDF, words", "sklearn_tfidf:SklearnTfidf", "sklearn"),
    "whoosh": Entry("Whoosh-Reloaded, words", "whoosh_words:WhooshWords", "whoosh"),
}
"""All engines, in the order of the table."""


def make_peer(name: str) -> Peer:
    """Return a new peer; only its own libraries are imported."""
    module, _, class_name = PEERS[name].target.partition(":")
    peer: Peer = getattr(import_module(f"benchmarks.peers.{module}"), class_name)()
    return peer


def folder_bytes(folder: Path) -> int:
    """Return the size of all files below `folder`."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def words_between_spaces(text: str) -> list[str]:
    """Return the words of a field of `Document`."""
    return text.split(" ") if text else []
