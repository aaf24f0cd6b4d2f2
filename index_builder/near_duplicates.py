"""Which articles are reposts of an earlier one?

Candidates from `candidate_bands`, verified by how much of the longer text is left unchanged. Invariant:
every copy was compared with the very original that it is filed under, and is more than half the same:
chains of ever less similar texts are not followed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.index.articles import MISSING
from index_builder.candidate_bands import Pairs, candidate_pairs
from index_builder.shingle_signatures import EMPTY, SignatureArray, bins_of, units_of

_BLOCK_PAIRS = 1024
_MAX_ROUNDS = 32


@dataclass(frozen=True, slots=True)
class NearDuplicateParameters:
    """What counts as a near-duplicate; the figures behind it are in docs/near-duplicates.md.

    `min_unchanged`: share of the longer text's units. `min_equal_bins`: of 512; below it there is too
    little evidence, be it that the texts are short or that they share next to nothing.
    """

    min_unchanged: float = 0.55
    min_equal_bins: int = 20


def near_duplicate_groups(
    signatures: SignatureArray,
    published: npt.NDArray[np.int64],
    parameters: NearDuplicateParameters | None = None,
) -> npt.NDArray[np.int32]:
    """Return for each article the number of the original that it repeats, int32 [n].

    `signatures` is uint32 [n, SIGNATURE_WORDS]; `published` int64 [n] in seconds, `MISSING` where not
    given. The original is the earliest published (ties by number; undated articles come last), and
    an article that repeats none is its own.
    """
    wanted = parameters or NearDuplicateParameters()
    undated = published == MISSING
    by_age = np.lexsort((np.arange(len(published)), published, undated))
    # From here on articles are numbered by age: the earlier of two is the one with the lower number.
    aged = signatures[by_age]
    originals = _originals(_verified_pairs(aged, wanted), len(aged))
    groups = np.empty(len(published), dtype=np.int32)
    groups[by_age] = by_age[originals]
    return groups


def unchanged_share(
    signatures: SignatureArray, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """Estimate for each pair of rows which share of the longer text's units is unchanged, 0..1.

    Also returns how many bins are equal, context included. Where scattered edits leave each unit with
    chance d, a shingle of three survives with d^3, and its two neighbours with it with d^2: hence
    d = d^3 / d^2, the shared shingles over the share of them whose context survived, too. Where whole
    passages were cut or changed, all contexts survive, and the shared shingles themselves are it.
    """
    mine, other = bins_of(signatures)[left], bins_of(signatures)[right]
    filled = (mine | other) != EMPTY
    differs = mine ^ other
    equal = (filled & (differs >> np.uint32(16) == 0)).sum(axis=1)
    with_context = (filled & (differs == 0)).sum(axis=1)
    jaccard = equal / np.maximum(filled.sum(axis=1), 1)
    units = units_of(signatures).astype(np.int64)
    longer = np.maximum(np.maximum(units[left], units[right]), 1)
    # |A and B| = J / (1 + J) (|A| + |B|), here as a share of the larger set.
    shared = jaccard / (1 + jaccard) * (units[left] + units[right]) / longer
    unchanged = shared * equal / np.maximum(with_context, 1)
    return np.minimum(unchanged, 1.0), with_context


def _verified_pairs(signatures: SignatureArray, wanted: NearDuplicateParameters) -> Pairs:
    """Return all pairs (earlier, later) that are near-duplicates, ascending, each once."""
    count = len(signatures)
    known = np.empty(0, dtype=np.int64)
    for left, right in candidate_pairs(signatures):
        known = np.union1d(known, _verify(signatures, left * count + right, wanted))
    rejected = np.empty(0, dtype=np.int64)
    # Buckets are linked by neighbours only: compare each copy with the earliest of its neighbours'
    # neighbours, too, until nothing new comes of it.
    for _ in range(_MAX_ROUNDS):
        earlier, later = known // count, known % count
        earliest = np.arange(count)
        np.minimum.at(earliest, later, earlier)
        ends = np.concatenate([earlier, later]), np.concatenate([later, earlier])
        proposed = earliest[ends[0]] * count + ends[1]
        proposed = np.unique(proposed[earliest[ends[0]] < ends[1]])
        proposed = np.setdiff1d(np.setdiff1d(proposed, known), rejected)
        if not len(proposed):
            break
        accepted = _verify(signatures, proposed, wanted)
        rejected = np.union1d(rejected, np.setdiff1d(proposed, accepted))
        known = np.union1d(known, accepted)
    return known // count, known % count


def _verify(
    signatures: SignatureArray, pairs: npt.NDArray[np.int64], wanted: NearDuplicateParameters
) -> npt.NDArray[np.int64]:
    count = len(signatures)
    accepted = [np.empty(0, dtype=np.int64)]
    contexts = bins_of(signatures).astype(np.uint16)
    for start in range(0, len(pairs), _BLOCK_PAIRS):
        block = pairs[start : start + _BLOCK_PAIRS]
        # Most candidates met by chance: a quick look at half of the bytes tells them.
        mine = contexts[block // count]
        agreeing = (mine == contexts[block % count]) & (mine != EMPTY)
        block = block[np.count_nonzero(agreeing, axis=1) >= wanted.min_equal_bins]
        unchanged, equal = unchanged_share(signatures, block // count, block % count)
        enough = (unchanged >= wanted.min_unchanged) & (equal >= wanted.min_equal_bins)
        accepted.append(block[enough])
    return np.concatenate(accepted)


def _originals(pairs: Pairs, count: int) -> npt.NDArray[np.int64]:
    """File each article under the earliest original that it was verified against."""
    originals = np.arange(count)
    # Pairs ascend by the earlier article, so whether that is itself a copy is settled by its turn.
    for earlier, later in zip(pairs[0].tolist(), pairs[1].tolist(), strict=True):
        if originals[earlier] == earlier and originals[later] == later:
            originals[later] = earlier
    return originals
