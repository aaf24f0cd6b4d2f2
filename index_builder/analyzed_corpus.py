"""What does the whole corpus consist of, and how much of that was known already?

Articles whose content was analysed before come from the cache, the others through the worker processes.
Invariant: the result is the same, to the last bit, wherever each article's part of it came from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import cast

import numpy as np
import numpy.typing as npt

from engine.documents import Article
from engine.index.articles import encode_text
from index_builder.build_report import Progress
from index_builder.cache import count_shards, text_shards
from index_builder.cache.article_keys import analysis_fingerprint, keys_of
from index_builder.cache.count_shards import CountedArticles
from index_builder.cache.shard_folder import Found, ShardFolder
from index_builder.cache.text_shards import StoredTexts
from index_builder.parallel_analysis import analyze_all
from index_builder.shingle_signatures import SignatureArray
from index_builder.text_encoder import open_text_encoder
from index_builder.token_chunks import ArticleChunk, TermCounts
from index_builder.vectorizer import CorpusCounts, merge_counts
from index_builder.views import UNITS, Unit


@dataclass(frozen=True, slots=True)
class AnalyzedCorpus:
    """Counts by unit, signatures, uint32 [articles, k], and stored texts, all in article order.

    reused: articles that were not cut again.
    """

    counts: Mapping[Unit, CorpusCounts]
    signatures: SignatureArray
    texts: Sequence[bytes]
    reused: int


@dataclass(frozen=True, slots=True)
class AnalysisCache:
    """Where results of earlier builds lie.

    Counts and signatures of articles, their stored texts, spelled texts, the ways to read a word, and the
    readings of characters that those are worked out from.
    """

    counts: ShardFolder
    texts: ShardFolder
    spelled: ShardFolder
    ways: ShardFolder
    readings: ShardFolder

    @property
    def damaged(self) -> tuple[str, ...]:
        """What was damaged and had to be worked out again, a line each."""
        folders: list[ShardFolder] = [getattr(self, kind) for kind in CACHED_KINDS]
        return tuple(line for folder in folders for line in folder.damaged)


CACHED_KINDS = tuple(field.name for field in fields(AnalysisCache))


def open_cache(folder: Path, lexicon_fingerprint: str) -> AnalysisCache:
    """Return the cache in `folder` for what this lexicon and this code make of articles.

    Raises `InputError` when it cannot be written.
    """
    fingerprint = analysis_fingerprint(lexicon_fingerprint)
    return AnalysisCache(**{kind: ShardFolder(folder, kind, fingerprint) for kind in CACHED_KINDS})


def analyze_corpus(
    articles: Sequence[Article],
    lexicon: Path,
    jobs: int,
    progress: Progress,
    cache: AnalysisCache | None = None,
) -> AnalyzedCorpus:
    """Return what `articles` consist of, cut with the compiled lexicon in folder `lexicon`.

    Raises `InputError` when the cache cannot be written.
    """
    if cache is None:
        chunks = list(analyze_all(articles, lexicon, jobs, progress))
        return AnalyzedCorpus(
            {unit: merge_counts([chunk.counts[unit] for chunk in chunks]) for unit in UNITS},
            _signatures(chunks),
            [text for chunk in chunks for text in chunk.texts],
            reused=0,
        )
    return _CachedAnalysis(articles, cache).run(lexicon, jobs, progress)


class _CachedAnalysis:
    """One analysis that uses a cache and adds to it."""

    def __init__(self, articles: Sequence[Article], cache: AnalysisCache) -> None:
        self._articles = articles
        self._cache = cache
        keys = [keys_of(article) for article in articles]
        self._term_keys = [key.terms for key in keys]
        self._text_keys = [key.text for key in keys]

    def run(self, lexicon: Path, jobs: int, progress: Progress) -> AnalyzedCorpus:
        found, known = self._cache.counts.find(self._term_keys, count_shards.from_file)
        new = [number for number, place in enumerate(found.places) if place is None]
        progress.advance(len(self._articles) - len(new))
        chunks = list(analyze_all([self._articles[i] for i in new], lexicon, jobs, progress))
        corpus = self._merge(known, chunks, _stacked_rows(found, known, new))
        self._keep_counts(found, chunks, new, corpus)
        encoded = dict(zip(new, (text for chunk in chunks for text in chunk.texts), strict=True))
        texts = self._texts(encoded, lexicon)
        return AnalyzedCorpus(
            {unit: CorpusCounts(c.terms, c.fields) for unit, c in corpus.counts.items()},
            corpus.signatures,
            texts,
            reused=len(self._articles) - len(new),
        )

    def _merge(
        self,
        known: Sequence[CountedArticles],
        chunks: Sequence[ArticleChunk],
        rows: npt.NDArray[np.int64],
    ) -> CountedArticles:
        parts: list[CountedArticles | ArticleChunk] = [*known, *chunks]
        counts = {}
        for unit in UNITS:
            merged = merge_counts([part.counts[unit] for part in parts], rows)
            counts[unit] = TermCounts(merged.terms, merged.fields)
        return CountedArticles(counts, np.concatenate([part.signatures for part in parts])[rows])

    def _keep_counts(
        self,
        found: Found,
        chunks: Sequence[ArticleChunk],
        new: Sequence[int],
        corpus: CountedArticles,
    ) -> None:
        folder = self._cache.counts
        if not found.shards or folder.wants_merging(found, len(self._articles)):
            folder.add(self._term_keys, count_shards.to_arrays(corpus))
            folder.remove_merged(found)
        elif new:
            added = self._merge([], chunks, np.arange(len(new)))
            keys = [self._term_keys[number] for number in new]
            folder.add(keys, count_shards.to_arrays(added))

    def _texts(self, encoded: dict[int, bytes], lexicon: Path) -> Sequence[bytes]:
        folder = self._cache.texts
        found, shards = folder.find(self._text_keys, StoredTexts)
        texts = [
            encoded.get(number) if place is None else shards[place[0]][place[1]]
            for number, place in enumerate(found.places)
        ]
        # A new count of likes changes the record of an article that is not cut again.
        left = [number for number, text in enumerate(texts) if text is None]
        if left:
            encode = open_text_encoder(lexicon).encode
            for number in left:
                texts[number] = encode_text(self._articles[number], encode)
        complete = cast("list[bytes]", texts)
        new = [number for number, place in enumerate(found.places) if place is None]
        if not found.shards or folder.wants_merging(found, len(self._articles)):
            folder.add(self._text_keys, text_shards.to_arrays(complete))
            folder.remove_merged(found)
        elif new:
            arrays = text_shards.to_arrays([complete[number] for number in new])
            folder.add([self._text_keys[number] for number in new], arrays)
        return complete


def _signatures(chunks: Sequence[ArticleChunk]) -> SignatureArray:
    return np.concatenate([chunk.signatures for chunk in chunks])


def _stacked_rows(
    found: Found, known: Sequence[CountedArticles], new: Sequence[int]
) -> npt.NDArray[np.int64]:
    """Return where each article stands when the shards, then the new articles are stacked."""
    starts = np.concatenate([[0], np.cumsum([len(part.signatures) for part in known], dtype=int)])
    fresh = iter(range(int(starts[-1]), int(starts[-1]) + len(new)))
    return np.fromiter(
        (
            next(fresh) if place is None else int(starts[place[0]]) + place[1]
            for place in found.places
        ),
        dtype=np.int64,
        count=len(found.places),
    )
