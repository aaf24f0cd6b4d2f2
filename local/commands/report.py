"""`wenmai report`: what is in this index, and what changed since another one?"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.errors import InputError
from engine.index.snapshot import Snapshot

if TYPE_CHECKING:
    from index_builder.gates.gate import Verdict


@click.command("report")
@click.argument("old")
@click.argument("new")
@click.option(
    "--queries",
    type=click.Path(path_type=Path),
    help="Whose first ten hits changed? {query} lines.",
)
@click.option("--out", required=True, type=click.Path(path_type=Path), help="HTML file to write.")
def command(old: str, new: str, queries: Path | None, out: Path) -> None:
    """Compare two indexes, each a folder or what is published at a URL."""
    write_report(out, open_location(new), open_location(old), queries)
    click.echo(f"report: {out}")


def open_location(location: str) -> Snapshot:
    """Return the index in a folder, or the current one that is published at a folder or URL."""
    from functions.settings import Settings  # noqa: PLC0415 - `--help` stays quick
    from functions.warm_snapshot import WarmSnapshot  # noqa: PLC0415

    # Of this user, not of the machine: what is found in a cache is taken for verified.
    caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    warm = WarmSnapshot(Settings(location, Path(caches) / "wenmai"))
    snapshot = warm.current()
    if reason := warm.freshness().reason:
        raise InputError(
            f"{location}: the current version cannot be read ({reason}); see `wenmai versions`"
        )
    return snapshot


def write_report(
    out: Path,
    new: Snapshot,
    old: Snapshot | None,
    queries: Path | None,
    verdicts: Sequence[Verdict] = (),
) -> None:
    """Write the report to `out`."""
    from index_builder.reports.page import ReportSubject, render_report  # noqa: PLC0415
    from index_builder.reports.query_changes import read_query_texts  # noqa: PLC0415

    texts = read_query_texts(queries) if queries else []
    page = render_report(ReportSubject(new, old, texts, verdicts))
    try:
        out.write_text(page, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{out}: cannot be written ({error.strerror})") from error
