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

_LATIN_RUN = re.compile(LATIN_RUN)
_CHARACTER = re.compile(CHARACTER)
_FIRST_STAND_IN = 0x110000
"""Latin runs are numbered from here on, beyond the last code point."""


def count_bigrams(texts: Sequence[str]) -> tuple[list[str], sp.csr_matrix]:
    """Return the pairs of neighbouring units, ascending, and their counts, int32 [texts, pairs]."""
    units, rows, latin_runs = _unit_stream(texts)
    paired = (units[:-1] > 0) & (units[1:] > 0)
    keys = (units[:-1][paired] << np.uint64(32)) | units[1:][paired]
    distinct, columns = np.unique(keys, return_inverse=True)
    terms = [
        join_units(_spell(key >> 32, latin_runs), _spell(key & 0xFFFFFFFF, latin_runs))
        for key in distinct.tolist()
    ]
    ascending = sorted(range(len(terms)), key=terms.__getitem__)
    rank = np.empty(len(terms), dtype=np.int64)
    rank[ascending] = np.arange(len(terms))
    ones = np.ones(len(columns), dtype=np.int32)
    counts = sp.csr_matrix(
        (ones, (rows[:-1][paired], rank[columns])), shape=(len(texts), len(terms))
    )
    counts.sum_duplicates()
    return [terms[number] for number in ascending], counts


def _unit_stream(
    texts: Sequence[str],
) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64], list[str]]:
    """Return units as numbers (0 separates), the text that each stands in, and the Latin runs."""
    joined = "\n".join(texts) + "\n"
    codes = np.frombuffer(joined.encode("utf-32-le"), dtype="<u4").astype(np.uint64)
    present = np.unique(codes)
    kept = np.fromiter(
        (bool(_CHARACTER.fullmatch(chr(code))) for code in present.tolist()), dtype=bool
    )
    units = np.where(kept[np.searchsorted(present, codes)], codes, np.uint64(0))
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
