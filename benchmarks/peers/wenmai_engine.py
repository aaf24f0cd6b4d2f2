"""Wenmai's own engine, in process: the query string in, the ten best ids out.

Built by the whole pipeline, which also makes related articles, completions, spellings and the stored texts.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

from benchmarks.peers.protocol import BuildInput, IndexBytes
from engine.index.manifest import read_manifest
from engine.index.snapshot import open_snapshot
from engine.search.searcher import rank_articles
from index_builder.pipeline import BuildOptions, build_index

INDEX_NAME = "index"
STAGES_NAME = "stages.json"
LEXICON = Path(__file__).parents[2] / "lexicon"

_TEXTS = ("articles.texts.", "articles.cards.", "lexicon.text_")
_OTHER = (
    *("related.", "spellings.", "suggest.", "hot.", "duplicates.", "lexicon."),
    *("tags.", "categories.", "vectors."),
    *("articles.category.", "articles.tags.", "articles.views.", "articles.published."),
)  # fmt: skip


class WenmaiEngine:
    """Ours."""

    reads_words = False
    normalizes = True

    def build(self, given: BuildInput, folder: Path) -> float:
        """Run the pipeline in one process; return the seconds of its tokenise stage."""
        options = BuildOptions([given.source], folder / INDEX_NAME, LEXICON, jobs=1)
        report = build_index(options, clock=time.process_time)
        stages = {stage.name: stage.seconds for stage in report.stages}
        (folder / STAGES_NAME).write_text(json.dumps(stages), encoding="utf-8")
        return stages["tokenise"]

    def open(self, folder: Path) -> None:
        """Map the index."""
        self._snapshot = open_snapshot(folder / INDEX_NAME)

    def search(self, text: str, size: int) -> list[str]:
        """Rank, and look the ids up."""
        article_id = self._snapshot.articles.article_id
        return [article_id(number) for number in rank_articles(self._snapshot, text, size)]

    def index_bytes(self, folder: Path) -> IndexBytes:
        """Return the sizes that the manifest gives; what is not known to be something else is for searching."""
        search = texts = other = 0
        for name, entry in read_manifest(folder / INDEX_NAME).files.items():
            if name.startswith(_TEXTS):
                texts += entry.size
            elif name.startswith(_OTHER):
                other += entry.size
            else:
                search += entry.size
        return IndexBytes(search, texts, other)
