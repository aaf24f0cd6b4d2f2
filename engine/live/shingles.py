"""How much of one text is left unchanged in another?

The exact form of what the index builder estimates from signatures (`index_builder.near_duplicates`): shared
runs of three units, and how many of them stand in the same five. Invariant: 1 for equal texts, 0 for texts
that share too little to tell.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.analysis.analyzer import Analyzer
from engine.analysis.grams import unit_runs

LEAST_SHARED_CONTEXTS = 20
"""Less is too little evidence: the texts are short, or share next to nothing."""


@dataclass(frozen=True, slots=True)
class Shingles:
    """The runs of three and of five units of one text, as hashes of this process."""

    threes: frozenset[int]
    fives: frozenset[int]


def shingles_of(analyzer: Analyzer, title: str, body: str) -> Shingles:
    """Return the shingles of an article; punctuation and line ends do not count."""
    text = analyzer.normalize_lines(f"{title}\n{body}")
    units = [unit for run in unit_runs(text) for unit in run]
    return Shingles(_hashes(units, 3), _hashes(units, 5))


def unchanged_share(left: Shingles, right: Shingles) -> float:
    """Return the share of the longer text's units that the other has, too."""
    shared, contexts = left.threes & right.threes, left.fives & right.fives
    if len(contexts) < LEAST_SHARED_CONTEXTS:
        return 0.0
    longer = max(len(left.threes), len(right.threes))
    # Scattered edits leave each unit with chance d, a shingle with d^3, its context with d^5: hence d.
    # Where whole passages changed, all contexts survive, and the shared shingles themselves are it.
    return min(1.0, len(shared) / longer * len(shared) / len(contexts))


def _hashes(units: list[str], width: int) -> frozenset[int]:
    windows = zip(*(units[start:] for start in range(width)), strict=False)
    return frozenset(map(hash, windows))
