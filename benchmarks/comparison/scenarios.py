"""Which articles and queries are the engines compared on?

Invariant: what a scenario holds depends on its files alone, so two runs ask the same of the same text.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.errors import InputError
from index_builder.evaluation.judgements import (
    JudgedQuery,
    Judgements,
    read_qrels,
    read_queries,
)

REPOSITORY = Path(__file__).parents[2]
SHARED = REPOSITORY.parent / "shared" / "data"
SAMPLE = REPOSITORY / "local" / "sample"
SAMPLE_QUERIES = REPOSITORY / "benchmarks" / "sample_queries"

SCALES = ("sample", "6k", "14k", "500k")
PARAGRAPHS = 500_000


@dataclass(frozen=True, slots=True)
class Scenario:
    """Sources, queries and judgements.

    paragraphs: how many paragraphs to take of the sources instead of whole articles, None for articles.
    """

    name: str
    sources: tuple[Path, ...]
    queries: tuple[JudgedQuery, ...]
    judgements: Judgements
    paragraphs: int | None = None


def choose_scenario(
    corpus: Path | None, queries: Path | None, qrels: Path | None, scale: str
) -> Scenario:
    """Return the scenario of the command line: `scale` counts where no corpus is named.

    Raises `InputError` for options that do not go together and files that cannot be read.
    """
    if corpus is not None:
        if queries is None:
            raise InputError("a corpus needs queries to ask of it; name them with --queries FILE")
        return Scenario(
            corpus.name.partition(".")[0],
            (corpus,),
            tuple(read_queries(queries)),
            read_qrels(qrels) if qrels else {},
        )
    if queries is not None or qrels is not None:
        raise InputError("queries belong to a corpus; name it with --corpus FILE")
    if scale == "sample":
        return _sample()
    if not SHARED.is_dir():
        raise InputError(f"--scale {scale} needs the corpora in ../shared/data; they are not there")
    return _shared(scale)


def default_scale() -> str:
    """Return the judged articles where they lie beside the checkout, or else the sample corpus."""
    return "6k" if SHARED.is_dir() else "sample"


def _sample() -> Scenario:
    return Scenario(
        "sample",
        tuple(sorted(SAMPLE.glob("*.jsonl"))),
        tuple(read_queries(SAMPLE_QUERIES / "queries.jsonl")),
        read_qrels(SAMPLE_QUERIES / "qrels.tsv"),
    )


def _shared(scale: str) -> Scenario:
    search = SHARED / "search_eval"
    woshipm, lctt, traditional = (
        search / f"{name}.corpus.jsonl.gz" for name in ("woshipm", "lctt", "d365_zh_tw")
    )
    queries = tuple(read_queries(search / "woshipm.dev.queries.jsonl.gz"))
    qrels = read_qrels(search / "woshipm.dev.qrels.tsv")
    if scale == "6k":
        return Scenario("woshipm", (woshipm,), queries, qrels)
    if scale == "14k":
        return Scenario("woshipm+lctt", (woshipm, lctt), queries, qrels)
    pages = SHARED / "related_eval" / "d365_zh_cn.corpus.jsonl.gz"
    return Scenario(
        "paragraphs", (woshipm, lctt, traditional, pages), queries, {}, paragraphs=PARAGRAPHS
    )
