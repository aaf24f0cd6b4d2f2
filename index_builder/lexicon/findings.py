"""What can be said about a lexicon before it is built?

Invariant: only a line or file that cannot be used is an error; everything else is a remark, for a
person to judge. Each names the file and line that it is about.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a finding is about, gravest first."""

    UNUSABLE = "unusable"
    DUPLICATE = "duplicate"
    NOT_NORMALISED = "not_normalised"
    SLOW_PATTERN = "slow_pattern"
    SYNONYM_CUT = "synonym_cut"
    STOP_WORD_CUT = "stop_word_cut"
    STOP_AND_DOMAIN = "stop_and_domain"
    NEVER_OCCURS = "never_occurs"
    NEIGHBOUR_WINS = "neighbour_wins"
    MOVES_NEIGHBOURS = "moves_neighbours"
    CHANGES_NOTHING = "changes_nothing"
    SPLITS = "splits"
    JOINS = "joins"


EXPLANATIONS = {
    Kind.UNUSABLE: "cannot be used",
    Kind.DUPLICATE: "said twice, once normalised",
    Kind.NOT_NORMALISED: "written otherwise than it is read",
    Kind.SLOW_PATTERN: "a repetition within a repetition can take forever",
    Kind.SYNONYM_CUT: "a synonym that is not cut as one word is never looked up",
    Kind.STOP_WORD_CUT: "a stop word that is not cut as one word has no effect",
    Kind.STOP_AND_DOMAIN: "finds nothing alone; right if it is a domain term only to be cut as one",
    Kind.NEVER_OCCURS: "in no article of the index",
    Kind.NEIGHBOUR_WINS: "cut through, though it is listed: a neighbour wins",
    Kind.MOVES_NEIGHBOURS: "changes how its neighbours are cut: is that right?",
    Kind.CHANGES_NOTHING: "cut alike without it",
    Kind.SPLITS: "cut apart, as its frequency says",
    Kind.JOINS: "cut as one word, as intended; its neighbours stay as they were",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found.

    line: from 1, None for the whole file; word: what it is about, "" for a line that gives none;
    detail: what to do, or what else is known; before, after: how a text is cut without and with the
    word; places, seen: in how many of the places that were looked at (0 of 0 where the word was
    cut alone, or where no cut is the matter).
    """

    kind: Kind
    file: str
    line: int | None
    word: str
    detail: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    places: int = 0
    seen: int = 0

    @property
    def is_error(self) -> bool:
        """Whether the lexicon cannot be used as it is."""
        return self.kind is Kind.UNUSABLE
