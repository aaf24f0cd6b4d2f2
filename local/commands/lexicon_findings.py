"""How is what was found in a lexicon shown to people, and to programs?

Invariant: each kind shows its first lines and says how many more there are; JSON leaves nothing out.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from index_builder.lexicon.findings import EXPLANATIONS, Finding, Kind

SHOWN_ERRORS = 20
SHOWN_REMARKS = 8


def as_record(finding: Finding) -> dict[str, Any]:
    """Return `finding` as JSON fields."""
    return {
        "level": "error" if finding.is_error else "remark",
        "kind": finding.kind.value,
        "file": finding.file,
        "line": finding.line,
        "word": finding.word,
        "detail": finding.detail,
        "before": list(finding.before),
        "after": list(finding.after),
        "places": finding.places,
        "seen": finding.seen,
    }


def print_findings(findings: Sequence[Finding], console: Console | None = None) -> None:
    """Print `findings`, which come by kind, as tables for people."""
    console = console or Console()
    for kind, group in groupby(findings, key=lambda finding: finding.kind):
        entries = list(group)
        shown = SHOWN_ERRORS if kind is Kind.UNUSABLE else SHOWN_REMARKS
        level = "error" if kind is Kind.UNUSABLE else "remark"
        console.print(
            f"{level}: {kind.replace('_', ' ')} ({len(entries):,}): {EXPLANATIONS[kind]}",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )
        table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1))
        table.add_column(no_wrap=True)
        table.add_column(overflow="fold")
        table.add_column(overflow="fold")
        for finding in entries[:shown]:
            place = finding.file if finding.line is None else f"{finding.file}:{finding.line}"
            table.add_row(f"  {place}", _visible(finding.word), _visible(_told(finding)))
        console.print(table, markup=False, highlight=False)
        if len(entries) > shown:
            console.print(f"  … and {len(entries) - shown:,} more (see --json)", highlight=False)
        console.print()
    errors = sum(finding.is_error for finding in findings)
    console.print(f"errors: {errors:,}, remarks: {len(findings) - errors:,}", highlight=False)


def _told(finding: Finding) -> str:
    cut = "/".join(finding.after)
    if finding.before and finding.before != finding.after:
        cut = f"{'/'.join(finding.before)} → {cut}"
    where = f"{finding.places} of {finding.seen} places" if finding.seen else ""
    return ";  ".join(part for part in (where, cut, finding.detail) if part)


def _visible(text: str) -> Text:
    # A control character could redraw the terminal; square brackets are no markup in a Text.
    return Text("".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text))
