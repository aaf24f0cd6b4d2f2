"""How does a person see what the gates measured?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from index_builder.gates.gate import Verdict


def print_verdicts(console: Console, verdicts: Sequence[Verdict], *, forced: bool) -> None:
    """Print one row for each gate."""
    table = Table("gate", "found", "bound", "", box=None, pad_edge=False)
    refused = "overridden" if forced else "REFUSED"
    for verdict in verdicts:
        outcome = "passed" if verdict.passed else refused
        # Queries and ids come from files: what looks like markup in them is text.
        table.add_row(*map(Text, (verdict.gate, verdict.found, verdict.bound, outcome)))
    console.print(table)
