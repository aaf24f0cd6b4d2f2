"""What does a text look like once folded, and which original character is which? Fast.

Normalising with offsets walks through a text in Python. Nearly every text needs less: each of its
characters folds to one character, or to none, whatever stands beside it. Such texts go through a
table of code points in a few array operations.

Invariant: where `FoldTable.fold` answers, searching its text for a normalised term finds what
searching the normalised text would find, and nothing else; where it cannot promise that, it answers
None.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from engine.analysis.normalizer import Normalizer

_CODES = 0x20000
"""Planes 0 and 1: all living scripts and emoji. Rarer characters are left to the normalizer."""

_OPAQUE = 0
"""Stands for punctuation that becomes several characters (…). U+0000 folds to nothing, so that no
normalised term contains it."""
_INVISIBLE = 0x110000
_IRREGULAR = 0x110001
"""Depends on its neighbours, or becomes several characters, some of them letters or digits (㎡)."""
_UNKNOWN = 0x110002


@dataclass(frozen=True, slots=True)
class FoldedText:
    """A text folded character by character.

    `origins`, intp [len(text)], ascending: the index of each character in the original; None when
    every character stands where it stood.
    """

    text: str
    origins: npt.NDArray[np.intp] | None


class FoldTable:
    """The folds of single code points, asked of a normalizer when first met.

    Threads may share it: a fold that two of them learn at once is the same fold.
    """

    def __init__(self, normalizer: Normalizer) -> None:
        self._normalizer = normalizer
        self._folds = np.full(_CODES, _UNKNOWN, dtype=np.uint32)
        self._folds[-1] = _IRREGULAR  # where `take` finds what lies beyond the table
        self._expansions: tuple[str, ...] = ()
        self._learning = Lock()

    def fold(self, text: str, terms: Sequence[str]) -> FoldedText | None:
        """Return `text` folded for finding `terms`, or None when that takes the normalizer."""
        if not text:
            return FoldedText("", None)
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        folded = self._folds.take(codes, mode="clip")
        origins = None
        highest = folded.max()
        if highest == _UNKNOWN:
            self._learn(np.unique(codes[folded == _UNKNOWN]).tolist())
            folded = self._folds.take(codes, mode="clip")
            highest = folded.max()
        if highest == _IRREGULAR:
            return None
        if highest == _INVISIBLE:
            origins = np.flatnonzero(folded != _INVISIBLE)
            folded = folded[origins]
        if self._could_match_several(terms) and (folded == _OPAQUE).any():
            return None
        return FoldedText(folded.tobytes().decode("utf-32-le", "surrogatepass"), origins)

    def _could_match_several(self, terms: Sequence[str]) -> bool:
        return any(
            expansion in term
            for term in terms
            if not term.isalnum()
            for expansion in self._expansions
        )

    def _learn(self, codes: list[int]) -> None:
        # Each after a letter, which shows whether it attaches, and before a space, which ends that.
        probe = self._normalizer.normalize_with_offsets(" ".join(f"x{chr(code)}" for code in codes))
        bounds = np.searchsorted(probe.starts, np.arange(3 * len(codes))).tolist()
        with self._learning:
            for number, code in enumerate(codes):
                before, first, last = bounds[3 * number : 3 * number + 3]
                attaches = probe.text[before:first] != "x"
                self._folds[code] = _IRREGULAR if attaches else self._entry(probe.text[first:last])

    def _entry(self, fold: str) -> int:
        if len(fold) == 1:
            return ord(fold)
        if not fold:
            return _INVISIBLE
        if any(character.isalnum() for character in fold):
            return _IRREGULAR
        self._expansions = (*self._expansions, fold)
        return _OPAQUE


_tables: WeakKeyDictionary[Normalizer, FoldTable] = WeakKeyDictionary()


def fold_table(normalizer: Normalizer) -> FoldTable:
    """Return the table of `normalizer`, the same one as long as that lives."""
    table = _tables.get(normalizer)
    if table is None:
        table = _tables.setdefault(normalizer, FoldTable(normalizer))
    return table
