"""Which articles are searched, what is asked, and what is the right answer?

Articles are read and cut by the code that builds an index, so that what is tuned is what is built. The three
judged sets come from `../shared/data`; `unseen_sets` makes more of the same kind.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import joblib

from engine.analysis.analyzer import Analyzer, open_analyzer
from engine.documents import Article
from index_builder.build_report import SilentProgress
from index_builder.corpus import read_corpus
from index_builder.evaluation.judgements import JudgedQuery, Judgements, read_qrels, read_queries
from index_builder.lexicon.lexicon_cache import cached_lexicon
from index_builder.parallel_analysis import analyze_all
from index_builder.vectorizer import CorpusCounts, merge_counts
from index_builder.views import UNITS, Unit

LEXICON = Path(__file__).resolve().parents[2] / "lexicon"
NAMES = ("woshipm", "lctt", "d365_zh_tw")


@dataclass(frozen=True, slots=True)
class JudgedSet:
    """A corpus counted term by term, the queries put to it and their judgements.

    ids: of the articles, ascending, as the rows of `counts` are.
    """

    name: str
    ids: Sequence[str]
    counts: Mapping[Unit, CorpusCounts]
    queries: Sequence[JudgedQuery]
    judgements: Judgements


class SetReader:
    """Cuts corpora with the project's lexicon; `cache` keeps what takes minutes, None keeps nothing."""

    def __init__(self, scratch: Path, cache: Path | None, jobs: int) -> None:
        self._lexicon = scratch / "lexicon"
        self._lexicon.mkdir()
        self._fingerprint = cached_lexicon(LEXICON, self._lexicon, cache).fingerprint
        self._cache = cache
        self._jobs = jobs
        self.analyzer: Analyzer = open_analyzer(self._lexicon)

    def read(self, folder: Path, name: str) -> JudgedSet:
        """Return the judged set `name` of the evaluation folder."""
        articles = read_corpus([folder / f"{name}.corpus.jsonl.gz"]).articles
        return self.count(
            name,
            articles,
            read_queries(folder / f"{name}.dev.queries.jsonl.gz"),
            read_qrels(folder / f"{name}.dev.qrels.tsv"),
        )

    def count(
        self,
        name: str,
        articles: Sequence[Article],
        queries: Sequence[JudgedQuery],
        judgements: Judgements,
    ) -> JudgedSet:
        """Return `articles` cut and counted, with those queries that have a judgement."""
        judged = [query for query in queries if judgements.get(query.id)]
        counts = self._kept(name, articles)
        return JudgedSet(name, [article.id for article in articles], counts, judged, judgements)

    def _kept(self, name: str, articles: Sequence[Article]) -> Mapping[Unit, CorpusCounts]:
        if self._cache is None:
            return self._counts(articles)
        characters = sum(len(article.title) + len(article.body) for article in articles)
        path = self._cache / f"{name}-{len(articles)}-{characters}-{self._fingerprint[:12]}.joblib"
        if not path.is_file():
            joblib.dump(self._counts(articles), path)
        counts: Mapping[Unit, CorpusCounts] = joblib.load(path)
        return counts

    def _counts(self, articles: Sequence[Article]) -> Mapping[Unit, CorpusCounts]:
        chunks = list(analyze_all(articles, self._lexicon, self._jobs, SilentProgress()))
        return {unit: merge_counts([chunk.counts[unit] for chunk in chunks]) for unit in UNITS}


def scratch_folder() -> tempfile.TemporaryDirectory[str]:
    """Return a folder for the compiled lexicon that goes when it is left."""
    return tempfile.TemporaryDirectory(prefix="wenmai-tune-")
