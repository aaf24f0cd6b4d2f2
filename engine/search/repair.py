"""What is put in the place of a piece of a query, and why?

Invariant: repairs of one query that are applied together do not overlap; the text between them stays as
it was typed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from engine.search.requests import Tier


class Proof(IntEnum):
    """What a repair must bring about before it is believed."""

    MORE_WORDS = 0
    """Some article must have more of the query's words than any had before."""

    ALL_WORDS = 1
    """Some article must have all of them."""

    ALL_OF_SEVERAL = 2
    """Likewise, and there must be another word that vouches for the repaired one."""


@dataclass(frozen=True, slots=True)
class Substitute:
    """A word, what was typed for it, and by which rule it stands for that."""

    word: str
    typed: str
    via: str


@dataclass(frozen=True, slots=True)
class Repair:
    """`text[start:end]` of a query read as `substitutes`, side by side.

    doubt: 0 for what can mean nothing else, larger for weaker guesses; comparable within one query.
    """

    start: int
    end: int
    substitutes: tuple[Substitute, ...]
    tier: Tier
    doubt: float
    proof: Proof = Proof.MORE_WORDS

    @property
    def replacement(self) -> str:
        """Return what stands there instead."""
        return "".join(substitute.word for substitute in self.substitutes)

    def overlaps(self, other: Repair) -> bool:
        """Tell whether both would change the same place."""
        return self.start < other.end and other.start < self.end


def apply_repairs(text: str, repairs: Iterable[Repair]) -> str:
    """Return `text` with every one of `repairs` made."""
    for repair in sorted(repairs, key=lambda repair: -repair.start):
        text = text[: repair.start] + repair.replacement + text[repair.end :]
    return text
