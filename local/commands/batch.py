"""`wenmai batch`: many queries from a file, hits and engine time to a file."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from engine.errors import ArticleNotFoundError, InputError
from engine.index.snapshot import Snapshot, open_snapshot
from engine.recommend.related import related_articles
from index_builder.evaluation.answers import search_ids
from index_builder.evaluation.judgements import read_records
from local.commands.arguments import index_folder, size


@click.group("batch")
def command() -> None:
    """Answer a file of queries: {id, query} or {id} in, {id, hits, ms} out."""


def _arguments(function: Callable[..., None]) -> Callable[..., None]:
    for option in (
        size,
        click.option("--out", required=True, type=click.Path(path_type=Path)),
        click.option("--in", "source", required=True, type=click.Path(path_type=Path)),
        index_folder,
    ):
        function = option(function)
    return function


@command.command("search")
@_arguments
def batch_search(index: Path, source: Path, out: Path, size: int) -> None:
    """Answer {id, query} lines."""
    snapshot = open_snapshot(index)

    def answer(record: dict[str, Any]) -> list[str]:
        if not isinstance(record.get("query"), str):
            raise InputError(f"{source}: id {record.get('id')!r}: query: expected a string")
        return search_ids(snapshot, record["query"], size)

    _run(source, out, answer)


@command.command("related")
@_arguments
def batch_related(index: Path, source: Path, out: Path, size: int) -> None:
    """Answer {id} lines."""
    snapshot = open_snapshot(index)

    def answer(record: dict[str, Any]) -> list[str]:
        return related_ids(snapshot, str(record.get("id")), size)

    _run(source, out, answer)


def related_ids(snapshot: Snapshot, article_id: str, size: int) -> list[str]:
    """Return the ids related to the article, none for an article that is not in the index."""
    try:
        return [item.card.id for item in related_articles(snapshot, article_id, size)]
    except ArticleNotFoundError:
        return []


def _run(source: Path, out: Path, answer: Callable[[dict[str, Any]], list[str]]) -> None:
    # Everything is read before anything is written: a bad line must not leave half a run behind.
    records = [record for _, record in read_records(source)]
    lines = []
    for record in records:
        begun = time.perf_counter()
        hits = answer(record)
        milliseconds = (time.perf_counter() - begun) * 1000
        line = {"id": record.get("id"), "hits": hits, "ms": round(milliseconds, 4)}
        lines.append(json.dumps(line, ensure_ascii=False) + "\n")
    try:
        out.write_text("".join(lines), encoding="utf-8")
    except OSError as error:
        raise InputError(f"{out}: cannot be written ({error.strerror})") from error
    click.echo(f"{len(lines)} answered, written to {out}")
