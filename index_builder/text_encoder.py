"""Text -> codes, the longest word at each place (`engine.index.text_codes`).

Invariant: the codes depend on the text and the table alone, and decode to the text.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.index.codec import map_array
from engine.index.text_codes import CODES, ESCAPE, LONGEST_WORD, TEXT_WORDS_NAME, Codes

SLOT_BITS = 20
_SPREAD = 0x9E3779B97F4A7C15
"""2^64 divided by the golden ratio: Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4)."""

Keys = npt.NDArray[np.uint64]


def slot_of(key: int) -> int:
    """Return in which slot of the encoder the word with this key stands; no two words share one."""
    return (key * _SPREAD % (1 << 64)) >> (64 - SLOT_BITS)


def _slots_of(keys: Keys) -> npt.NDArray[np.intp]:
    return ((keys * np.uint64(_SPREAD)) >> np.uint64(64 - SLOT_BITS)).astype(np.intp)


class TextEncoder:
    """Encodes with the table `words`, uint16 [CODES, LONGEST_WORD]."""

    def __init__(self, words: Codes) -> None:
        self._keys: Keys = np.ascontiguousarray(words).view("<u8").ravel()
        lengths = (words != 0).sum(axis=1)
        longer = np.flatnonzero(lengths > 1)
        # Of an empty slot, the escape: its own key is 0, which no word has.
        self._slots = np.full(1 << SLOT_BITS, ESCAPE, dtype=np.uint16)
        self._slots[_slots_of(self._keys[longer])] = longer
        self._single = np.full(CODES, ESCAPE, dtype=np.uint16)
        single = np.flatnonzero(lengths == 1)
        self._single[words[single, 0]] = single

    def encode(self, text: str) -> Codes:
        """Return the codes of `text`; it holds no surrogates, as no stored text does."""
        if not text:
            return np.empty(0, dtype=np.uint16)
        padding = bytes(2 * (LONGEST_WORD - 1))
        units = np.frombuffer(text.encode("utf-16-le") + padding, dtype="<u2")
        size = len(units) - LONGEST_WORD + 1
        codes = self._single[units[:size]]
        lengths = np.ones(size, dtype=np.intp)
        keys = units[:size].astype(np.uint64)
        candidates = np.arange(size)
        for more in range(1, LONGEST_WORD):
            following = units[candidates + more]
            # A zero is the padding, or a U+0000 that must not be taken for it.
            candidates, following = candidates[following != 0], following[following != 0]
            keys[candidates] |= following.astype(np.uint64) << np.uint64(16 * more)
            found = self._slots[_slots_of(keys[candidates])]
            known = self._keys[found] == keys[candidates]
            codes[candidates[known]] = found[known]
            lengths[candidates[known]] = more + 1
        return _escaped(codes, units, np.asarray(_walk(lengths.tolist()), dtype=np.intp))


def _walk(lengths: list[int]) -> list[int]:
    """Return where each word begins when every one is as long as `lengths` says."""
    starts = []
    place, size = 0, len(lengths)
    while place < size:
        starts.append(place)
        place += lengths[place]
    return starts


def _escaped(codes: Codes, units: Codes, starts: npt.NDArray[np.intp]) -> Codes:
    chosen = codes[starts]
    escaped = chosen == ESCAPE
    if not escaped.any():
        return chosen
    spread = np.repeat(chosen, 1 + escaped)
    places = np.flatnonzero(escaped) + np.arange(1, int(escaped.sum()) + 1)
    spread[places] = units[starts[escaped]]
    return spread


def open_text_encoder(lexicon: Path) -> TextEncoder:
    """Open the table in the folder of a compiled lexicon."""
    return TextEncoder(map_array(lexicon / TEXT_WORDS_NAME))
