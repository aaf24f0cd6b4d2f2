"""How does marked text become HTML?

Invariant: in the result nothing is markup but balanced, unnested `<em>`; without these it is the
escaped original, character for character.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence

Span = tuple[int, int]
"""Where something stands in a text: from, up to."""

_SPECIAL = re.compile("[&<>\"']")
_SPACES = re.compile(r"\s+")


def merge_spans(spans: Iterable[Span]) -> list[Span]:
    """Return `spans` in order with those that overlap or touch made one."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            if end > merged[-1][1]:
                merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged


def mark(text: str, spans: Sequence[Span], start: int, end: int) -> str:
    """Return `text[start:end]` escaped for HTML, with `<em>` around each of `spans`.

    spans: merged (`merge_spans`), within [start, end).
    """
    escape = html.escape if _SPECIAL.search(text, start, end) else str
    pieces: list[str] = []
    position = start
    for first, last in spans:
        pieces += (escape(text[position:first]), "<em>", escape(text[first:last]), "</em>")
        position = last
    pieces.append(escape(text[position:end]))
    return "".join(pieces)


def on_one_line(markup: str) -> str:
    """Return `markup` with every run of white space, line breaks included, made one space."""
    return _SPACES.sub(" ", markup)
