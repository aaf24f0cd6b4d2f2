"""`wenmai search`: one query, answered as a table for people."""

from __future__ import annotations

import dataclasses
import html
import json
import re
import time
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from engine.errors import QueryError
from engine.index.snapshot import open_snapshot
from engine.search.requests import MAX_QUERY_CHARACTERS, SearchRequest, SearchResult
from engine.search.searcher import search
from local.commands.arguments import as_json, index_folder, size

_MARK = re.compile(r"<em>(.*?)</em>")


@click.command("search")
@click.argument("text")
@index_folder
@size
@as_json
def command(text: str, index: Path, size: int, *, as_json: bool) -> None:
    """Search TEXT and print the best hits."""
    if len(text) > MAX_QUERY_CHARACTERS:
        # The same bound as over HTTP, and as there before any work is done.
        raise QueryError("TEXT", f"{len(text):,} characters, expected 1 to {MAX_QUERY_CHARACTERS}")
    snapshot = open_snapshot(index)
    request = SearchRequest(text, size=size)
    begun = time.perf_counter()
    result = search(snapshot, request)
    opening = time.perf_counter() - begun
    if as_json:
        click.echo(json.dumps(_told(result), ensure_ascii=False, indent=2))
        return
    # The first question opens the index; a service answers from one that is open.
    begun = time.perf_counter()
    search(snapshot, request)
    warm = time.perf_counter() - begun
    console = Console()
    console.print(
        f"{result.total:,} hits in {1_000 * warm:.1f} ms ({1_000 * opening:.0f} ms with opening the index), "
        f"tier {result.query.tier}, terms: {' / '.join(result.query.terms) or 'none'}",
        markup=False,
    )
    table = Table("score", "id", "title", "excerpt", box=None, pad_edge=False)
    for hit in result.hits:
        table.add_row(
            f"{hit.score:.2f}",
            hit.card.id,
            marked(hit.highlights.title),
            marked(hit.highlights.excerpt),
        )
    console.print(table)


def _told(result: SearchResult) -> dict[str, Any]:
    """Return `result` as JSON has it, the cards as fields."""
    told = dataclasses.asdict(result)
    for shown, hit in zip(told["hits"], result.hits, strict=True):
        del shown["record"]
        shown["card"] = dataclasses.asdict(hit.card)
    return told


def marked(highlighted: str) -> Text:
    """Return highlighted HTML as terminal text with the marks in bold."""
    text = Text()
    position = 0
    for match in _MARK.finditer(highlighted):
        text.append(html.unescape(highlighted[position : match.start()]))
        text.append(html.unescape(match.group(1)), style="bold yellow")
        position = match.end()
    text.append(html.unescape(highlighted[position:]))
    return text
