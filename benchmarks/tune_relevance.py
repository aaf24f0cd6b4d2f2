"""Which weights should a score be made of?

    python -m benchmarks.tune_relevance [--cache FOLDER] [--unseen] [--sets woshipm,lctt,d365_zh_tw]

Scores the judged queries of `../shared/data` by brute force with every form of `benchmarks.relevance.forms`.
Prints nDCG@10 of each form by set and query type; what cross-validation over queries and leaving one set
out would have chosen, and how that does where it was not chosen; with --unseen also queries made from articles
(`benchmarks.relevance.unseen_sets`). Figures of the index itself come from `wenmai evaluate`.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.table import Table

from benchmarks.relevance.choosing import (
    Cell,
    Choice,
    Gains,
    across_folds,
    across_sets,
    folds_of,
    measure,
    worth,
)
from benchmarks.relevance.evidence import Evidence
from benchmarks.relevance.forms import Form, current, forms
from benchmarks.relevance.judged_set import NAMES, JudgedSet, SetReader, scratch_folder
from benchmarks.relevance.unseen_sets import unseen_sets

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
FOLDS = 5


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sets", default=",".join(NAMES), help="judged sets, comma between")
    parser.add_argument("--unseen", action="store_true", help="also queries made from articles")
    parser.add_argument("--built", action="store_true", help="what is built alone, nothing tried")
    parser.add_argument("--cache", type=Path, help="keeps the cut corpora for the next run")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    folder = options.data / "search_eval"
    if not folder.is_dir():
        raise SystemExit(f"{folder} is absent: there are no judged queries to tune on")
    if options.cache is not None:
        options.cache.mkdir(parents=True, exist_ok=True)
    console = Console(width=200)
    with scratch_folder() as scratch:
        reader = SetReader(Path(scratch), options.cache, options.jobs)
        names = [name for name in options.sets.split(",") if name]
        tried = [current()] if options.built else forms()
        console.print("[bold]Judged sets[/bold]")
        tune(console, (reader.read(folder, name) for name in names), reader, tried)
        if options.unseen:
            console.print("[bold]Queries made from articles[/bold]")
            tune(console, unseen_sets(options.data, reader), reader, tried)


def tune(
    console: Console, sets: Iterator[JudgedSet], reader: SetReader, tried: Sequence[Form]
) -> None:
    """Measure `tried` on `sets`, print the table and the choices."""
    found: list[dict[Cell, npt.NDArray[np.float64]]] = [{} for _ in tried]
    plain: dict[Cell, npt.NDArray[np.float64]] = {}
    folds: dict[Cell, npt.NDArray[np.int64]] = {}
    for judged in sets:
        evidence = Evidence(judged, reader.analyzer)
        plain.update(measure(judged, evidence.plain_scores()))
        folds.update(folds_of(judged, FOLDS))
        for form, cells in zip(tried, found, strict=True):
            cells.update(measure(judged, evidence.scores(form)))
    results = [(form.name, cells) for form, cells in zip(tried, found, strict=True)]
    print_forms(console, [*results, ("plain BM25 over words", plain)])
    if len(results) == 1:
        return
    print_choices(console, f"{FOLDS} folds of queries", across_folds(results, folds))
    if len({cell[0] for cell in folds}) > 1:
        print_choices(console, "one set left out", across_sets(results))


def print_forms(console: Console, results: Sequence[tuple[str, Gains]]) -> None:
    """Print nDCG@10 of each form by cell; the best of each column in bold."""
    cells = list(results[0][1])
    table = Table("form", "worth", *(f"{name} {kind}" for name, kind in cells), box=None)
    best = {cell: max(gains[cell].mean() for _, gains in results) for cell in cells}
    for name, gains in results:
        figures = [
            f"[bold]{value:.4f}[/bold]" if value == best[cell] else f"{value:.4f}"
            for cell in cells
            for value in (gains[cell].mean(),)
        ]
        table.add_row(name, f"{worth(gains):.4f}", *figures)
    console.print(table)


def print_choices(console: Console, title: str, choices: Sequence[Choice]) -> None:
    """Print what was chosen elsewhere and how it does."""
    table = Table(title, "chosen elsewhere", "worth here", "of what is built", box=None)
    for choice in choices:
        table.add_row(
            choice.unseen, choice.form, f"{choice.worth:.4f}", f"{choice.built_worth:.4f}"
        )
    console.print(table)


if __name__ == "__main__":
    main()
