"""How much longer does a build take than cutting its articles into words alone?

    python -m benchmarks.build [--corpus FILE] [--jobs 2] [--every 1]

Cutting alone: stock jieba, and our own segmenter, over normalised titles and bodies in as many processes;
the words are thrown away. Then a whole build of the same articles. Seconds by the clock depend on who else
uses the machine; seconds of processor time, of all processes together, hardly do.
"""

from __future__ import annotations

import argparse
import gzip
import os
import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import jieba

from engine.analysis.analyzer import Analyzer, open_analyzer
from index_builder.corpus import read_corpus
from index_builder.lexicon.compiler import compile_lexicon
from index_builder.pipeline import BuildOptions, build_index

ROOT = Path(__file__).resolve().parents[1]
LEXICON = ROOT / "lexicon"
WOSHIPM = ROOT.parent / "shared" / "data" / "search_eval" / "woshipm.corpus.jsonl.gz"
BATCH = 128

Cost = tuple[float, float]
"""Seconds by the clock, seconds of processor time of this process and its children."""


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=WOSHIPM)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--every", type=int, default=1, help="take every so manieth line")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = _some_lines(options.corpus, folder / "source.jsonl", options.every)
        compile_lexicon(LEXICON, folder)
        analyzer = open_analyzer(folder)
        texts = _texts(source, analyzer)
        stock = _cut_alone(_start_stock, folder, texts, options.jobs)
        ours = _cut_alone(_start_ours, folder, texts, options.jobs)
        started = _now()
        build = BuildOptions([source], folder / "index", LEXICON, options.jobs)
        report = build_index(build)
        whole = _since(started)
    print(
        f"{report.articles:,} articles, {report.characters:,} characters, {options.jobs} processes"
    )
    for stage in report.stages:
        print(f"{stage.name:24}{stage.seconds:8.1f} s")
    for what, cost in (("build", whole), ("stock jieba alone", stock), ("our cut alone", ours)):
        print(f"{what:24}{cost[0]:8.1f} s {cost[1]:8.1f} cpu s")
    for what, cost in (("stock jieba", stock), ("our cut", ours)):
        clock, processor = whole[0] / cost[0], whole[1] / cost[1]
        print(f"build / {what:16}{clock:8.2f} by the clock, {processor:.2f} by processor time")


def _some_lines(corpus: Path, target: Path, every: int) -> Path:

    with (
        gzip.open(corpus, "rt", encoding="utf-8") as lines,
        target.open("w", encoding="utf-8") as out,
    ):
        out.writelines(line for number, line in enumerate(lines) if number % every == 0)
    return target


def _texts(source: Path, analyzer: Analyzer) -> list[str]:

    return [
        analyzer.normalize_lines(f"{article.title}\n{article.body}")
        for article in read_corpus([source]).articles
    ]


def _cut_alone(
    start: Callable[[Path], None], folder: Path, texts: Sequence[str], jobs: int
) -> Cost:
    batches = [texts[at : at + BATCH] for at in range(0, len(texts), BATCH)]
    started = _now()
    with ProcessPoolExecutor(
        jobs, mp_context=get_context("spawn"), initializer=start, initargs=(folder,)
    ) as pool:
        words = sum(pool.map(_cut, batches))
    if not words:
        raise SystemExit("nothing was cut")
    return _since(started)


_cut_words: Callable[[str], Sequence[str]] | None = None


def _start_stock(folder: Path) -> None:  # noqa: ARG001 - it brings its own dictionary
    global _cut_words  # noqa: PLW0603 - a process pool has no other place for what a worker keeps
    jieba.setLogLevel("WARNING")
    jieba.initialize()
    _cut_words = jieba.lcut


def _start_ours(folder: Path) -> None:
    global _cut_words  # noqa: PLW0603
    _cut_words = open_analyzer(folder).words


def _cut(texts: Sequence[str]) -> int:
    if _cut_words is None:
        raise RuntimeError("no worker was started in this process")
    return sum(len(_cut_words(text)) for text in texts)


def _now() -> Cost:
    own, children = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    spent = own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
    return time.perf_counter(), spent


def _since(started: Cost) -> Cost:
    ended = _now()
    return ended[0] - started[0], ended[1] - started[1]


if __name__ == "__main__":
    main()
