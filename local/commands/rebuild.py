"""`wenmai rebuild`: build the published index anew from its source, with the changes made meanwhile."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import click
from rich.console import Console

from engine.index.publication import Retention
from local.commands.arguments import as_json, cache_folder, jobs, lexicon_folder
from local.commands.build import BarProgress, print_report
from local.commands.published import (
    golden_queries,
    holders,
    now,
    open_writable,
    publish_anyway,
    to_url,
    versions_kept,
)
from local.commands.verdict_table import print_verdicts


@click.command("rebuild")
@click.argument("sources", nargs=-1, required=True)
@to_url
@lexicon_folder
@cache_folder
@click.option(
    "--store-cache", is_flag=True, help="Keep that beside the index, for machines that forget."
)
@jobs
@golden_queries
@versions_kept
@publish_anyway
@as_json
def command(
    sources: tuple[str, ...],
    url: str,
    *,
    lexicon: Path,
    cache: Path | None,
    store_cache: bool,
    jobs: int,
    golden: Path | None,
    keep: int,
    force: bool,
    as_json: bool,
) -> None:
    """Build the index at --to anew from SOURCES and publish it, if it passes the gates.

    SOURCES are .jsonl or .jsonl.gz: paths, file:///… or s3://bucket/key. What was put or deleted since
    the last build is folded in, also while this runs. For cron and containers.
    """
    from index_builder.gates.check import GateOptions  # noqa: PLC0415 - scikit-learn
    from index_builder.handler import summarize  # noqa: PLC0415
    from index_builder.rebuild import RebuildOptions, rebuild  # noqa: PLC0415
    from index_builder.source_fetch import local_source  # noqa: PLC0415

    store = open_writable(url)
    console = Console(stderr=True)
    with tempfile.TemporaryDirectory(prefix="wenmai-rebuild-") as name:
        work = Path(name)
        options = RebuildOptions(
            [local_source(source, work / str(number)) for number, source in enumerate(sources)],
            lexicon,
            work,
            jobs,
            cache,
            store_cache,
            GateOptions(golden),
            Retention(keep, unheld=holders(url)),
            force,
        )
        with BarProgress(console) as progress:
            done = rebuild(store, options, now, progress)
    summary = summarize(done)
    if as_json:
        click.echo(json.dumps(summary, ensure_ascii=False, indent=2))
        return
    print_report(Console(), done.report, url)
    print_verdicts(Console(), list(done.verdicts), forced=force)
    click.echo(
        f"published {summary['index_version']} as generation {summary['generation']}"
        if done.publication.moved
        else f"{summary['index_version']} is the current version already; nothing to do"
    )
    if done.report.folded is not None:
        folded = done.report.folded
        click.echo(
            f"live changes: {folded.put} put, {folded.left_out} left out, {folded.source_newer} older "
            f"than the source; {done.forgotten} forgotten, which all versions in use hold"
        )
