"""Where do terms stand in several short texts?

A page shows twenty of them, and what a call costs to start is most of what it costs: so they are folded and
searched as one. Invariant: what is found in each is what `find_occurrences` finds in it alone.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from engine.analysis.normalizer import Normalizer
from engine.search.folded_text import fold_table
from engine.search.occurrences import Occurrence, find_occurrences

_BETWEEN = "\n"
"""Folding never looks across spaces, and no word goes on behind one."""


class JoinedTexts:
    """Some `texts`, folded together for finding `terms` (normalised) in them."""

    def __init__(self, normalizer: Normalizer, texts: Sequence[str], terms: Sequence[str]) -> None:
        self._normalizer = normalizer
        self._joined = _BETWEEN.join(texts)
        self._starts = list(
            accumulate((len(text) + len(_BETWEEN) for text in texts[:-1]), initial=0)
        )
        self._ends = [start + len(text) for start, text in zip(self._starts, texts, strict=True)]
        self._folded = fold_table(normalizer).fold(self._joined, terms)

    def find(self, terms: Sequence[str]) -> list[list[Occurrence]]:
        """Return the occurrences of `terms` in each text, in order."""
        found: list[list[Occurrence]] = [[] for _ in self._starts]
        text = 0
        start, end = self._starts[0], self._ends[0]
        for first, last, term in find_occurrences(
            self._normalizer, self._joined, terms, folded=self._folded
        ):
            if first > end:
                text = bisect_right(self._starts, first) - 1
                start, end = self._starts[text], self._ends[text]
            # A term with a space in it could stand across two texts.
            if last <= end:
                found[text].append((first - start, last - start, term))
        return found

    def holding(self, wanted: str) -> Iterator[int]:
        """Yield the numbers of the texts whose folded form has `wanted`, not empty, as it is."""
        folded, starts = self._folded.text, self._folded.starts
        place = folded.find(wanted)
        while place >= 0:
            first, last = place, place + len(wanted) - 1
            if starts is not None:
                first, last = int(starts[first]), int(starts[last])
            text = bisect_right(self._starts, first) - 1
            if last < self._ends[text]:
                yield text
            place = folded.find(wanted, place + 1)
