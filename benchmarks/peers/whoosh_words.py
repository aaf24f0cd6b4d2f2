"""Whoosh-Reloaded over jieba's words: fields for title and body, each ranked by BM25."""

from __future__ import annotations

from pathlib import Path

from whoosh import index as whoosh_index
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.fields import ID, TEXT, Schema
from whoosh.query import Or, Term

from benchmarks.peers.jieba_words import cut, load_words
from benchmarks.peers.protocol import BuildInput, IndexBytes, folder_bytes

TITLE_BOOST = 0.5
"""As for tantivy, where it was tried out."""

WRITER_MEGABYTES = 512


class WhooshWords:
    """Pure Python from end to end."""

    reads_words = True
    normalizes = False

    def build(self, given: BuildInput, folder: Path) -> None:
        """Index with one process and merge into one segment."""
        words = SpaceSeparatedTokenizer()
        schema = Schema(
            id=ID(stored=True),
            title=TEXT(analyzer=words, phrase=False),
            body=TEXT(analyzer=words, phrase=False),
        )
        writer = whoosh_index.create_in(str(folder), schema).writer(limitmb=WRITER_MEGABYTES)
        for document in given.documents:
            writer.add_document(
                id=document.id, title=document.title_words, body=document.body_words
            )
        writer.commit(optimize=True)

    def open(self, folder: Path) -> None:
        """Open the index and load jieba."""
        load_words()
        self._searcher = whoosh_index.open_dir(str(folder)).searcher()

    def search(self, text: str, size: int) -> list[str]:
        """Ask for any of the words in either field."""
        words = cut(text)
        query = Or(
            [Term("title", word, boost=TITLE_BOOST) for word in words]
            + [Term("body", word) for word in words]
        )
        return [hit["id"] for hit in self._searcher.search(query, limit=size)]

    def index_bytes(self, folder: Path) -> IndexBytes:
        """Return the size of the folder; no texts are stored."""
        return IndexBytes(folder_bytes(folder))
