"""tantivy over jieba's words: fields for title and body.

One writer thread. Positions are kept, as by default, for phrases, which ours answers too. A query is the words
in both fields, any of them, ranked by BM25.
"""

from __future__ import annotations

from pathlib import Path

import tantivy

from benchmarks.peers.jieba_words import cut, load_words
from benchmarks.peers.protocol import BuildInput, IndexBytes, folder_bytes

TITLE_BOOST = 0.5
"""The best nDCG@10 on woshipm dev among 0.05 to 2 (0.2: 0.640, 0.5: 0.656, 1: 0.644, 2: 0.596): titles are
short, so a word in one scores high by itself, and with more weight they would decide everything else."""

WRITER_BYTES = 512_000_000


class TantivyWords:
    """The Rust engine, called as its Python package is meant to be called."""

    reads_words = True
    normalizes = False

    def build(self, given: BuildInput, folder: Path) -> None:
        """Index and merge into one segment."""
        schema = (
            tantivy.SchemaBuilder()
            .add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
            .add_text_field("title", tokenizer_name="whitespace")
            .add_text_field("body", tokenizer_name="whitespace")
            .build()
        )
        index = tantivy.Index(schema, path=str(folder))
        writer = index.writer(heap_size=WRITER_BYTES, num_threads=1)
        for document in given.documents:
            writer.add_document(
                tantivy.Document(
                    id=document.id, title=document.title_words, body=document.body_words
                )
            )
        writer.commit()
        writer.wait_merging_threads()

    def open(self, folder: Path) -> None:
        """Map the segments and load jieba."""
        load_words()
        self._index = tantivy.Index.open(str(folder))
        self._searcher = self._index.searcher()
        self._boosts = {"title": TITLE_BOOST, "body": 1.0}

    def search(self, text: str, size: int) -> list[str]:
        """Cut, parse, rank, read the stored ids."""
        # Quoted, so that a word with a sign of the query language in it stands for itself.
        words = " ".join(f'"{word}"' for word in cut(text) if '"' not in word and "\\" not in word)
        if not words:
            return []
        query = self._index.parse_query(words, ["title", "body"], field_boosts=self._boosts)
        searcher = self._searcher
        found = searcher.search(query, size, count=False).hits
        return [searcher.doc(address)["id"][0] for _, address in found]

    def index_bytes(self, folder: Path) -> IndexBytes:
        """Return the size of the folder; no texts are stored."""
        return IndexBytes(folder_bytes(folder))
