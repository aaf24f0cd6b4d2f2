"""Which other words mean the same to a seller?

Invariant: expansion is one step; synonyms of synonyms are not followed, so a loose group cannot drag a
query away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class SynonymTable:
    """One-step expansions of normalised terms."""

    def __init__(self, expansions: Mapping[str, Sequence[str]]) -> None:
        self._expansions = expansions

    def __len__(self) -> int:
        """Return how many terms have synonyms."""
        return len(self._expansions)

    def __contains__(self, term: str) -> bool:
        """Tell whether `term` has synonyms."""
        return term in self._expansions

    def expand(self, term: str) -> tuple[str, ...]:
        """Return what else `term` may be called, in the lexicon's order; without `term` itself."""
        return tuple(self._expansions.get(term, ()))
