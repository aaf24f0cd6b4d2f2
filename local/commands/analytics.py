"""`wenmai analytics`: what people search for and read, as a table, JSON or a page."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from engine.counters.buckets import DAYS_KEPT
from engine.counters.protocol import Counters
from engine.errors import InputError
from functions.counters_location import DYNAMODB_SCHEME, open_counters
from local.commands.arguments import PACKAGED_LEXICON, as_json, counters_place

if TYPE_CHECKING:
    from engine.counters.figures import Analytics


@click.command("analytics")
@counters_place
@click.option(
    "--days",
    default=28,
    show_default=True,
    type=click.IntRange(1, DAYS_KEPT),
    help="How many of the site's days, today included.",
)
@click.option(
    "--top",
    default=20,
    show_default=True,
    type=click.IntRange(1, 1_000),
    help="Lines to a list.",
)
@click.option(
    "--min-visitors",
    default=2,
    show_default=True,
    type=click.IntRange(1, 1_000),
    help="Show a query only when so many visitors made it on one day: a rare one may name a person.",
)
@click.option(
    "--lexicon",
    default=PACKAGED_LEXICON,
    type=click.Path(path_type=Path),
    help="Folder of word lists; queries with a word of its blocked_words.txt are not shown.",
)
@click.option(
    "--index",
    type=click.Path(path_type=Path),
    help="Folder of an index, to name articles by their titles.",
)
@click.option(
    "--html",
    "html_file",
    type=click.Path(path_type=Path),
    help="Write the report to this file instead, as a page with plots.",
)
@click.option(
    "--zero-hits",
    type=click.Path(path_type=Path),
    help="Write the searches that found nothing to this file, for `wenmai lexicon mine --queries`.",
)
@as_json
def command(
    *,
    counters: str,
    days: int,
    top: int,
    min_visitors: int,
    lexicon: Path,
    index: Path | None,
    html_file: Path | None,
    zero_hits: Path | None,
    as_json: bool,
) -> None:
    """Tell what people searched for, what they did not find, and what they read."""
    from engine.counters.figures import analyse  # noqa: PLC0415
    from local.analytics.blocked_queries import blocked_queries  # noqa: PLC0415 - `--help` stays quick

    source = _open_existing(counters)
    try:
        analytics = analyse(
            source,
            datetime.now(UTC),
            days=days,
            least_visitors=min_visitors,
            top=top,
            is_blocked=blocked_queries(lexicon),
        )
    finally:
        source.close()
    titles = {} if index is None else _titles(index, analytics)
    if zero_hits is not None:
        lines = ({"query": q.query, "count": q.zero_hits} for q in analytics.zero_hit_queries)
        _write(zero_hits, "".join(json.dumps(x, ensure_ascii=False) + "\n" for x in lines))
    if html_file is not None:
        from local.analytics.page import report_page  # noqa: PLC0415 - matplotlib takes a second

        _write(html_file, report_page(analytics, titles))
    if as_json:
        click.echo(json.dumps(dataclasses.asdict(analytics), ensure_ascii=False, indent=2))
    elif html_file is None and zero_hits is None:
        _print(Console(), analytics, titles)


def _open_existing(place: str) -> Counters:
    # Reading must not make a file: an empty report would hide a misspelt path.
    if not place.startswith(DYNAMODB_SCHEME) and not Path(place).is_file():
        raise InputError(
            f"{place}: no counters there; `wenmai serve` makes them when the first event comes, "
            "--counters names others"
        )
    return open_counters(place)


def _titles(index: Path, analytics: Analytics) -> Mapping[str, str]:
    from engine.index.snapshot import open_snapshot  # noqa: PLC0415

    articles = open_snapshot(index).articles
    found = ((a.article_id, articles.find(a.article_id)) for a in analytics.most_viewed)
    return {
        article_id: articles.card(number).title
        for article_id, number in found
        if number is not None
    }


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror})") from error
    # Apart from what --json prints.
    click.echo(f"written to {path}", err=True)


def _print(console: Console, analytics: Analytics, titles: Mapping[str, str]) -> None:
    from local.analytics.held_back import held_back_note  # noqa: PLC0415

    searches = sum(day.searches for day in analytics.days)
    zero_hits = sum(day.zero_hits for day in analytics.days)
    console.print(
        f"{analytics.first_day} to {analytics.last_day}: "
        f"{sum(day.views for day in analytics.days):,} views, {searches:,} searches, "
        f"{zero_hits:,} of them without a hit",
        markup=False,
    )
    _table(
        console,
        "top queries",
        ("searches", "no hit", "clicks", "query"),
        [(q.searches, q.zero_hits, q.clicks, q.query) for q in analytics.top_queries],
    )
    _table(
        console,
        "searches that found nothing",
        ("no hit", "searches", "query"),
        [(q.zero_hits, q.searches, q.query) for q in analytics.zero_hit_queries],
    )
    console.print(held_back_note(analytics), markup=False, style="dim")
    _table(
        console,
        "click-through by position",
        ("position", "shown", "clicks", "rate", "95 % interval"),
        [
            (p.position, p.shown, p.clicks, f"{p.rate:.1%}", f"{p.low:.1%} to {p.high:.1%}")
            for p in analytics.positions
        ],
    )
    _table(
        console,
        "most viewed",
        ("views", "clicks", "id", "title"),
        [
            (a.views, a.clicks, a.article_id, titles.get(a.article_id, ""))
            for a in analytics.most_viewed
        ],
    )


def _table(
    console: Console, title: str, header: Sequence[str], rows: Sequence[Sequence[int | str]]
) -> None:
    console.print(f"\n{title}", style="bold", markup=False)
    if not rows:
        console.print("none", style="dim")
        return
    table = Table(box=None, pad_edge=False)
    for n, name in enumerate(header):
        table.add_column(name, justify="right" if isinstance(rows[0][n], int) else "left")
    for row in rows:
        # Text: what people typed is no markup.
        table.add_row(*(Text(_plain(v) if isinstance(v, str) else f"{v:,}") for v in row))
    console.print(table)


def _plain(text: str) -> str:
    # What moves a cursor or reorders a line shows as what it is: nothing to be read.
    return "".join(c if c.isprintable() else "\ufffd" for c in text)
