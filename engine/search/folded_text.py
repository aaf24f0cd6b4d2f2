"""What does a text look like once folded, and which original character is which? Fast.

Where no character depends on its neighbours, which is to say in nearly every text, a table of code
points answers in a few array operations; other texts are left to the normalizer.

Invariant: searching the folded text for a normalised term finds what searching the normalised text
would find, and nothing else.
"""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.analysis.normalizer import Normalizer

_CODES = 0x20000
"""Planes 0 and 1: all living scripts and emoji. Rarer characters are left to the normalizer."""

_OPAQUE = 0
"""Stands for punctuation that becomes several characters (…). U+0000 folds to nothing, so that no
normalised term contains it."""
_INVISIBLE = 0x110000
_GROWS = 0x110001
"""Becomes several characters, letters or digits among them (㎡)."""
_ATTACHES = 0x110002
"""Depends on its neighbours."""
_UNKNOWN = 0x110003

_Codes = npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class FoldedText:
    """A folded text and the way back.

    `starts`, int [len(text) + 1], never descending: `starts[i]` is the index in the original of what
    `text[i]` was made from, `starts[-1]` the original's length; None when every character stands
    where it stood.
    """

    text: str
    starts: npt.NDArray[np.integer[Any]] | None


class FoldTable:
    """The folds of single code points, asked of a normalizer when first met.

    Threads may share it: a fold that two of them learn at once is the same fold.
    """

    def __init__(self, normalizer: Normalizer) -> None:
        self._normalizer = normalizer
        self._folds = np.full(_CODES, _UNKNOWN, dtype=np.uint32)
        self._folds[-1] = _ATTACHES  # where `take` finds what lies beyond the table
        self._expansions: dict[int, str] = {}
        self._learning = Lock()

    def fold(self, text: str, terms: Sequence[str]) -> FoldedText:
        """Return `text` folded for finding `terms` in it."""
        if not text:
            return FoldedText("", None)
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        folded = self._folds.take(codes, mode="clip")
        highest = folded.max()
        if highest == _UNKNOWN:
            self._learn(np.unique(codes[folded == _UNKNOWN]).tolist())
            folded = self._folds.take(codes, mode="clip")
            highest = folded.max()
        if highest == _ATTACHES:
            normalized = self._normalizer.normalize_with_offsets(text)
            return FoldedText(normalized.text, normalized.starts)
        spell_out = self._has_expansion(terms)
        if highest < _INVISIBLE and not spell_out:
            return FoldedText(_decode(folded), None)
        grown = folded == _GROWS
        if spell_out:
            grown |= folded == _OPAQUE
        return self._resize(codes, folded, grown)

    def _resize(self, codes: _Codes, folded: _Codes, grown: npt.NDArray[np.bool_]) -> FoldedText:
        expansions = [self._expansions[code] for code in codes[grown].tolist()]
        widths = (folded != _INVISIBLE).astype(np.intp)
        widths[grown] = [len(expansion) for expansion in expansions]
        starts = np.repeat(np.arange(len(codes)), widths)
        resized = np.repeat(folded, widths)
        resized[np.repeat(grown, widths)] = [ord(one) for one in "".join(expansions)]
        return FoldedText(_decode(resized), np.append(starts, len(codes)))

    def _has_expansion(self, terms: Sequence[str]) -> bool:
        return any(
            expansion in term
            for term in terms
            if not term.isalnum()
            for expansion in tuple(self._expansions.values())
        )

    def _learn(self, codes: list[int]) -> None:
        # Each after a letter, which shows whether it attaches, and before a space, which ends that.
        probe = self._normalizer.normalize_with_offsets(" ".join(f"x{chr(code)}" for code in codes))
        bounds = np.searchsorted(probe.starts, np.arange(3 * len(codes))).tolist()
        with self._learning:
            for number, code in enumerate(codes):
                before, first, last = bounds[3 * number : 3 * number + 3]
                attaches = probe.text[before:first] != "x"
                self._folds[code] = (
                    _ATTACHES if attaches else self._entry(code, probe.text[first:last])
                )

    def _entry(self, code: int, fold: str) -> int:
        if len(fold) == 1:
            return ord(fold)
        if not fold:
            return _INVISIBLE
        self._expansions[code] = fold
        return _GROWS if any(character.isalnum() for character in fold) else _OPAQUE


def _decode(codes: _Codes) -> str:
    return codes.tobytes().decode("utf-32-le", "surrogatepass")


_tables: weakref.WeakKeyDictionary[Normalizer, FoldTable] = weakref.WeakKeyDictionary()


def fold_table(normalizer: Normalizer) -> FoldTable:
    """Return the table of `normalizer`, the same one as long as that lives."""
    table = _tables.get(normalizer)
    if table is None:
        # By proxy, or the table would keep its own key alive.
        table = _tables.setdefault(normalizer, FoldTable(weakref.proxy(normalizer)))
    return table
