"""Which characters of an article does the query explain?

Invariant: the answer is escaped HTML in which only `<em>` is markup, and each `<em>` covers
characters whose normalised form is a term, through script, width, case and variants.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from heapq import nlargest
from operator import itemgetter
from typing import NamedTuple

from engine.analysis.normalizer import Normalizer
from engine.search.excerpt import choose_window
from engine.search.markup import mark, merge_spans, on_one_line
from engine.search.occurrences import Occurrence, find_occurrences

LONG_TEXT = 20_000
"""A term that occurs more often is only sampled; texts up to this length need no counting."""

_CHOOSING_TERMS = 16
"""Only so many of the weightiest terms choose the window, which has no room for more; all are marked in it."""

_CONTEXT = 64
"""Code points around a window that decide what is a whole word at its edges."""


class TextPart(NamedTuple):
    """A part of a body, and whether nothing but white space stands before and after it."""

    text: str
    opens: bool = True
    closes: bool = True


def choosing_terms(terms: Mapping[str, float]) -> dict[str, float]:
    """Return the terms that choose a window, the weightiest first."""
    return dict(nlargest(_CHOOSING_TERMS, terms.items(), key=itemgetter(1)))


def part_excerpt(part: TextPart, found: Sequence[Occurrence], choosing: Sequence[float]) -> str:
    """Return the window of `part` that shows most, on one line, marked.

    found: where terms stand in it; choosing: the weights of the terms that choose, the first by number.
    """
    deciding = [one for one in found if one[2] < len(choosing)]
    start, end = choose_window(part.text, deciding, choosing, opens=part.opens)
    return _marked_window(part, found, start, end)


def _marked_window(part: TextPart, found: Sequence[Occurrence], start: int, end: int) -> str:
    text = part.text
    shown = merge_spans(one[:2] for one in found if start <= one[0] and one[1] <= end)
    window = on_one_line(mark(text, shown, start, end))
    before = "…" if not part.opens or text[:start].strip() else ""
    after = "…" if not part.closes or text[end:].strip() else ""
    return f"{before}{window}{after}"


class Highlighter:
    """Marks terms in titles and bodies as `normalizer` reads them. Threads may share it."""

    def __init__(self, normalizer: Normalizer) -> None:
        self._normalizer = normalizer

    def title(self, text: str, terms: Sequence[str]) -> str:
        """Return all of `text` with every occurrence of `terms` (normalised) marked."""
        found = find_occurrences(self._normalizer, text, terms)
        return mark(text, merge_spans(one[:2] for one in found), 0, len(text))

    def excerpt(self, text: str, terms: Mapping[str, float]) -> str:
        """Return the window of `text` that shows most of `terms`, on one line, marked.

        terms: normalised term -> weight, greater than 0, such as its inverse document frequency.
        The window has at most 110 code points, and … where text was left out. Where no term occurs
        it is the opening.
        """
        weighty = choosing_terms(terms)
        found = find_occurrences(self._normalizer, text, tuple(weighty), LONG_TEXT)
        start, end = choose_window(text, found, tuple(weighty.values()))
        if len(text) > LONG_TEXT or len(weighty) < len(terms):
            found = self._find_around(text, tuple(terms), start, end)
        return _marked_window(TextPart(text), found, start, end)

    def _find_around(
        self, text: str, words: Sequence[str], start: int, end: int
    ) -> list[Occurrence]:
        lowest = max(0, start - _CONTEXT)
        found = find_occurrences(self._normalizer, text[lowest : end + _CONTEXT], words)
        return [(first + lowest, last + lowest, term) for first, last, term in found]
