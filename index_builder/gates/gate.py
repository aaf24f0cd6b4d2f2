"""What does a gate say?

Invariant: a gate measures and never changes anything; what it measured is reported whether it lets the
index pass or not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.errors import GateRefusedError


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one gate measured, against which bound, and whether that lets the index pass."""

    gate: str
    found: str
    bound: str
    passed: bool
    advice: str = ""


def require_passed(verdicts: Sequence[Verdict]) -> None:
    """Raise `GateRefusedError` for the first gate that refused; its message names all of them."""
    refused = [verdict for verdict in verdicts if not verdict.passed]
    if not refused:
        return
    first, *others = refused
    also = "".join(
        f" Also {verdict.gate}: found {verdict.found}, the bound is {verdict.bound}."
        for verdict in others
    )
    raise GateRefusedError(first.gate, first.found, first.bound, f"{first.advice}{also}")
