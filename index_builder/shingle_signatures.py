"""What is the fingerprint by which a repost is recognised?

A sample of the text's shingles (three units in a row, see `engine.analysis.grams`), each with its context
(the five units around it), drawn by one permutation hashing: a hash sends every shingle to one of 512
bins, and each bin keeps its least. Invariant: a signature depends on its own text alone, so that it can
be computed in any process and kept by content; what it looks like is fixed by `SIGNATURE_FORMAT`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from engine.analysis.grams import CHARACTER

SIGNATURE_FORMAT = 1
"""Raise it when equal texts would get other signatures than before."""

BINS = 512
"""Shingles in the sample; the standard error of a Jaccard estimate is sqrt(J (1 - J) / 512) <= 0.022."""

SIGNATURE_WORDS = 1 + BINS
"""uint32 in one signature: the number of units, then for each bin 16 bits of its shingle's hash (the
high ones) and 16 of its context's, neither ever 0."""

EMPTY = 0
"""Stands in a bin that no shingle fell into."""

SignatureArray = npt.NDArray[np.uint32]
_Hashes = npt.NDArray[np.uint64]

_SHINGLE, _CONTEXT = 3, 5
_BATCH_CHARACTERS = 1 << 18
_NOTHING = 2**64 - 1
_CHARACTER = re.compile(CHARACTER)
# Odd multipliers, one for each place: 2^64 / golden ratio, and products of it.
_PLACES = [(0x9E3779B97F4A7C15 * (2 * place + 1)) % 2**64 | 1 for place in range(_CONTEXT)]
# The layout of what a minimum is taken of, within 64 bits: 27 of the shingle's hash, then 28 of its
# context's. The 9 above them number the bin.
_BIN_SHIFT, _CONTEXT_BITS, _SHINGLE_BITS = np.uint64(55), np.uint64(28), np.uint64(27)


def signature(normalized: str) -> SignatureArray:
    """Return the signature of one normalised text, uint32 [SIGNATURE_WORDS]."""
    row: SignatureArray = signatures([normalized])[0]
    return row


def signatures(normalized_texts: Sequence[str]) -> SignatureArray:
    """Return the signatures of normalised texts, uint32 [texts, SIGNATURE_WORDS].

    One permutation hashing after Li, Owen and Zhang (2012); 16 bits are kept of each hash (b-bit
    minwise hashing, Li and König 2010): two different shingles look equal once in 65,535 times.
    """
    found = np.zeros((len(normalized_texts), SIGNATURE_WORDS), dtype=np.uint32)
    for start, end in _batches(normalized_texts):
        units, text_of = _unit_hashes(normalized_texts[start:end])
        # Each text is followed by one separator, and one stands before the first.
        found[start:end, 0] = np.bincount(text_of, minlength=end - start + 1)[:-1] - 1
        found[start:end, 1:] = _sample(units, text_of, end - start)
    return found


def bins_of(signature_array: SignatureArray) -> npt.NDArray[np.uint32]:
    """Return the bins of signatures, uint32 [texts, BINS], as a view."""
    return signature_array[:, 1:]


def units_of(signature_array: SignatureArray) -> npt.NDArray[np.uint32]:
    """Return how many units each text has, uint32 [texts], as a view."""
    return signature_array[:, 0]


def _batches(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    start = characters = 0
    for number, text in enumerate(texts):
        characters += len(text)
        if characters >= _BATCH_CHARACTERS:
            yield start, number + 1
            start, characters = number + 1, 0
    if start < len(texts):
        yield start, len(texts)


def _unit_hashes(texts: Sequence[str]) -> tuple[_Hashes, npt.NDArray[np.int64]]:
    """Return a hash for each unit of all texts, and the number of the text that it stands in.

    A 0 stands before each text and after the last one, counted to the text that it precedes.
    Punctuation and line ends are left out, not breaks: a repost changes them first.
    """
    joined = "\n" + "\n".join(texts) + "\n"
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    lengths = np.fromiter((len(text) + 1 for text in texts), dtype=np.int64, count=len(texts))
    separators = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)])
    latin, kept = _kinds(codes)
    kept[separators] = True
    places = np.flatnonzero(kept)
    continues = np.zeros(len(codes), dtype=bool)
    continues[1:] = latin[1:] & latin[:-1]
    firsts = np.flatnonzero(~continues[places])
    # The place within a Latin run is hashed with its letter, so that a sum over the run tells
    # anagrams apart; a lone character stands at place 0.
    within = places - np.repeat(places[firsts], np.diff(firsts, append=len(places)))
    units = codes[places].astype(np.uint64) | within.astype(np.uint64) << np.uint64(32)
    _mix(units)
    units[np.searchsorted(places, separators)] = 0
    text_of = np.repeat(np.arange(len(texts) + 1), np.append(lengths, 1))
    return np.add.reduceat(units, firsts), text_of[places[firsts]]


def _kinds(codes: npt.NDArray[np.uint32]) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return which characters belong to a Latin run, and which belong to any unit."""
    is_latin = np.zeros(int(codes.max()) + 1, dtype=bool)
    is_latin[ord("0") : ord("9") + 1] = True
    is_latin[ord("a") : ord("z") + 1] = True
    is_kept = np.zeros(len(is_latin), dtype=bool)
    is_kept[codes] = True
    present = np.flatnonzero(is_kept)
    is_kept[present] = [bool(_CHARACTER.fullmatch(chr(code))) for code in present.tolist()]
    latin = is_latin[codes]
    return latin, latin | is_kept[codes]


def _sample(units: _Hashes, text_of: npt.NDArray[np.int64], count: int) -> npt.NDArray[np.uint32]:
    last = len(units) - _CONTEXT + 1
    least = np.full(count * BINS + 1, _NOTHING, dtype=np.uint64)
    if last > 0:
        # Place n is where a context begins; its shingle begins one unit later.
        shingles = _window_hashes(units[1:-1], _SHINGLE)
        contexts = _window_hashes(units, _CONTEXT)
        bins = (shingles >> _BIN_SHIFT).view(np.int64)
        bins += text_of[1 : last + 1] * BINS
        # One bin more than there are takes what would span two texts.
        separates = units == 0
        bins[separates[1:-3] | separates[2:-2] | separates[3:-1]] = count * BINS
        shingles &= (np.uint64(1) << _SHINGLE_BITS) - np.uint64(1)
        contexts >>= np.uint64(64) - _CONTEXT_BITS
        # Of a shingle that recurs the least context counts, whichever comes first.
        np.minimum.at(least, bins, shingles << _CONTEXT_BITS | contexts)
    least = least[:-1]
    nonzero = np.uint64(0xFFFF)
    kept = (least >> _CONTEXT_BITS) % nonzero + np.uint64(1) << np.uint64(16)
    kept |= (least & ((np.uint64(1) << _CONTEXT_BITS) - np.uint64(1))) % nonzero + np.uint64(1)
    kept[least == _NOTHING] = EMPTY
    return kept.astype(np.uint32).reshape(count, BINS)


def _window_hashes(units: _Hashes, width: int) -> _Hashes:
    size = len(units) - width + 1
    hashes = np.zeros(size, dtype=np.uint64)
    for place in range(width):
        hashes += units[place : place + size] * np.uint64(_PLACES[place])
    _mix(hashes)
    return hashes


def _mix(values: _Hashes) -> None:
    """Scatter `values` over 64 bits, one to one, in place (the finaliser of SplitMix64)."""
    values += np.uint64(0x9E3779B97F4A7C15)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        values ^= values >> np.uint64(shift)
        values *= np.uint64(factor)
    values ^= values >> np.uint64(31)
