"""What does a text look like to the engine, and where does each of its characters come from?

Invariant: normalising is idempotent, takes linear time, never fails and never looks across spaces;
index and query go through the same table. What a character folds to is told in folding.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.analysis.folding import ATTACHES, FOLDING_NAME, CharacterFolds, read_folding
from engine.folder import Folder

_SHORT_TEXT = 200
"""Below this many characters numpy costs more than it saves."""

_MAX_REPLACEMENTS = 100
"""Above this many different characters one look-up for each character is faster."""

_CodePoints = npt.NDArray[np.uint32]

_Sequence = tuple[int, int, str]
"""Start and end of a combining sequence in the text, and what it folds to."""


@dataclass(frozen=True, slots=True)
class NormalizedText:
    """A normalised text and the way back.

    `starts`, int32 [len(text) + 1], never descending: `starts[i]` is the index in the original of
    the first character of what `text[i]` was made from; `starts[-1]` is the original's length.
    """

    text: str
    starts: npt.NDArray[np.int32]


class Normalizer:
    """Folds texts with one table. Threads may share it."""

    def __init__(self, folds: CharacterFolds) -> None:
        self._folds = folds

    def normalize(self, text: str) -> str:
        """Return `text` folded."""
        if len(text) < _SHORT_TEXT:
            folded = text.translate(self._folds)
            return self._join(text, self._sequences(text)) if ATTACHES in folded else folded
        changes = self._changes(_code_points(text))
        if ATTACHES in changes.values():
            return self._join(text, self._sequences(text))
        return self._apply(changes, text)

    def normalize_with_offsets(self, text: str) -> NormalizedText:
        """Return `text` folded, with the origin of each character."""
        codes = _code_points(text)
        changes = self._changes(codes)
        widths = _widths(codes, changes)
        if ATTACHES in changes.values():
            sequences = self._sequences(text)
            for start, end, sequence in sequences:
                widths[start:end] = 0
                widths[start] = len(sequence)
            folded = self._join(text, sequences)
        else:
            folded = self._apply(changes, text)
        origins = np.repeat(np.arange(len(text), dtype=np.int32), widths)
        return NormalizedText(folded, np.append(origins, np.int32(len(text))))

    def _changes(self, codes: _CodePoints) -> dict[str, str]:
        """Return which characters do not fold to themselves, with what they fold to."""
        present = np.zeros(int(codes.max(initial=0)) + 1, dtype=bool)
        present[codes] = True
        folds = self._folds
        return {
            character: fold
            for code in np.flatnonzero(present).tolist()
            if (fold := folds[code]) != (character := chr(code))
        }

    def _apply(self, changes: Mapping[str, str], text: str) -> str:
        if len(changes) > _MAX_REPLACEMENTS:
            return text.translate(self._folds)
        # Most Chinese text folds few of its characters, and searching for each of those is several
        # times faster than looking every character up. Any order will do: folds are closed.
        for character, fold in changes.items():
            text = text.replace(character, fold)
        return text

    def _join(self, text: str, sequences: Iterable[_Sequence]) -> str:
        pieces = []
        done = 0
        for start, end, sequence in sequences:
            pieces.append(text[done:start].translate(self._folds))
            pieces.append(sequence)
            done = end
        pieces.append(text[done:].translate(self._folds))
        return "".join(pieces)

    def _sequences(self, text: str) -> list[_Sequence]:
        """Find the combining sequences of `text`: each a base and all that attaches to it.

        A space is no base: nothing composes with it, and texts may be split there.
        """
        kinds = [self._folds[ord(character)] for character in text]
        found = []
        base, place = -1, 0
        while place < len(text):
            if kinds[place] != ATTACHES:
                if kinds[place]:
                    base = place if kinds[place] != " " else -1
                place += 1
                continue
            start = base if base >= 0 else place
            while place < len(text) and kinds[place] in {"", ATTACHES}:
                place += 1
            visible = "".join(text[at] for at in range(start, place) if kinds[at])
            found.append((start, place, self._folds.fold(visible)))
            base = -1
        return found


def _code_points(text: str) -> _CodePoints:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def _widths(codes: _CodePoints, changes: Mapping[str, str]) -> npt.NDArray[np.uint8]:
    """Return into how many characters each character folds on its own."""
    by_code = np.ones(int(codes.max(initial=0)) + 1, dtype=np.uint8)
    for character, fold in changes.items():
        by_code[ord(character)] = len(fold)
    return by_code[codes]


def open_normalizer(directory: Folder) -> Normalizer:
    """Open the folding table in the artifact folder `directory`.

    Raises `ArtifactDamagedError` when it is missing or malformed.
    """
    return Normalizer(read_folding(directory / FOLDING_NAME))
