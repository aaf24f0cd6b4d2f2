"""How does a folder of sources become one verified index?

read -> compile lexicon -> tokenise -> weigh -> relate -> rank -> write. Invariant: the output folder
appears whole or not at all (everything is built beside it and renamed last), and equal input gives equal
bytes whatever the hash seed, the order of input and the number of worker processes.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from multiprocessing import get_context
from pathlib import Path

import marisa_trie
from threadpoolctl import threadpool_limits

from engine.analysis.analyzer import open_analyzer
from engine.documents import Article
from engine.errors import InputError
from engine.index.codec import write_array
from engine.index.manifest import MANIFEST_NAME, write_manifest
from engine.index.snapshot import open_snapshot
from index_builder.articles_writer import write_articles, write_taxonomy
from index_builder.bm25 import Bm25Transformer
from index_builder.build_report import BuildReport, Clock, Progress, SilentProgress, StageRecorder
from index_builder.corpus import Corpus, read_corpus
from index_builder.hot_scores import hot_order, hot_scores
from index_builder.lexicon.lexicon_cache import cached_lexicon
from index_builder.postings_writer import WrittenView, write_view
from index_builder.related_pairs import RelatedParameters, related_pairs, tfidf_vectors
from index_builder.suggestions_writer import write_suggestions
from index_builder.token_chunks import (
    CHUNK_ARTICLES,
    UNITS,
    TokenChunk,
    count_chunk,
    count_in_worker,
    start_worker,
)
from index_builder.vectorizer import CorpusCounts, merge_chunks, view_counts
from index_builder.views import VIEWS, Unit, ViewSpecification

RELATED_VIEW = ViewSpecification("related", "words", {"title": 3.0, "body": 1.0, "tags": 3.0}, 1.0)


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """What to build, from what, where; `cache` keeps what need not be worked out again."""

    sources: Sequence[Path]
    out: Path
    lexicon: Path
    jobs: int = field(default_factory=lambda: os.cpu_count() or 1)
    cache: Path | None = None


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
    with recorder.stage("read", None, 0):
        corpus = read_corpus(options.sources, recorder.progress.advance)
    with _staging_folder(options.out) as folder, threadpool_limits(limits=1):
        # One BLAS thread: the number of threads changes the last bits of dense results.
        report = _build_into(folder, corpus, options, recorder)
        _move_into_place(folder, options.out)
    return report


def _build_into(
    folder: Path, corpus: Corpus, options: BuildOptions, recorder: StageRecorder
) -> BuildReport:
    articles, characters = corpus.articles, corpus.characters
    with recorder.stage("lexicon", None, 0):
        lexicon = cached_lexicon(options.lexicon, folder, options.cache)
        analyzer = open_analyzer(folder)
    with recorder.stage("tokenise", len(articles), characters):
        chunks = list(_count_all(articles, folder, options.jobs, recorder.progress))
    with recorder.stage("weigh", len(VIEWS), characters):
        counts = {unit: merge_chunks(chunks, unit) for unit in UNITS}
        del chunks
        written = _write_views(folder, counts, recorder.progress)
    with recorder.stage("relate", None, characters):
        parameters = RelatedParameters()
        _write_related(folder, counts[RELATED_VIEW.unit], parameters)
    with recorder.stage("write", None, characters):
        write_articles(folder, articles)
        tags = write_taxonomy(folder, articles, analyzer.normalize)
        suggestions = write_suggestions(folder, articles, analyzer)
        scores = hot_scores(articles)
        write_array(folder / "hot.scores.npy", scores)
        write_array(folder / "hot.order.npy", hot_order(scores))
        manifest = write_manifest(
            folder,
            lexicon_fingerprint=lexicon.fingerprint,
            counts={
                "articles": len(articles),
                "characters": characters,
                "tags": tags,
                "suggestions": suggestions,
                "lexicon.words": lexicon.words,
                "lexicon.synonyms": lexicon.synonyms,
                "lexicon.stop_words": lexicon.stop_words,
                **{f"{name}.terms": view.terms for name, view in written.items()},
                **{f"{name}.postings": view.postings for name, view in written.items()},
            },
            parameters={
                "views": {
                    view.name: {**view.describe(), "step": written[view.name].step}
                    for view in VIEWS
                },
                "related": asdict(parameters),
            },
        )
    with recorder.stage("verify", None, 0):
        open_snapshot(folder, verify=True)
    return BuildReport(
        index_version=manifest.index_version,
        lines=corpus.lines,
        articles=len(articles),
        characters=characters,
        quarantined=corpus.quarantined,
        replaced_ids=corpus.replaced_ids,
        terms={name: view.terms for name, view in written.items()},
        postings={name: view.postings for name, view in written.items()},
        bytes=manifest.total_bytes,
        jobs=options.jobs,
        stages=tuple(recorder.stages),
    )


def _count_all(
    articles: Sequence[Article], lexicon: Path, jobs: int, progress: Progress
) -> Iterator[TokenChunk]:
    batches = [
        articles[start : start + CHUNK_ARTICLES]
        for start in range(0, len(articles), CHUNK_ARTICLES)
    ]
    if jobs == 1 or len(batches) == 1:
        # Also the path inside Lambda, where the semaphores of a process pool do not exist.
        analyzer = open_analyzer(lexicon)
        for batch in batches:
            yield count_chunk(analyzer, batch)
            progress.advance(len(batch))
        return
    with ProcessPoolExecutor(
        max_workers=min(jobs, len(batches)),
        mp_context=get_context("spawn"),
        initializer=start_worker,
        initargs=(lexicon,),
    ) as pool:
        for batch, chunk in zip(batches, pool.map(count_in_worker, batches), strict=True):
            yield chunk
            progress.advance(len(batch))


def _write_views(
    folder: Path, counts: dict[Unit, CorpusCounts], progress: Progress
) -> dict[str, WrittenView]:
    written = {}
    for view in VIEWS:
        unit = counts[view.unit]
        weights = Bm25Transformer(view.k1, view.b).fit_transform(view_counts(unit, view))
        written[view.name] = write_view(folder, view.name, weights, unit.terms)
        progress.advance()
    return written


def _write_related(folder: Path, counts: CorpusCounts, parameters: RelatedParameters) -> None:
    trie = marisa_trie.Trie(counts.terms)
    trie.save(str(folder / "related.terms.marisa"))
    vectors = tfidf_vectors(view_counts(counts, RELATED_VIEW), parameters)
    # Columns follow the trie's own numbering, so that a shared term is restored from its number alone.
    columns = [trie.restore_key(number) for number in range(len(trie))]
    ascending = {term: column for column, term in enumerate(counts.terms)}
    pairs = related_pairs(vectors[:, [ascending[term] for term in columns]], parameters)
    write_array(folder / "related.articles.npy", pairs.articles)
    write_array(folder / "related.similarities.npy", pairs.similarities)
    write_array(folder / "related.shared_terms.npy", pairs.shared_terms)


@contextmanager
def _staging_folder(out: Path) -> Iterator[Path]:
    """Yield an empty folder beside `out`; remove it if it was not moved away."""
    if out.exists() and not _is_replaceable(out):
        raise InputError(
            f"{out}: exists and is no index (no {MANIFEST_NAME} in it); "
            "name a new or empty folder, so that nothing of yours is lost"
        )
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=f".{out.name}.building-", dir=out.parent))
    except OSError as error:
        raise InputError(
            f"{out}: cannot be written ({error.strerror}); choose a folder that you may write to"
        ) from error
    try:
        yield staging
    except OSError as error:
        raise InputError(
            f"{out}: writing failed ({error.strerror or error}); nothing was changed there"
        ) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _is_replaceable(out: Path) -> bool:
    return out.is_dir() and ((out / MANIFEST_NAME).is_file() or not any(out.iterdir()))


def _move_into_place(staging: Path, out: Path) -> None:
    staging.chmod(0o755)
    if not out.exists():
        staging.rename(out)
        return
    # A folder cannot be replaced in one step; a reader between the two renames finds nothing and
    # retries, and never finds a mixture. `wenmai publish` is the way that has no such gap.
    retired = staging.with_name(staging.name + ".retired")
    out.rename(retired)
    staging.rename(out)
    shutil.rmtree(retired, ignore_errors=True)
