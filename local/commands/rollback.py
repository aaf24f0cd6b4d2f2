"""`wenmai rollback`: yesterday's index is one command away."""

from __future__ import annotations

import click

from engine.documents import isoformat
from engine.index.rollback import roll_back
from local.commands.published import now, open_writable, read_published, to_url


@click.command("rollback")
@to_url
@click.option("--version", help="Which version; the one before the current if not given.")
def command(url: str, version: str | None) -> None:
    """Make an earlier version the current one, after looking that its files are all there."""
    store = open_writable(url)
    before = read_published(store, url).pointer.current
    pointer = roll_back(store, now(), version)
    current = pointer.current
    click.echo(
        f"generation {pointer.generation} is version {current.version} again "
        f"({current.articles:,} articles, published {isoformat(current.published_at)})"
    )
    click.echo("readers follow within seconds; undo with")
    click.echo(f"  wenmai rollback --to {url} --version {before.version}")
