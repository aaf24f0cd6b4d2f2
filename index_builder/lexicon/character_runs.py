"""Where in a text could a word be that nobody has listed?

In runs of Han characters. Invariant: what separates words for a reader (punctuation, spaces, line ends,
numbers, Latin words) separates runs, and a run never spans two texts.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

BREAK = 0
"""Stands for all that no word crosses."""

Characters = npt.NDArray[np.uint16]


def encode_characters(texts: Iterable[str]) -> Characters:
    """Return the characters of normalised `texts` end to end, `BREAK` between and around them.

    A Han character is itself, as is a letter that stands alone (b in b端); longer runs of letters
    and digits are breaks: joined to Hanzi they would no longer be found alone.
    """
    pieces = [np.zeros(1, dtype=np.uint16)]
    for text in texts:
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        han = (codes >= 0x4E00) & (codes <= 0x9FFF)
        letter = (codes >= ord("a")) & (codes <= ord("z"))
        latin = np.pad(letter | ((codes >= ord("0")) & (codes <= ord("9"))), 1)
        kept = han | (letter & ~latin[:-2] & ~latin[2:])
        pieces.append(np.append(np.where(kept, codes, BREAK).astype(np.uint16), np.uint16(BREAK)))
    return np.concatenate(pieces)


def character_runs(text: str) -> list[str]:
    """Return the runs of normalised `text`, in order."""
    characters = encode_characters([text])
    pieces = characters.astype("<u4").tobytes().decode("utf-32-le").split(chr(BREAK))
    return [piece for piece in pieces if piece]
