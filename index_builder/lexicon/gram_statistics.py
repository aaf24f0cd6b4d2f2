"""How often, how firmly and in how many surroundings do characters stand together?

Every run of up to a few characters that is common enough gets its count, its cohesion and the
entropies of its two neighbours. Invariant: figures are exact for all grams that are listed, and all are
listed that occur `min_count` times; work goes in slices, so memory is that of the characters (about
ten bytes for each) and not of their combinations.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index_builder.lexicon.character_runs import BREAK, Characters

_SLICE = 4_000_000
"""Places that are looked at together; sorting them takes some 100 MB."""

_CODES = 1 << 16
_SHIFT = 16

_Integers = npt.NDArray[np.int64]
_Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class GramTable:
    """All common grams of one length, n.

    counts: occurrences; last: code of the last character; prefixes, suffixes: numbers of the first
    and the last n-1 characters in the table before (empty for n = 1); left_entropy, right_entropy:
    bits, of what stands before and after.
    """

    counts: _Integers
    last: Characters
    prefixes: _Integers
    suffixes: _Integers
    left_entropy: _Floats
    right_entropy: _Floats

    def __len__(self) -> int:
        """Return how many grams there are."""
        return len(self.counts)


def gram_tables(characters: Characters, longest: int, min_count: int) -> list[GramTable]:
    """Return the tables of grams of 1 to `longest` characters that occur `min_count` times."""
    padded = np.concatenate([characters, np.zeros(longest + 1, dtype=np.uint16)])
    counts = np.bincount(padded, minlength=_CODES)
    counts[BREAK] = 0
    listed = np.flatnonzero(counts >= min_count)
    number_of = np.full(_CODES, -1, dtype=np.int32)
    number_of[listed] = np.arange(len(listed), dtype=np.int32)
    none = np.empty(0, dtype=np.int64)
    growth = _Growth(counts[listed], listed.astype(np.uint16), none, none)
    numbers = number_of[padded]
    tables = []
    for length in range(1, longest + 1):
        table, growth, numbers = _measure(padded, numbers, growth, length, min_count)
        tables.append(table)
    return tables


def cohesion(tables: Sequence[GramTable], length: int, total: int) -> _Floats:
    """Return for each gram of `length` >= 2 how firmly it holds, in bits.

    The pointwise mutual information of its two parts, log2(p(ab) / (p(a) p(b))), p being the share
    of `total` characters (Church and Hanks, Word Association Norms, Mutual Information, and
    Lexicography, Computational Linguistics 16(1), 1990); of all ways to split it in two, the least
    (Matrix67, 互联网时代的社会语言学, 2012): a word is as firm as its weakest joint.
    """
    table = tables[length - 1]
    products = np.zeros(len(table))
    # Going down from the whole: prefixes lose their last character, suffixes their first.
    prefix = suffix = np.arange(len(table))
    heads, tails = {}, {}
    for size in range(length - 1, 0, -1):
        prefix = tables[size].prefixes[prefix]
        suffix = tables[size].suffixes[suffix]
        heads[size] = tables[size - 1].counts[prefix]
        tails[size] = tables[size - 1].counts[suffix]
    for size in range(1, length):
        product = heads[size].astype(np.float64) * tails[length - size]
        np.maximum(products, product, out=products)
    return np.log2(table.counts * float(total) / products)


def spell(tables: Sequence[GramTable], length: int, chosen: _Integers) -> list[str]:
    """Return the grams of `length` with the numbers `chosen`, as text."""
    codes = np.empty((len(chosen), length), dtype="<u4")
    for size in range(length, 0, -1):
        table = tables[size - 1]
        codes[:, size - 1] = table.last[chosen]
        if size > 1:
            chosen = table.prefixes[chosen]
    width = length * 4
    content = codes.tobytes()
    return [content[at : at + width].decode("utf-32-le") for at in range(0, len(content), width)]


@dataclass(frozen=True, slots=True)
class _Growth:
    """The grams of one length, found but not measured yet."""

    counts: _Integers
    last: Characters
    prefixes: _Integers
    suffixes: _Integers


def _measure(
    characters: Characters,
    numbers: npt.NDArray[np.int32],
    grams: _Growth,
    length: int,
    min_count: int,
) -> tuple[GramTable, _Growth, npt.NDArray[np.int32]]:
    """Measure the neighbours of `grams`; those to the right make the grams one longer.

    `numbers` tells for each place which gram begins there, -1 for none; so does the result.
    """
    left, right = np.zeros(len(grams.counts)), np.zeros(len(grams.counts))
    longer = np.full(len(numbers), -1, dtype=np.int32)
    found: list[_Growth] = []
    size = 0
    for low, high in _slices(grams.counts):
        places = np.flatnonzero((numbers >= low) & (numbers < high))
        keys = (numbers[places] - low).astype(np.int64) << _SHIFT
        counts = grams.counts[low:high]
        pairs, times = _count(keys | characters[places - 1])
        left[low:high] = _entropy(pairs, times, counts)
        keys |= characters[places + length]
        pairs, times = _count(keys)
        right[low:high] = _entropy(pairs, times, counts)
        common = (times >= min_count) & (pairs & (_CODES - 1) != BREAK)
        pairs, times = pairs[common], times[common]
        at = np.minimum(np.searchsorted(pairs, keys), max(len(pairs) - 1, 0))
        grown = pairs[at] == keys if len(pairs) else np.zeros(len(keys), dtype=bool)
        at, places = at[grown], places[grown]
        longer[places] = (at + size).astype(np.int32)
        example = np.empty(len(pairs), dtype=np.int64)
        example[at] = places
        # A gram that is common enough has a suffix that is.
        found.append(
            _Growth(
                times,
                (pairs & (_CODES - 1)).astype(np.uint16),
                (pairs >> _SHIFT) + low,
                numbers[example + 1].astype(np.int64),
            )
        )
        size += len(pairs)
    table = GramTable(grams.counts, grams.last, grams.prefixes, grams.suffixes, left, right)
    return table, _join(found), longer


def _join(parts: Sequence[_Growth]) -> _Growth:
    none = np.empty(0, dtype=np.int64)
    parts = [*parts, _Growth(none, none.astype(np.uint16), none, none)]
    return _Growth(
        np.concatenate([part.counts for part in parts]),
        np.concatenate([part.last for part in parts]),
        np.concatenate([part.prefixes for part in parts]),
        np.concatenate([part.suffixes for part in parts]),
    )


def _slices(counts: _Integers) -> Iterator[tuple[int, int]]:
    """Yield ranges of grams that together occur about `_SLICE` times."""
    ends = np.cumsum(counts)
    low = 0
    while low < len(counts):
        before = int(ends[low - 1]) if low else 0
        high = max(low + 1, int(np.searchsorted(ends, before + _SLICE, side="right")))
        yield low, high
        low = high


def _count(keys: _Integers) -> tuple[_Integers, _Integers]:
    """Return the distinct keys, ascending, and how often each occurs."""
    ordered = np.sort(keys)
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    return ordered[starts], np.diff(np.append(starts, len(ordered)))


def _entropy(pairs: _Integers, times: _Integers, counts: _Integers) -> _Floats:
    """Return the entropy of the neighbours of each gram, in bits: -sum p log2 p.

    How freely a word combines (Huang and Powers, Chinese Word Segmentation Based on Contextual
    Entropy, PACLIC 2003). A break is another neighbour each time (Feng et al., Accessor Variety
    Criteria for Chinese Word Extraction, Computational Linguistics 30(1), 2004).
    """
    known = np.where(pairs & (_CODES - 1) == BREAK, 0.0, times * np.log2(times))
    sums = np.bincount(pairs >> _SHIFT, weights=known, minlength=len(counts))
    return np.log2(counts) - sums / counts
