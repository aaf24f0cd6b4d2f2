"""`wenmai serve`: the real handlers behind a gateway on this machine."""

from __future__ import annotations

import os

import click

from engine.errors import InputError
from engine.index.pointer import POINTER_KEY
from engine.store.locations import local_folder
from local.commands.arguments import DEMO_INDEX, DEMO_SITE, counters_place

_EXAMPLES = ("/v1/search?q={query}", "/v1/articles/{article}/related", "/v1/hot?window=week")


@click.command("serve")
@click.option(
    "--index",
    help="Folder or URL (file:///.., s3://..) of the index. Without it: what WENMAI_INDEX names, "
    "or else the demo's index.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(0, 65_535),
    help="Port to listen on; 0 takes any free one.",
)
@counters_place
def command(index: str | None, host: str, port: int, counters: str) -> None:
    """Serve an index over HTTP until interrupted."""
    serve_index(index or os.environ.get("WENMAI_INDEX") or _demo_index(), host, port, counters)


def serve_index(index: str, host: str, port: int, counters: str) -> None:
    """Serve `index` and say where; a damaged or missing local index is refused before listening.

    Raises `ArtifactError` or `InputError`.
    """
    from engine.index.snapshot import open_snapshot  # noqa: PLC0415 - keeps `--help` quick
    from functions.settings import Settings  # noqa: PLC0415
    from functions.warm_snapshot import WarmSnapshot  # noqa: PLC0415
    from local.gateway import serve  # noqa: PLC0415

    folder = local_folder(index)
    query, article = "用户增长", "ID"
    if folder is not None:
        published = (folder / POINTER_KEY).is_file()
        snapshot = WarmSnapshot(Settings(index)).current() if published else open_snapshot(folder)
        query = snapshot.articles.card(0).title[:8]
        article = snapshot.articles.article_id(0)
        click.echo(f"index {snapshot.version}, {len(snapshot.articles):,} articles")

    def announce(url: str) -> None:
        click.echo(f"serving at {url}  (Ctrl-C stops)")
        click.echo(f"  the forum    {url}/")
        click.echo(f"  the studio   {url}/studio")
        click.echo("or ask the service itself:")
        for example in _EXAMPLES:
            path = example.format(query=query, article=article)
            click.echo(f"  curl '{url}{path}'")

    serve(index, counters=counters, host=host, port=port, on_ready=announce)
    click.echo("stopped")


def _demo_index() -> str:
    for place in (DEMO_SITE, DEMO_INDEX):
        if place.is_dir():
            return str(place)
    raise InputError(
        "no index was named; give --index DIR, or make the sample index with: wenmai demo"
    )
