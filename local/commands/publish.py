"""`wenmai publish`: an index passes the gates and becomes the one that readers take."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import Progress

from engine.errors import InputError
from engine.index.manifest import read_manifest
from engine.index.pointer_store import read_pointer
from engine.index.publication import Publication, Retention
from local.commands.arguments import as_json
from local.commands.published import (
    golden_queries,
    holders,
    now,
    open_writable,
    publish_anyway,
    to_url,
    versions_kept,
)
from local.commands.report import open_location, write_report
from local.commands.verdict_table import print_verdicts

if TYPE_CHECKING:
    from index_builder.gates.check import GateOptions
    from index_builder.gates.gate import Verdict


@click.command("publish")
@click.argument("directory", type=click.Path(path_type=Path))
@to_url
@publish_anyway
@versions_kept
@click.option("--again", is_flag=True, help="Upload all files though the store has them.")
@golden_queries
@click.option(
    "--evaluate",
    nargs=2,
    type=click.Path(path_type=Path),
    metavar="QUERIES QRELS",
    help="Judged queries; needs --min-ndcg.",
)
@click.option("--min-ndcg", type=click.FloatRange(0, 1), help="nDCG@10 that must be reached.")
@click.option("--max-mb", type=click.FloatRange(1), help="Largest index that readers can hold.")
@click.option(
    "--report", "page", type=click.Path(path_type=Path), help="Write an HTML report to this file."
)
@click.option(
    "--queries",
    type=click.Path(path_type=Path),
    help="Queries for the report: whose first ten hits change? {query} lines.",
)
@as_json
def command(
    directory: Path,
    url: str,
    *,
    force: bool,
    keep: int,
    again: bool,
    golden: Path | None,
    evaluate: tuple[Path, Path] | None,
    min_ndcg: float | None,
    max_mb: float | None,
    page: Path | None,
    queries: Path | None,
    as_json: bool,
) -> None:
    """Publish the index in DIRECTORY to --to, if it passes the gates."""
    # The gates ask the index builder, which brings scikit-learn: `--help` should not wait for it.
    from engine.index.publication import publish_artifact  # noqa: PLC0415
    from index_builder.gates.check import check_gates  # noqa: PLC0415
    from index_builder.gates.gate import require_passed  # noqa: PLC0415

    if queries is not None and page is None:
        raise InputError("--queries is for the report; name its file with --report")
    options = _gate_options(golden, evaluate, min_ndcg, max_mb)
    manifest = read_manifest(directory)
    store = open_writable(url)
    seen = read_pointer(store)
    verdicts = check_gates(directory, seen.pointer.current.articles if seen else None, options)
    if not as_json:
        print_verdicts(Console(), verdicts, forced=force)
    if page is not None:
        old = open_location(url) if seen is not None else None
        write_report(page, open_location(str(directory)), old, queries, verdicts)
        click.echo(f"report: {page}", err=True)
    if not force:
        require_passed(verdicts)
    with Progress(console=Console(stderr=True), transient=True) as progress:
        uploading = progress.add_task("uploading", total=len(manifest.files))
        done = publish_artifact(
            store,
            directory,
            now(),
            seen=seen,
            retention=Retention(keep, unheld=holders(url)),
            again=again,
            on_file=lambda: progress.advance(uploading),
        )
    if as_json:
        click.echo(json.dumps(_as_json(done, verdicts), ensure_ascii=False, indent=2))
    else:
        _print(done, url)
    if done.sweep_error is not None:
        click.echo(f"old versions were not cleared away: {done.sweep_error}", err=True)


def _gate_options(
    golden: Path | None,
    evaluate: tuple[Path, Path] | None,
    min_ndcg: float | None,
    max_mb: float | None,
) -> GateOptions:
    from index_builder.gates.check import Evaluation, GateOptions  # noqa: PLC0415
    from index_builder.gates.size_gate import MAX_BYTES  # noqa: PLC0415

    if (evaluate is None) != (min_ndcg is None):
        raise InputError("--evaluate QUERIES QRELS and --min-ndcg belong together; give both")
    evaluation = Evaluation(*evaluate, min_ndcg) if evaluate and min_ndcg is not None else None
    return GateOptions(golden, evaluation, round(max_mb * 1e6) if max_mb else MAX_BYTES)


def _as_json(done: Publication, verdicts: list[Verdict]) -> dict[str, object]:
    return {
        "generation": done.pointer.generation,
        "version": done.pointer.current.version,
        "moved": done.moved,
        "uploaded": done.uploaded,
        "deleted": list(done.sweep.deleted),
        "waiting": list(done.sweep.waiting),
        "gates": [asdict(verdict) for verdict in verdicts],
    }


def _print(done: Publication, url: str) -> None:
    current = done.pointer.current
    if done.moved:
        how = "uploaded" if done.uploaded else "still there, nothing uploaded"
        click.echo(f"published {current.version} as generation {done.pointer.generation} ({how})")
    else:
        click.echo(f"{current.version} is the current version already; nothing to do")
    if done.pointer.previous:
        click.echo(f"the version before was {done.pointer.previous[0].version}; back to it with")
        click.echo(f"  wenmai rollback --to {url}")
    for prefix in done.sweep.deleted:
        click.echo(f"deleted {prefix}")
    for prefix in done.sweep.waiting:
        click.echo(f"kept for slow readers {prefix}")
