"""What do related articles cost: all pairs when an index is built, and one look-up?

    python -m benchmarks.related [--documents 12500 25000 50000 100000] [--index DIR] [--jobs 2]

All pairs of paragraph groups of real articles, from counted terms to finished lists (tokenising and
weighing are left out), each size in a process of its own. Processor time is printed beside the clock's,
since it does not depend on who else uses the machine. With --index: `related_articles` of every article.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import tempfile
import time
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from threadpoolctl import threadpool_limits

from benchmarks.paragraph_groups import DATA, paragraph_groups
from engine.documents import Article
from engine.index.snapshot import open_snapshot
from engine.recommend.related import related_articles
from index_builder.build_report import SilentProgress
from index_builder.lexicon.compiler import compile_lexicon
from index_builder.parallel_analysis import analyze_all
from index_builder.related_pairs import related_pairs
from index_builder.related_parameters import RelatedParameters
from index_builder.related_vectors import related_vectors
from index_builder.vectorizer import merge_counts, view_counts
from index_builder.views import RELATED_BIGRAMS, RELATED_TITLES, RELATED_WORDS, UNITS

LEXICON = Path(__file__).resolve().parents[1] / "lexicon"
VIEWS = (RELATED_WORDS, RELATED_BIGRAMS, RELATED_TITLES)
ROUNDS = 3


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--documents", type=int, nargs="*", default=[12_500, 25_000, 50_000, 100_000]
    )
    parser.add_argument("--index", type=Path)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    if options.index:
        _print_lookups(options.index)
    if options.documents:
        if not DATA.is_dir():
            raise SystemExit(f"{DATA} is absent: nothing to measure on")
        _print_scale(sorted(options.documents), options.jobs)


def _print_lookups(index: Path) -> None:
    snapshot = open_snapshot(index)
    ids = [snapshot.articles.article_id(number) for number in range(len(snapshot.articles))]
    np.random.default_rng(20260101).shuffle(ids)
    rounds = []
    for _ in range(ROUNDS):
        spent = []
        for article_id in ids:
            started = time.thread_time_ns()
            related_articles(snapshot, article_id)
            spent.append((time.thread_time_ns() - started) / 1e6)
        rounds.append(np.percentile(spent, [50, 99]))
    middle, last = np.median(rounds, axis=0)
    print(
        f"{len(ids):,} look-ups of ten related articles, processor time, median of {ROUNDS} rounds: "
        f"p50 {middle:.3f} ms, p99 {last:.3f} ms"
    )


def _print_scale(sizes: list[int], jobs: int) -> None:
    print(
        f"{'documents':>10} {'terms':>12} {'seconds':>8} {'cpu s':>8} {'peak MB':>8} {'counts MB':>10}"
    )
    measured = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _count(folder, sizes[-1], jobs)
        for size in sizes:
            figures = _in_a_process(folder, size, jobs)
            measured.append((size, figures[2]))
            print(
                f"{size:10,} {figures[0]:12,.0f} {figures[1]:8.1f} {figures[2]:8.1f} "
                f"{figures[3]:8,.0f} {figures[4]:10,.0f}",
                flush=True,
            )
    if len(measured) > 1:
        documents, seconds = np.log(np.array(measured, dtype=np.float64).T)
        slope = np.polyfit(documents, seconds, 1)[0]
        print(f"processor time grows with documents ^ {slope:.2f}")


def _count(folder: Path, wanted: int, jobs: int) -> None:
    """Write the counts of `wanted` documents to `folder`."""
    articles = [
        Article(f"{number:06}", title, body)
        for number, (title, body) in enumerate(paragraph_groups(wanted))
    ]
    if len(articles) < wanted:
        raise SystemExit(f"{wanted:,} documents asked for; the corpora give {len(articles):,}")
    compile_lexicon(LEXICON, folder)
    chunks = list(analyze_all(articles, folder, jobs, SilentProgress()))
    merged = {unit: merge_counts([chunk.counts[unit] for chunk in chunks]) for unit in UNITS}
    for view in VIEWS:
        counts = view_counts(merged[view.unit], view)
        sp.save_npz(folder / f"{view.name}.npz", counts, compressed=False)


def _in_a_process(folder: Path, size: int, jobs: int) -> list[float]:
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(_relate, (folder, size, jobs))


def _relate(folder: Path, size: int, jobs: int) -> list[float]:
    """Return how many terms there were, seconds, seconds of processor time, peak MB, MB of counts."""
    # Every so many documents, so that a small corpus is as mixed as the large one.
    counts = []
    for view in VIEWS:
        whole = sp.load_npz(folder / f"{view.name}.npz")
        counts.append(whole[np.arange(size) * whole.shape[0] // size])
    del whole
    parameters = RelatedParameters()
    alone = np.arange(size, dtype=np.int32)
    started, spent = time.perf_counter(), time.process_time()
    with threadpool_limits(limits=1):
        vectors = related_vectors(counts[0], counts[1], counts[2], parameters)
        related_pairs(vectors, alone, np.zeros(size, dtype=np.int32), parameters, jobs)
    return [
        float(sum(matrix.nnz for matrix in counts)),
        time.perf_counter() - started,
        time.process_time() - spent,
        _peak_mb(),
        sum(matrix.data.nbytes + matrix.indices.nbytes for matrix in counts) / 1e6,
    ]


def _peak_mb() -> float:
    """Return the most memory that this process ever held.

    Not getrusage: a spawned process inherits the peak of the one that started it.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii")
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main()
