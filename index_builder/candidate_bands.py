"""Which pairs of articles are worth comparing?

Locality-sensitive hashing: a filled bin with the filled bin after it makes one band, and with the second
after it another; articles that agree on any of these (up to 1,024) bands are candidates. Where a share p
of the bins is equal, context included, that happens with probability 1 - (1 - p^2)^1024. Invariant: at
most `WINDOW` pairs per article and band, so that the work is linear in the articles whatever they say; a
bucket with more articles (copies by the hundred, a shared footer) is linked from each to the next few,
and what belongs together is found by following the links.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from index_builder.shingle_signatures import BINS, EMPTY, SignatureArray, bins_of

WINDOW = 8
"""How many articles after it in a bucket each article is compared with."""

Pairs = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]


def candidate_pairs(signatures: SignatureArray, most: int = 1 << 22) -> Iterator[Pairs]:
    """Yield pairs (left, right) of row numbers, left < right, in pieces of about `most` pairs.

    A pair comes once in a piece, and may come again in a later one.
    """
    count = len(signatures)
    gathered: list[npt.NDArray[np.int64]] = [np.empty(0, dtype=np.int64)]
    size = 0
    for keys in _bands(signatures):
        for left, right in _bucket_pairs(keys):
            gathered.append(left * count + right)
            size += len(left)
        if size < most:
            continue
        pairs = np.unique(np.concatenate(gathered))
        # What is mostly repeats is kept, to be told apart from what is to come.
        if len(pairs) >= most // 2:
            yield pairs // count, pairs % count
            pairs = pairs[:0]
        gathered, size = [pairs], len(pairs)
    pairs = np.unique(np.concatenate(gathered))
    if len(pairs):
        yield pairs // count, pairs % count


def _bands(signatures: SignatureArray) -> Iterator[npt.NDArray[np.uint32]]:
    """Yield the keys of each band, uint32 [n], 0 where the article has no such band.

    Empty bins are skipped, not filled with what stands beside them: a band of a short text would be one
    shingle twice, and meet half of the corpus.
    """
    columns = bins_of(signatures).T.astype(np.uint16, order="C")  # the contexts: the low bits
    next_one = np.zeros(len(signatures), dtype=np.uint32)
    next_two = np.zeros(len(signatures), dtype=np.uint32)
    # From the back; the first round finds what comes after the last bin, which is the first again.
    for step in range(2 * BINS):
        column = columns[BINS - 1 - step % BINS].astype(np.uint32)
        filled = column != EMPTY
        if step >= BINS:
            for partner in (next_one, next_two):
                yield np.where(filled, column << np.uint32(16) | partner, 0).astype(np.uint32)
        next_two = np.where(filled, next_one, next_two)
        next_one = np.where(filled, column, next_one)


def _bucket_pairs(keys: npt.NDArray[np.uint32]) -> Iterator[Pairs]:
    ordered = keys.astype(np.uint64) << np.uint64(32) | np.arange(len(keys), dtype=np.uint64)
    ordered = ordered[keys != 0]
    ordered.sort()  # by key, and by number within a bucket
    same = ordered[1:] >> np.uint64(32) == ordered[:-1] >> np.uint64(32)
    shared = np.zeros(len(ordered), dtype=bool)
    shared[1:] |= same
    shared[:-1] |= same
    ordered = ordered[shared]
    articles = (ordered & np.uint64(0xFFFFFFFF)).astype(np.int64)
    ordered >>= np.uint64(32)
    for step in range(1, min(WINDOW, len(ordered) - 1) + 1):
        agree = ordered[step:] == ordered[:-step]
        if not agree.any():
            return
        yield articles[:-step][agree], articles[step:][agree]
