"""Which articles have the greatest sums?

Sums are told apart in single precision, the precision of a score; of equals the smaller article number comes
first. Invariant: what is returned is the beginning of a complete sort, however little of it is sorted.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Sums = npt.NDArray[np.float64]

SAME_SCORE = 2.0**-22
"""A sum that is less than another by no more than this share of it may be the same score."""

_BLOCKS = 128
"""So many blocks for up to 4 * 128 ** 2 articles, twice as many for each four times as many."""

_LARGE = 2**17
"""From so many articles on it pays to look at the blocks again that have an article great enough."""


class Leaders(NamedTuple):
    """Article numbers, the best first, and their scores."""

    articles: npt.NDArray[np.intp]
    scores: npt.NDArray[np.float32]


def padded_size(size: int) -> int:
    """Return the smallest number above 0, from `size` on, that its blocks divide."""
    blocks = _blocks_of(size)
    return -(-max(size, 1) // blocks) * blocks


def reached_by(sums: Sums, size: int) -> float:
    """Return a sum that at least `size` articles reach: 0 where so many are not told apart.

    sums: float64 [articles, padded to `padded_size`], none negative.
    """
    blocks = _blocks_of(len(sums))
    if size > blocks:
        return 0.0
    # Each of the greatest blocks has an article as great as it. Blocks interleave: maxima of long rows.
    tops = np.maximum.reduce(sums.reshape(-1, blocks))
    tops.partition(blocks - size)
    return float(tops[blocks - size])


def reaching(sums: Sums, least: float) -> npt.NDArray[np.intp]:
    """Return the articles that reach `least` > 0, ascending; `sums` as in `reached_by`."""
    if len(sums) < _LARGE:
        return (sums >= least).nonzero()[0]
    blocks = _blocks_of(len(sums))
    by_block = sums.reshape(-1, blocks)
    columns = (np.maximum.reduce(by_block) >= least).nonzero()[0]
    if len(columns) * 4 > blocks:
        return (sums >= least).nonzero()[0]
    rows, places = (by_block[:, columns] >= least).nonzero()
    found: npt.NDArray[np.intp] = rows * blocks + columns[places]
    return found


def leaders_of(sums: Sums, size: int) -> Leaders:
    """Return the best `size` of all articles with a sum above 0; `sums` as in `reached_by`."""
    least = reached_by(sums, size) * (1 - SAME_SCORE)
    articles = reaching(sums, least) if least else (sums > 0.0).nonzero()[0]
    return best_of(articles, sums[articles], size)


def best_of(articles: npt.NDArray[np.intp], sums: npt.NDArray[np.floating], size: int) -> Leaders:
    """Return the best `size` of `articles` (ascending)."""
    scores = sums.astype(np.float32)
    if len(scores) > 8 * size:
        least = np.partition(scores, len(scores) - size)[len(scores) - size]
        kept = (scores >= least).nonzero()[0]
        articles, scores = articles[kept], scores[kept]
    order = (-scores).argsort(kind="stable")[:size]
    return Leaders(articles[order], scores[order])


def _blocks_of(size: int) -> int:
    """Return into how many blocks `size` articles are cut to find the best ones."""
    blocks = _BLOCKS
    while blocks * blocks * 4 < size:
        blocks *= 2
    return blocks
