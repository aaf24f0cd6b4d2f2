"""`wenmai hot-refresh`: what was counted becomes the live hot list and hot searches."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime

import click

from engine.index.blocked_words import published_blocked_words
from engine.recommend.hot_refresh import refresh_hot
from engine.store.locations import open_store
from local.commands.arguments import as_json, counters_place

_CALL_SECONDS = 30.0


@click.command("hot-refresh")
@click.option(
    "--to",
    "url",
    required=True,
    help="Where the index is published: a folder, file:///folder or s3://bucket/prefix.",
)
@counters_place
@as_json
def command(url: str, counters: str, as_json: bool) -> None:
    """Write what visitors read and searched for lately beside a published index.

    `wenmai serve` does this by itself for a published index; on AWS a schedule does.
    """
    from functions.counters_location import open_counters  # noqa: PLC0415 - keeps `--help` quick

    store = open_store(url, deadline_seconds=_CALL_SECONDS)
    blocked = published_blocked_words(store)
    opened = open_counters(counters)
    try:
        report = refresh_hot(store, opened, blocked.blocks, datetime.now(UTC))
    finally:
        opened.close()
    if as_json:
        click.echo(json.dumps(asdict(report)))
        return
    click.echo(
        f"hot list: {report.articles:,} articles (generation {report.articles_generation}), "
        f"hot searches: {report.searches:,} (generation {report.searches_generation})"
    )
