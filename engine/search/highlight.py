"""Which characters of an article does the query explain?

Invariant: the answer is escaped HTML in which only `<em>` is markup, and each `<em>` covers
characters whose normalised form is a term, through script, width, case and variants.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from heapq import nlargest
from operator import itemgetter

from engine.analysis.normalizer import Normalizer
from engine.search.excerpt import choose_window
from engine.search.folded_text import FoldedText
from engine.search.markup import mark, merge_spans, on_one_line
from engine.search.occurrences import Occurrence, find_occurrences

_LONG_TEXT = 20_000
"""A term that occurs more often is only sampled; texts up to this length need no counting."""

_CHOOSING_TERMS = 16
"""Only so many of the weightiest terms choose the window, which has no room for more; all are marked in it."""

_CONTEXT = 64
"""Code points around a window that decide what is a whole word at its edges."""


class Highlighter:
    """Marks terms in titles and bodies as `normalizer` reads them. Threads may share it."""

    def __init__(self, normalizer: Normalizer) -> None:
        self._normalizer = normalizer

    def title(self, text: str, terms: Sequence[str]) -> str:
        """Return all of `text` with every occurrence of `terms` (normalised) marked."""
        found = find_occurrences(self._normalizer, text, terms)
        return mark(text, merge_spans(one[:2] for one in found), 0, len(text))

    def excerpt(
        self, text: str, terms: Mapping[str, float], folded: FoldedText | None = None
    ) -> str:
        """Return the window of `text` that shows most of `terms`, on one line, marked.

        terms: normalised term -> weight, greater than 0, such as its inverse document frequency.
        The window has at most 110 code points, and … where text was left out. Where no term occurs
        it is the opening. folded: `text` folded for finding `terms`, if that was done already.
        """
        weighty = dict(nlargest(_CHOOSING_TERMS, terms.items(), key=itemgetter(1)))
        found = find_occurrences(self._normalizer, text, tuple(weighty), _LONG_TEXT, folded=folded)
        start, end = choose_window(text, found, tuple(weighty.values()))
        if len(text) > _LONG_TEXT or len(weighty) < len(terms):
            found = self._find_around(text, tuple(terms), start, end)
        shown = merge_spans(one[:2] for one in found if start <= one[0] and one[1] <= end)
        window = on_one_line(mark(text, shown, start, end))
        before = "…" if text[:start].strip() else ""
        after = "…" if text[end:].strip() else ""
        return f"{before}{window}{after}"

    def _find_around(
        self, text: str, words: Sequence[str], start: int, end: int
    ) -> list[Occurrence]:
        lowest = max(0, start - _CONTEXT)
        found = find_occurrences(self._normalizer, text[lowest : end + _CONTEXT], words)
        return [(first + lowest, last + lowest, term) for first, last, term in found]
