"""How is a text stored so that parts of it are searched and read alone?

As 16-bit codes: each stands for a word of up to four UTF-16 units, which is a word of the dictionary, a pair
of letters or one character; what is none of these is an escape and the unit itself. Two bytes stand for a
character and a half on average, about what zlib makes of a whole text, and no code depends on the one before.

Invariant: decoding gives back every text exactly; a word that holds a part is found by that part.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from engine.folder import Folder
from engine.index.codec import map_array

TEXT_WORDS_NAME = "lexicon.text_words.npy"
TEXT_PARTS_NAME = "lexicon.text_parts.npy"
TEXT_PART_BOUNDS_NAME = "lexicon.text_parts.bounds.npy"
TEXT_PART_WORDS_NAME = "lexicon.text_parts.words.npy"

CODES = 0x1_0000
ESCAPE = 0xFFFF
"""The next code is a UTF-16 unit as it is. U+FFFF has a word of its own, so that no unit looks like this."""

LONGEST_WORD = 4
"""UTF-16 units of a word: a row of the table is eight bytes, and compares as one number."""

_ROW_BYTES = 2 * LONGEST_WORD
_NO_KEY = b"\xff" * _ROW_BYTES

Codes = npt.NDArray[np.uint16]


class TextCodes:
    """Reads codes with the table of words in an index, memory-mapped and opened on first use."""

    def __init__(self, directory: Folder) -> None:
        self._directory = directory

    def decode(self, codes: Codes, errors: str = "strict") -> str:
        """Return the text of `codes`; errors="ignore" drops half a character at the edges of a part."""
        rows = self._rows.take(codes)
        escapes = np.flatnonzero(codes == ESCAPE)
        if not len(escapes):
            units = rows.view(np.uint16)
            # Twice as fast as `units[units != 0]`.
            return units.compress(units != 0).tobytes().decode("utf-16-le", errors)
        raw = escapes[escapes + 1 < len(codes)] + 1
        rows[raw] = codes[raw]
        units = rows.view(np.uint16)
        kept = units != 0
        # U+0000, which always comes escaped, is no padding.
        kept[raw * LONGEST_WORD] = True
        return units.compress(kept).tobytes().decode("utf-16-le", errors)

    def decode_all(self, parts: Sequence[Codes]) -> list[str]:
        """Return the text of each of `parts`, which may begin and end anywhere."""
        # One decoding for all: what an array operation costs to start is most of what it costs here.
        between = np.full(1, self._separator, dtype=np.uint16)
        joined = [between] * (2 * len(parts))
        joined[::2] = parts
        texts = self.decode(np.concatenate(joined), "ignore").split(_SEPARATOR) if parts else [""]
        if len(texts) == len(parts) + 1:
            return texts[:-1]
        return [self.decode(part, "ignore") for part in parts]

    def holders(self, parts: Sequence[str]) -> dict[str, Codes]:
        """Return the codes of the words that hold each of `parts`, without parts that none holds.

        parts: folded texts without surrogates, of 1 to `LONGEST_WORD` characters.
        """
        spelled = [part.encode("utf-16-le").ljust(_ROW_BYTES, b"\0") for part in parts]
        # Four characters beyond the first plane are eight units: no word is that long.
        keys = np.frombuffer(
            b"".join(key if len(key) == _ROW_BYTES else _NO_KEY for key in spelled), dtype="<u8"
        )
        places = self._parts.searchsorted(keys)
        held = self._parts.take(places, mode="clip") == keys
        bounds = self._part_bounds
        return {
            part: self._part_words[bounds[place] : bounds[place + 1]]
            for part, place, known in zip(parts, places.tolist(), held.tolist(), strict=True)
            if known
        }

    @cached_property
    def blank(self) -> frozenset[int]:
        """The codes of words of nothing but white space."""
        blank = [part_key(character) for character in _WHITE_SPACE]
        alone = np.isin(self._words[:, 0], blank) & np.isin(self._words[:, 1:], [0, *blank]).all(1)
        return frozenset(np.flatnonzero(alone).tolist())

    @cached_property
    def _words(self) -> Codes:
        """The UTF-16 units of the word of each code, uint16 [CODES, LONGEST_WORD], padded with 0."""
        return map_array(self._directory / TEXT_WORDS_NAME)

    @cached_property
    def _rows(self) -> npt.NDArray[np.uint64]:
        # A row as one number: it is taken in one piece.
        return self._words.view(np.uint64).ravel()

    @cached_property
    def _parts(self) -> npt.NDArray[np.uint64]:
        """The parts of all words, folded, as `part_key` writes them, ascending, uint64 [p]."""
        return map_array(self._directory / TEXT_PARTS_NAME)

    @cached_property
    def _part_bounds(self) -> memoryview:
        """Where the codes of the words that hold each part begin, and end, uint32 [p + 1]."""
        return map_array(self._directory / TEXT_PART_BOUNDS_NAME).data

    @cached_property
    def _part_words(self) -> Codes:
        """The codes of the words that hold the first part, then those of the next, uint16."""
        return map_array(self._directory / TEXT_PART_WORDS_NAME)

    @cached_property
    def _separator(self) -> int:
        return int(np.flatnonzero(self._words[:, 0] == ord(_SEPARATOR))[0])


_WHITE_SPACE = "\t\n\r \xa0\u3000"
"""What bodies may begin and end with and the table has words for."""

_SEPARATOR = "\ufffe"
"""A character that stands in no text; where it does, the texts around it are read one by one."""


def part_key(part: str) -> int:
    """Return the units of `part`, up to `LONGEST_WORD`, as one number."""
    return int.from_bytes(part.encode("utf-16-le"), "little")
