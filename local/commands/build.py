"""`wenmai build`: articles in, a verified index out, and a report of what happened."""

from __future__ import annotations

import json
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from index_builder.build_report import BuildReport
from local.commands.arguments import as_json, cache_folder, jobs, lexicon_folder

SHOWN_LINES = 10


@click.command("build")
@click.argument("sources", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder to write.")
@lexicon_folder
@cache_folder
@jobs
@as_json
def command(
    sources: tuple[Path, ...],
    out: Path,
    lexicon: Path,
    cache: Path | None,
    jobs: int,
    *,
    as_json: bool,
) -> None:
    """Build an index from SOURCES (.jsonl or .jsonl.gz) into the folder --out."""
    # The builder brings scikit-learn with it: loaded here, so that `wenmai --help` stays quick.
    from index_builder.pipeline import BuildOptions  # noqa: PLC0415
    from index_builder.rebuild_in_place import build_in_place  # noqa: PLC0415

    console = Console(stderr=True)
    with BarProgress(console) as progress:
        report = build_in_place(BuildOptions(sources, out, lexicon, jobs, cache), progress)
    if as_json:
        click.echo(json.dumps(report.to_json(), ensure_ascii=False, indent=2))
    else:
        print_report(Console(), report, out)


class BarProgress:
    """Draws a bar per stage on a terminal; prints nothing elsewhere."""

    def __init__(self, console: Console) -> None:
        self._bars = Progress(
            TextColumn("{task.description:>10}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            disable=not console.is_terminal,
        )
        self._task: int | None = None

    def __enter__(self) -> BarProgress:
        """Start drawing."""
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Finish the last bar and stop drawing."""
        self._finish()
        self._bars.stop()

    def start(self, stage: str, total: int | None) -> None:
        """Begin a bar; without a total it only counts."""
        self._finish()
        self._task = self._bars.add_task(stage, total=total)

    def advance(self, steps: int = 1) -> None:
        """Move the current bar on."""
        if self._task is not None:
            self._bars.advance(self._bars.tasks[self._task].id, steps)

    def _finish(self) -> None:
        if self._task is not None:
            task = self._bars.tasks[self._task]
            done = task.completed or 1
            self._bars.update(task.id, total=done, completed=done)


def print_report(console: Console, report: BuildReport, out: Path | str) -> None:
    """Print what a build did, for people."""
    facts = Table.grid(padding=(0, 2))
    facts.add_row("index", f"{out}  (version {report.index_version})")
    facts.add_row("articles", f"{report.articles:,} of {report.lines:,} lines")
    facts.add_row("quarantined", f"{len(report.quarantined):,}")
    facts.add_row("replaced", f"{len(report.replaced_ids):,} duplicate ids (last one wins)")
    facts.add_row("lists", f"{report.terms:,} terms, {report.postings:,} postings")
    found = report.findability
    facts.add_row(
        "findable",
        f"{found.share:.2%} of {found.title_pairs:,} title pairs, {found.substrings:,} substrings, "
        f"{found.tags:,} tags",
    )
    if report.reused:
        facts.add_row("cached", f"{report.reused:,} articles were not cut again")
    facts.add_row("size", f"{report.bytes / 1e6:,.1f} MB ({report.bytes:,} bytes)")
    console.print(facts)
    stages = Table("stage", "seconds", "characters/s", box=None, pad_edge=False)
    for stage in report.stages:
        speed = f"{stage.characters_per_second:,.0f}" if stage.characters else ""
        stages.add_row(stage.name, f"{stage.seconds:.2f}", speed)
    total_speed = report.characters / report.seconds if report.seconds else 0.0
    stages.add_row("total", f"{report.seconds:.2f}", f"{total_speed:,.0f}")
    for column in stages.columns[1:]:
        column.justify = "right"
    console.print()
    console.print(stages)
    lines = [f"{q.source}:{q.line}: {q.reason}" for q in report.quarantined]
    lines += [f"cache: {damage}" for damage in report.damaged_cache]
    lines += [f"duplicate id {article_id!r}: last one kept" for article_id in report.replaced_ids]
    for line in lines[:SHOWN_LINES]:
        console.print(f"  {line}", markup=False, highlight=False)
    if len(lines) > SHOWN_LINES:
        console.print(f"  … and {len(lines) - SHOWN_LINES} more (see --json)")
