"""How is the work on the texts spread over processes?

Invariant: chunks are cut by number of articles alone and come back in their order, so the result does
not depend on how many processes there are.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from engine.analysis.analyzer import Analyzer, open_analyzer
from engine.documents import Article
from index_builder.build_report import Progress
from index_builder.text_encoder import TextEncoder, open_text_encoder
from index_builder.token_chunks import ArticleChunk, analyze_chunk

CHUNK_ARTICLES = 128


def analyze_all(
    articles: Sequence[Article], lexicon: Path, jobs: int, progress: Progress
) -> Iterator[ArticleChunk]:
    """Yield the chunks of `articles` in order, cut with the compiled lexicon in folder `lexicon`."""
    batches = [
        articles[start : start + CHUNK_ARTICLES]
        for start in range(0, len(articles), CHUNK_ARTICLES)
    ]
    if not batches:
        return
    if jobs == 1 or len(batches) == 1:
        # Also the path inside Lambda, where the semaphores of a process pool do not exist.
        analyzer, encoder = open_analyzer(lexicon), open_text_encoder(lexicon)
        for batch in batches:
            yield analyze_chunk(analyzer, encoder, batch)
            progress.advance(len(batch))
        return
    with ProcessPoolExecutor(
        max_workers=min(jobs, len(batches)),
        mp_context=get_context("spawn"),
        initializer=_start_worker,
        initargs=(lexicon,),
    ) as pool:
        for batch, chunk in zip(batches, pool.map(_analyze_in_worker, batches), strict=True):
            yield chunk
            progress.advance(len(batch))


_tools: tuple[Analyzer, TextEncoder] | None = None


def _start_worker(lexicon: Path) -> None:
    global _tools  # noqa: PLW0603 - a process pool has no other place for what a worker keeps
    # Here for good: the process lives for this one stage (`index_builder.garbage_collection`).
    gc.disable()
    _tools = open_analyzer(lexicon), open_text_encoder(lexicon)


def _analyze_in_worker(articles: Sequence[Article]) -> ArticleChunk:
    if _tools is None:
        raise RuntimeError("_start_worker was not called in this process")
    return analyze_chunk(*_tools, articles)
