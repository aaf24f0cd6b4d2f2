"""`wenmai evaluate`: how good are the answers against judgements?"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from engine.errors import InputError
from engine.index.snapshot import open_snapshot
from index_builder.evaluation.answers import search_ids
from index_builder.evaluation.figures import Figures, evaluate
from index_builder.evaluation.judgements import JudgedQuery, read_qrels, read_queries
from local.commands.arguments import as_json, index_folder, size
from local.commands.batch import related_ids


@click.group("evaluate")
def command() -> None:
    """Measure MRR, nDCG and recall, overall and by query type."""


_QRELS = click.option("--qrels", required=True, type=click.Path(path_type=Path))


@command.command("search")
@index_folder
@click.option("--queries", required=True, type=click.Path(path_type=Path))
@_QRELS
@click.option(
    "--freshness",
    default=0.0,
    show_default=True,
    type=click.FloatRange(0, 1),
    help="What share of its relevance the newest article gains, as in GET /v1/search.",
)
@size
@as_json
def evaluate_search(
    index: Path, queries: Path, qrels: Path, size: int, *, freshness: float, as_json: bool
) -> None:
    """Evaluate search against judged queries."""
    snapshot = open_snapshot(index)
    figures = evaluate(
        read_queries(queries),
        read_qrels(qrels),
        lambda query: search_ids(snapshot, query.text, size, freshness=freshness),
        size,
    )
    _print(figures, size, as_json=as_json)


@command.command("related")
@index_folder
@click.option(
    "--queries",
    type=click.Path(path_type=Path),
    help="Optional {id, type} lines that give the judged articles types.",
)
@_QRELS
@size
@as_json
def evaluate_related(
    index: Path, queries: Path | None, qrels: Path, size: int, *, as_json: bool
) -> None:
    """Evaluate related articles against judged pairs."""
    snapshot = open_snapshot(index)
    judgements = read_qrels(qrels)
    judged: Sequence[JudgedQuery] = (
        read_queries(queries)
        if queries is not None
        else [JudgedQuery(article_id, "", "related") for article_id in sorted(judgements)]
    )
    answer: Callable[[JudgedQuery], list[str]] = lambda query: related_ids(  # noqa: E731
        snapshot, query.id, size
    )
    _print(evaluate(judged, judgements, answer, size), size, as_json=as_json)


def _print(figures: list[Figures], depth: int, *, as_json: bool) -> None:
    if not figures:
        raise InputError("no query has a judgement; do the queries and the qrels belong together?")
    if as_json:
        rows = [dataclasses.asdict(row) for row in figures]
        click.echo(json.dumps({"depth": depth, "figures": rows}, indent=2))
        return
    table = Table(
        "type", "queries", f"MRR@{depth}", f"nDCG@{depth}", f"Recall@{depth}",
        box=None, pad_edge=False,
    )  # fmt: skip
    for column in table.columns[1:]:
        column.justify = "right"
    for row in figures:
        table.add_row(
            row.type, str(row.queries), f"{row.mrr:.3f}", f"{row.ndcg:.3f}", f"{row.recall:.3f}"
        )
    Console().print(table)
