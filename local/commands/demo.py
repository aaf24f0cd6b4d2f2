"""`wenmai demo`: the sample corpus, built and served, with nothing to configure."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from engine.errors import InputError
from engine.store.local_folder import LocalFolderStore
from local.commands.arguments import (
    DEMO_CACHE,
    DEMO_INDEX,
    DEMO_SITE,
    PACKAGED_LEXICON,
    REPOSITORY,
    counters_place,
)
from local.commands.serve import serve_index

SAMPLE_CORPUS = REPOSITORY / "local" / "sample"


@click.command("demo")
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(0, 65_535),
    help="Port to listen on; 0 takes any free one.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--out",
    default=DEMO_INDEX,
    type=click.Path(path_type=Path),
    help="Where to build the index.  [default: .build/demo-index in the checkout]",
)
@click.option(
    "--site",
    default=DEMO_SITE,
    type=click.Path(path_type=Path),
    help="Where to publish it.  [default: .build/demo-site in the checkout]",
)
@counters_place
def command(port: int, host: str, out: Path, site: Path, counters: str) -> None:
    """Build the sample corpus, publish it into a folder, serve that and print the URL."""
    from rich.console import Console  # noqa: PLC0415

    from engine.index.publication import publish_artifact  # noqa: PLC0415
    from index_builder.pipeline import BuildOptions, build_index  # noqa: PLC0415 - `--help` stays quick
    from local.commands.build import BarProgress, print_report  # noqa: PLC0415

    sources = sorted(SAMPLE_CORPUS.glob("*.jsonl"))
    if not sources:
        raise InputError(f"{SAMPLE_CORPUS}: no sample articles there; run from a whole checkout")
    click.echo(f"building the sample corpus from {SAMPLE_CORPUS.relative_to(REPOSITORY)}/ ...")
    with BarProgress(Console(stderr=True)) as progress:
        # One process: starting a second takes longer than cutting 126 articles.
        report = build_index(BuildOptions(sources, out, PACKAGED_LEXICON, 1, DEMO_CACHE), progress)
    print_report(Console(), report, out)
    click.echo()
    # Published, so that articles can change and the hot list move while it is being served.
    publish_artifact(LocalFolderStore(site), out, datetime.now(UTC))
    serve_index(str(site), host, port, counters)
