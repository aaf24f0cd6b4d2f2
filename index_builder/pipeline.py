"""How does a folder of sources become one verified index?

read -> lexicon -> tokenise -> weigh, write, verify (beside them: relate) -> seal. Invariant: the output
folder appears whole or not at all, and equal input gives equal bytes whatever the hash seed, the order of
input and the number of worker processes.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits

from engine.analysis.analyzer import Analyzer, open_analyzer
from engine.documents import Article
from engine.index.codec import write_array
from engine.index.hot_formula import hot_order
from engine.index.manifest import Manifest, write_manifest
from engine.index.opening import write_opening
from engine.index.snapshot import open_snapshot
from engine.index.vectors import VECTORS_NAME
from index_builder.analyzed_corpus import AnalysisCache, AnalyzedCorpus, analyze_corpus, open_cache
from index_builder.article_vectors import VectorParameters, article_vectors
from index_builder.articles_writer import (
    category_numbers,
    published_seconds,
    write_articles,
    write_taxonomy,
)
from index_builder.build_report import BuildReport, Clock, Progress, SilentProgress, StageRecorder
from index_builder.cache.kept_readings import kept_evidence
from index_builder.corpus import Corpus, read_corpus
from index_builder.findability import Findability, measure_findability, require_findability
from index_builder.folding import LiveInput, fold
from index_builder.garbage_collection import paused_collection
from index_builder.hot_scores import hot_scores
from index_builder.lexicon.blocked_words import write_blocked_words
from index_builder.lexicon.compiler import CompiledLexicon
from index_builder.lexicon.lexicon_cache import cached_lexicon
from index_builder.lexicon.reading_evidence import ReadingEvidence, reading_evidence
from index_builder.near_duplicates import NearDuplicateParameters
from index_builder.postings_writer import WrittenLists, write_segment
from index_builder.related_pairs import RelatedPairs
from index_builder.related_parameters import RelatedParameters
from index_builder.related_stage import ComparedArticles, compared_articles
from index_builder.related_vectors import strongest_words
from index_builder.related_writer import relate_and_write
from index_builder.second_process import SecondProcess, second_process
from index_builder.spellings_writer import write_spellings
from index_builder.staging import move_into_place, staging_folder
from index_builder.suggestions_writer import write_suggestions
from index_builder.term_lists import weigh_terms
from index_builder.unsealed_snapshot import UnsealedSnapshot
from index_builder.views import RELATED_WORDS, VIEWS, WORD_GAIN


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """What to build, from what, where; `cache` keeps what need not be worked out again."""

    sources: Sequence[Path]
    out: Path
    lexicon: Path
    jobs: int = field(default_factory=lambda: os.cpu_count() or 1)
    cache: Path | None = None
    live: LiveInput | None = None
    """Changes to fold in; None where the index is not to say that it holds any."""


def build_index(
    options: BuildOptions,
    progress: Progress | None = None,
    clock: Clock = time.perf_counter,
) -> BuildReport:
    """Build the index that `options` describe; the report tells what came of it.

    Raises `InputError` for unusable input or output, `GateRefusedError` when a gate refuses; then the
    output folder is as it was.
    """
    recorder = StageRecorder(clock, progress or SilentProgress())
    # Begun first: it imports what it needs while the articles are read.
    with (
        paused_collection(),
        second_process(options.jobs, relate_and_write.__module__) as beside,
    ):
        return _build_index(options, recorder, beside)


def _build_index(
    options: BuildOptions, recorder: StageRecorder, beside: SecondProcess
) -> BuildReport:
    with recorder.stage("read", None) as stage:
        corpus = read_corpus(options.sources, recorder.progress.advance)
        folded = None
        if options.live is not None:
            corpus, folded = fold(corpus, options.live)
        stage.characters = corpus.characters
    # One BLAS thread: the number of threads changes the last bits of dense results.
    with staging_folder(options.out) as folder, threadpool_limits(limits=1):
        build = _Build(folder, corpus, options, recorder, beside)
        manifest, findability = build.run()
        move_into_place(folder, options.out)
    return BuildReport(
        index_version=manifest.index_version,
        lines=corpus.lines,
        articles=len(corpus.articles),
        characters=corpus.characters,
        quarantined=corpus.quarantined,
        replaced_ids=corpus.replaced_ids,
        terms=build.lists.terms,
        postings=build.lists.postings,
        bytes=manifest.total_bytes,
        findability=findability,
        reused=build.reused,
        damaged_cache=build.cache.damaged if build.cache else (),
        folded=folded,
        jobs=options.jobs,
        stages=tuple(recorder.stages),
    )


class _Build:
    """One build into one folder; each method is a stage."""

    def __init__(
        self,
        folder: Path,
        corpus: Corpus,
        options: BuildOptions,
        recorder: StageRecorder,
        beside: SecondProcess,
    ) -> None:
        self._folder = folder
        self._articles: Sequence[Article] = corpus.articles
        self._characters = corpus.characters
        self._source_counts = corpus.source_counts
        self._options = options
        self._recorder = recorder
        self._beside = beside
        self.lists = WrittenLists(0, 0)
        self.cache: AnalysisCache | None = None
        self.reused = 0

    def run(self) -> tuple[Manifest, Findability]:
        with self._recorder.stage("lexicon", None):
            lexicon = cached_lexicon(self._options.lexicon, self._folder, self._options.cache)
            analyzer = open_analyzer(self._folder)
        analyzed = self._analyze(lexicon)
        with self._recorder.stage("weigh", None, self._characters):
            # Related articles need nothing of what follows, and take as long.
            compared = self._compared(analyzed)
            words = analyzed.counts[RELATED_WORDS.unit].terms
            related = self._beside.start(relate_and_write, self._folder, compared, words)
            mean_lengths = self._write_lists(analyzed)
        with self._recorder.stage("write", None, self._characters):
            counts = self._write_articles(analyzed, analyzer)
        with self._recorder.stage("verify", None):
            # Asks for nothing that is worked out beside.
            findability = measure_findability(UnsealedSnapshot(self._folder, len(self._articles)))
            require_findability(findability)
        with self._recorder.stage("relate", None, self._characters):
            # Here, where the other process is waited for: it is worth cutting these rows twice.
            latent = article_vectors(
                strongest_words(compared.words, RelatedParameters()), VectorParameters()
            )
            write_array(self._folder / VECTORS_NAME, latent)
            pairs, counts["duplicates"] = related()
            self._write_hot(pairs)
        with self._recorder.stage("seal", None):
            manifest = self._seal(counts, mean_lengths, lexicon)
            # What lies on the disk is what was written: every byte is read once more.
            open_snapshot(self._folder, verify=True)
        return manifest, findability

    def _analyze(self, lexicon: CompiledLexicon) -> AnalyzedCorpus:
        with self._recorder.stage("tokenise", len(self._articles), self._characters):
            options = self._options
            if options.cache:
                self.cache = open_cache(options.cache, lexicon.fingerprint)
            analyzed = analyze_corpus(
                self._articles, self._folder, options.jobs, self._recorder.progress, self.cache
            )
            self.reused = analyzed.reused
            return analyzed

    def _compared(self, analyzed: AnalyzedCorpus) -> ComparedArticles:
        return compared_articles(
            analyzed.counts,
            analyzed.signatures,
            published_seconds(self._articles),
            category_numbers(self._articles)[1],
        )

    def _write_lists(self, analyzed: AnalyzedCorpus) -> Mapping[str, float]:
        # The weights are as large as the counts, and done with when this is.
        weighed = weigh_terms(analyzed.counts)
        self.lists = write_segment(self._folder, weighed)
        return weighed.mean_lengths

    def _write_articles(self, analyzed: AnalyzedCorpus, analyzer: Analyzer) -> dict[str, int]:
        folder, articles = self._folder, self._articles
        write_articles(folder, articles, analyzed.texts)
        write_blocked_words(folder, self._options.lexicon, analyzer.normalize)
        return {
            "tags": write_taxonomy(folder, articles, analyzer.normalize),
            "suggestions": write_suggestions(
                folder,
                articles,
                analyzer,
                cache=self.cache.spelled if self.cache else None,
                gather_evidence=self._evidence,
            ),
            "spellings": write_spellings(
                folder,
                analyzer,
                analyzed.counts["words"],
                gather_evidence=self._evidence,
                cache=self.cache.ways if self.cache else None,
            ),
        }

    def _evidence(self) -> ReadingEvidence:
        return self._kept_evidence

    @cached_property
    def _kept_evidence(self) -> ReadingEvidence:
        return kept_evidence(self.cache.readings) if self.cache else reading_evidence()

    def _write_hot(self, pairs: RelatedPairs) -> None:
        scores = hot_scores(self._articles, pairs.articles, pairs.similarities)
        write_array(self._folder / "hot.scores.npy", scores)
        write_array(self._folder / "hot.order.npy", hot_order(scores))

    def _seal(
        self, counts: Mapping[str, int], mean_lengths: Mapping[str, float], lexicon: CompiledLexicon
    ) -> Manifest:
        write_opening(self._folder)
        return write_manifest(
            self._folder,
            lexicon_fingerprint=lexicon.fingerprint,
            counts={
                "articles": len(self._articles),
                "characters": self._characters,
                **self._source_counts,
                **counts,
                "lexicon.words": lexicon.words,
                "lexicon.synonyms": lexicon.synonyms,
                "lexicon.stop_words": lexicon.stop_words,
                "terms": self.lists.terms,
                "postings": self.lists.postings,
            },
            parameters={
                "views": {
                    view.name: {**view.describe(), "mean_length": mean_lengths[view.name]}
                    for view in VIEWS
                },
                "word_gain": WORD_GAIN,
                "related": asdict(RelatedParameters()),
                "vectors": asdict(VectorParameters()),
                "near_duplicates": asdict(NearDuplicateParameters()),
                **self._live_parameters(),
            },
        )

    def _live_parameters(self) -> dict[str, Any]:
        live = self._options.live
        return {"live": asdict(live.changes.folded)} if live is not None else {}
