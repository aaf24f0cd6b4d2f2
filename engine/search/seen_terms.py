"""Where do terms stand in texts that are known by their codes alone?

A term is one part or several in a row, each the longest that a word of the table holds (直播|带货, ap|p). It is
seen where words that hold its parts stand side by side. Invariant: what is seen is a close guess, for choosing
what to read. A term whose characters the text's words divide otherwise (仅|退款 in 仅退|款) is missed, one
whose parts stand side by side within longer words is seen too much.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from engine.index.text_codes import ESCAPE, LONGEST_WORD, Codes, TextCodes

MAX_TERMS = 32
MAX_BITS = 62
"""As many as what is seen at a place is told in: a bit for each term, then one for each part of several."""

Masks = npt.NDArray[np.int64]


class SeenTerms:
    """Looks for terms: normalised term -> weight, greater than 0; what exceeds the bits is not looked for."""

    def __init__(self, text_codes: TextCodes, weights: Mapping[str, float]) -> None:
        held, parts_of = _divide(text_codes, list(weights)[:MAX_TERMS])
        numbers = {term: number for number, term in enumerate(parts_of)}
        # A term that is one part is seen where the part is.
        bits = {term: numbers[term] for term, parts in parts_of.items() if len(parts) == 1}
        self._rows: list[tuple[list[int], int]] = []
        for term, parts in parts_of.items():
            if len(parts) > 1 and MAX_TERMS + len(bits) + len(parts) <= MAX_BITS:
                row = [bits.setdefault(part, MAX_TERMS + len(bits)) for part in parts]
                self._rows.append(([1 << bit for bit in row], 1 << numbers[term]))
        self._places, self._parts = _masks([held[part] for part in bits], list(bits.values()))
        self._weights_of_bytes = _weights_of_bytes([weights[term] for term in numbers])

    def in_cells(self, codes: Codes, cell_bits: int) -> Masks:
        """Return which terms stand in each cell of 2 ** `cell_bits` of `codes`, a bit each."""
        cells = np.zeros(len(codes) >> cell_bits, dtype=np.int64)
        found = self._places.take(codes)
        # The comparison makes truth values, which are searched several times faster than numbers.
        places = np.flatnonzero(found != 0)
        if not len(places):
            return cells
        parts = self._parts.take(found.take(places))
        terms = parts & _TERM_BITS
        if self._rows:
            self._add_rows(terms, parts, places)
        numbers = places >> cell_bits
        firsts = _run_starts(numbers)
        cells[numbers[firsts]] = np.bitwise_or.reduceat(terms, firsts)
        return cells

    def _add_rows(self, terms: Masks, parts: Masks, places: npt.NDArray[np.intp]) -> None:
        for row, term in self._rows:
            found = np.flatnonzero(parts[: 1 - len(row)] & row[0])
            for step, part in enumerate(row[1:], start=1):
                further = found + step
                aside = places[further] - places[found] == step
                found = found[aside & ((parts[further] & part) != 0)]
            terms[found] |= term

    def weight(self, masks: Masks) -> npt.NDArray[np.float32]:
        """Return what the terms in each of `masks` weigh together."""
        first, *others = self._weights_of_bytes
        weights: npt.NDArray[np.float32] = first.take(masks & 255)
        for place, table in enumerate(others, start=1):
            weights += table.take(masks >> 8 * place & 255)
        return weights


def _weights_of_bytes(worths: Sequence[float]) -> list[npt.NDArray[np.float32]]:
    """Return for each eight of the terms what every combination of them weighs."""
    tables = []
    for start in range(0, max(1, len(worths)), 8):
        table = np.zeros(1, dtype=np.float32)
        for worth in worths[start : start + 8]:
            table = np.concatenate([table, table + np.float32(worth)])
        tables.append(table)
    return tables


_TERM_BITS = (1 << MAX_TERMS) - 1


def _run_starts(numbers: npt.NDArray[np.integer]) -> npt.NDArray[np.intp]:
    """Return where each run of equal `numbers`, of which there are some, begins."""
    begins = np.empty(len(numbers), dtype=bool)
    begins[0] = True
    np.not_equal(numbers[1:], numbers[:-1], out=begins[1:])
    return np.flatnonzero(begins)


def _masks(holders: Sequence[Codes], bits: Sequence[int]) -> tuple[npt.NDArray[np.uint16], Masks]:
    """Return the place of each code in the masks, 0 for most, and the masks: the `bits` of what it holds."""
    places = np.zeros(ESCAPE + 1, dtype=np.uint16)
    if not holders:
        return places, np.zeros(1, dtype=np.int64)
    codes = np.concatenate(holders)
    held = np.repeat(
        np.asarray([1 << bit for bit in bits], dtype=np.int64), [len(each) for each in holders]
    )
    order = codes.argsort(kind="stable")
    codes = codes[order]
    firsts = _run_starts(codes)
    masks = np.zeros(len(firsts) + 1, dtype=np.int64)
    np.bitwise_or.reduceat(held[order], firsts, out=masks[1:])
    places[codes[firsts]] = np.arange(1, len(masks))
    return places, masks


def _divide(
    text_codes: TextCodes, terms: Sequence[str]
) -> tuple[dict[str, Codes], dict[str, list[str]]]:
    """Return the words that hold each part, and the terms that can be seen, each with its parts."""
    held = text_codes.holders(list({part for term in terms for part in _candidates(term)}))
    left = {character for term in terms for character in _uncovered(term, held)}
    if left:
        held |= text_codes.holders(list(left))
    divided = {term: _longest(term, held) for term in terms}
    return held, {term: parts for term, parts in divided.items() if parts}


def _candidates(term: str) -> Iterator[str]:
    """Yield the parts of `term` of two characters and more that a word may hold."""
    for start in range(len(term) - 1):
        for end in range(start + 2, min(len(term), start + LONGEST_WORD) + 1):
            yield term[start:end]


def _uncovered(term: str, held: Container[str]) -> Iterator[str]:
    """Yield the characters of `term` that are in none of its longest parts."""
    return (part for part in _longest(term, held, loose=True) if len(part) == 1)


def _longest(term: str, held: Container[str], *, loose: bool = False) -> list[str]:
    """Return `term` as the longest parts from its beginning on that are `held`; none if one is not.

    loose: characters may stand alone though they are not held.
    """
    parts = []
    start = 0
    while start < len(term):
        for end in range(min(len(term), start + LONGEST_WORD), start, -1):
            if term[start:end] in held or (loose and end == start + 1):
                parts.append(term[start:end])
                start = end
                break
        else:
            return []
    return parts
