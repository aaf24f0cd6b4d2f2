"""Which part of a long text shows most of the query?

Told from the codes of the texts (`engine.index.text_codes`), before a character of them is read, for all hits
of a page at once. A text is looked at in cells of 16 codes, some 27 characters; four of them in a row are about
what an excerpt has room for. Invariant: a passage is chosen for the weight of the distinct terms in four cells
in a row, and has as much text around them as choosing the window in it asks for; time is linear in the texts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from engine.index.text_codes import ESCAPE, Codes, TextCodes
from engine.search.seen_terms import SeenTerms

CELL_BITS = 4
CELL = 1 << CELL_BITS
CELLS_SHOWN = 4

MARGIN = 64
"""Codes around the cells: more characters than a window has, in nearly every text."""

_BEHIND = np.arange(1, CELLS_SHOWN)

_CLOSENESS = 0.1
"""What share of its weight a passage gains whose terms stand in two of its cells side by side."""


class Passage(NamedTuple):
    """A part of a text: from which code, up to which."""

    start: int
    end: int


def find_passages(
    text_codes: TextCodes, texts: Sequence[Codes], weights: Mapping[str, float]
) -> list[Passage | None]:
    """Return the passage of each of `texts` that shows most; None where none shows anything.

    weights: normalised term -> weight, greater than 0, the weightiest first.
    """
    if not texts:
        return []
    firsts, buffer = _laid_out(texts)
    seen = SeenTerms(text_codes, weights)
    cells = seen.in_cells(buffer, CELL_BITS)
    twos = cells[:-1] | cells[1:]
    close = seen.weight(twos)
    worth = seen.weight(twos[:-2] | twos[2:])
    worth += _CLOSENESS * np.maximum(close[:-2], np.maximum(close[1:-1], close[2:]))
    # What begins behind a text would show the next one.
    worth[firsts[1:, None] - _BEHIND] = 0.0
    best = _first_greatest(worth, firsts)
    shown = cells[best[:, None] + np.arange(CELLS_SHOWN)] != 0
    return [
        _passage(first, place, kept, len(text)) if any(kept) else None
        for first, place, kept, text in zip(
            firsts.tolist(), best.tolist(), shown.tolist(), texts, strict=True
        )
    ]


def _first_greatest(
    worth: npt.NDArray[np.float32], firsts: npt.NDArray[np.intp]
) -> npt.NDArray[np.intp]:
    """Return where the greatest `worth` stands for the first time from each of `firsts` to the next."""
    greatest = np.maximum.reduceat(worth, firsts)
    lengths = np.append(firsts[1:], len(worth)) - firsts
    places = np.flatnonzero(worth == greatest.repeat(lengths))
    return places[places.searchsorted(firsts)]


def _cells(text: Codes) -> int:
    return max(1, (len(text) + CELL - 1) >> CELL_BITS)


def _laid_out(texts: Sequence[Codes]) -> tuple[npt.NDArray[np.intp], Codes]:
    """Return the first cell of each text, and all texts in a row, empty cells after each."""
    firsts, cells = [], 0
    for text in texts:
        firsts.append(cells)
        cells += _cells(text) + CELLS_SHOWN - 1
    buffer = np.full(cells << CELL_BITS, ESCAPE, dtype=np.uint16)
    for first, text in zip(firsts, texts, strict=True):
        start = first << CELL_BITS
        buffer[start : start + len(text)] = text
    return np.asarray(firsts), buffer


def _passage(first: int, place: int, shown: Sequence[bool], length: int) -> Passage:
    """Return the passage around what is `shown` from cell `place` on of a text whose first is `first`."""
    begin = place - first + shown.index(True)
    end = place - first + len(shown) - shown[::-1].index(True)
    return Passage(max(0, (begin << CELL_BITS) - MARGIN), min(length, (end << CELL_BITS) + MARGIN))
