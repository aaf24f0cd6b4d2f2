"""How often does each pair of units occur in each text?

The vectorised twin of `engine.analysis.grams.unit_bigrams`: a corpus has tens of millions of pairs, a
query a dozen. Invariant: both give the same pairs (a property test holds them together).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from engine.analysis.grams import CHARACTER, LATIN_RUN, join_units
from index_builder.cell_counts import count_cells, in_order

_LATIN_RUN = re.compile(LATIN_RUN)
_CHARACTER = re.compile(CHARACTER)
_UNIT_BITS = np.uint64(24)
_CODE_POINTS = 0x110000
_FIRST_STAND_IN = _CODE_POINTS
"""Latin runs are numbered from here on, beyond the last code point."""


def count_bigrams(texts: Sequence[str]) -> tuple[list[str], sp.csr_matrix]:
    """Return the pairs of neighbouring units, ascending, and their counts, int32 [texts, pairs]."""
    units, rows, latin_runs = _unit_stream(texts)
    paired = (units[:-1] > 0) & (units[1:] > 0)
    keys = (units[:-1][paired] << _UNIT_BITS) | units[1:][paired]
    distinct, counts = count_cells(keys, rows[:-1][paired], len(texts))
    terms = _spelled(distinct, latin_runs)
    # Nearly in order: pairs without a Latin run are numbered as they are sorted.
    ascending = sorted(range(len(terms)), key=terms.__getitem__)
    return [terms[number] for number in ascending], in_order(
        counts, np.asarray(ascending, dtype=np.int64)
    )


def _spelled(keys: npt.NDArray[np.uint64], latin_runs: Sequence[str]) -> list[str]:
    pairs = np.empty((len(keys), 2), dtype="<u4")
    pairs[:, 0] = keys >> _UNIT_BITS
    pairs[:, 1] = keys & ((np.uint64(1) << _UNIT_BITS) - np.uint64(1))
    latin = np.flatnonzero((pairs >= _FIRST_STAND_IN).any(axis=1))
    units = pairs[latin].tolist()
    # Two characters are their own spelling, all at once.
    pairs[latin] = 0
    terms: list[str] = np.ascontiguousarray(pairs).view("<U2").ravel().tolist()
    for number, (left, right) in zip(latin.tolist(), units, strict=True):
        terms[number] = join_units(_spell(left, latin_runs), _spell(right, latin_runs))
    return terms


def _unit_stream(
    texts: Sequence[str],
) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64], list[str]]:
    """Return units as numbers (0 separates), the text that each stands in, and the Latin runs."""
    joined = "\n".join(texts) + "\n"
    points = np.frombuffer(joined.encode("utf-32-le"), dtype="<u4")
    # A table of all code points is small beside a chunk, and looking up in it is no search.
    is_unit = np.zeros(_CODE_POINTS, dtype=bool)
    is_unit[points] = True
    present = np.flatnonzero(is_unit)
    is_unit[present] = [bool(_CHARACTER.fullmatch(chr(point))) for point in present.tolist()]
    codes = points.astype(np.uint64)
    units = np.where(is_unit[points], codes, np.uint64(0))
    spaces = codes == ord(" ")
    numbers: dict[str, int] = {}
    starts, ends, values = [], [], []
    for match in _LATIN_RUN.finditer(joined):
        starts.append(match.start())
        ends.append(match.end())
        values.append(numbers.setdefault(match.group(), len(numbers)))
    units[starts] = np.asarray(values, dtype=np.uint64) + np.uint64(_FIRST_STAND_IN)
    # Only the first character of a Latin run stands for it; the rest goes, as spaces do.
    depth = np.zeros(len(codes) + 1, dtype=np.int8)
    depth[np.asarray(starts, dtype=np.int64) + 1] += 1
    np.subtract.at(depth, np.asarray(ends, dtype=np.int64), 1)
    dropped = (np.cumsum(depth[:-1]) > 0) | spaces
    lengths = np.fromiter((len(text) + 1 for text in texts), dtype=np.int64, count=len(texts))
    rows = np.repeat(np.arange(len(texts)), lengths) if len(texts) else np.zeros(1, dtype=np.int64)
    return units[~dropped], rows[~dropped], list(numbers)


def _spell(unit: int, latin_runs: Sequence[str]) -> str:
    return chr(unit) if unit < _FIRST_STAND_IN else latin_runs[unit - _FIRST_STAND_IN]
