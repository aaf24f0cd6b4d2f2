"""Where may a text be cut without breaking what a reader sees as one character?

The extended grapheme clusters of Unicode Standard Annex 29, as far as Python's own `unicodedata`
tells; in doubt it joins. Invariant: a cut never separates a base from its marks, the parts of an
emoji, the halves of a flag or of a surrogate pair, or CR from LF.
"""

from __future__ import annotations

import unicodedata

_FIRST_MARK = "\u0300"
_ZERO_WIDTH_JOINER = "\u200d"
_MAX_FLAGS = 1024


def is_boundary(text: str, index: int) -> bool:
    """Tell whether `text` may be cut before the character at `index`."""
    if index <= 0 or index >= len(text):
        return True
    before, after = text[index - 1], text[index]
    if before < " ":
        return before != "\r" or after != "\n"
    if after < _FIRST_MARK and before != _ZERO_WIDTH_JOINER:
        return True
    return not (
        extends(after)
        or (before == _ZERO_WIDTH_JOINER and _is_joined(text[index - 2 : index - 1], after))
        or (_is_flag_half(after) and _flag_halves_before(text, index) % 2 == 1)
        or ("\udc00" <= after <= "\udfff" and "\ud800" <= before <= "\udbff")
        or (_is_leading_jamo(before) and (_is_leading_jamo(after) or "가" <= after <= "힣"))
    )


def extends(character: str) -> bool:
    """Tell whether `character` belongs to whatever stands before it."""
    return character >= _FIRST_MARK and (
        unicodedata.category(character)[0] == "M"
        or character in "\u0e33\u0eb3\u200c\u200d\uff9e\uff9f"
        or "\u1160" <= character <= "\u11ff"  # vowels and finals of a Hangul syllable
        or "\ud7b0" <= character <= "\ud7ff"
        or "\U0001f3fb" <= character <= "\U0001f3ff"  # skin tones
        or "\U000e0020" <= character <= "\U000e007f"  # the letters of a regional flag
    )


def boundary_before(text: str, index: int, lowest: int) -> int:
    """Return the last cut of `text` in (lowest, index], or `lowest`, taken to be a cut."""
    cut = index
    while cut > lowest and not is_boundary(text, cut):
        cut -= 1
    return cut


def boundary_after(text: str, index: int, highest: int) -> int:
    """Return the first cut of `text` in [index, highest), or `highest`, taken to be a cut."""
    cut = index
    while cut < highest and not is_boundary(text, cut):
        cut += 1
    return cut


def _is_joined(before: str, after: str) -> bool:
    # A joiner joins emoji, and the consonants of Indic scripts, the first of which bears a sign.
    # Stray ones between letters and Han join nothing.
    if after.isalnum():
        return before != "" and unicodedata.category(before)[0] == "M"
    return not after.isspace()


def _is_flag_half(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _flag_halves_before(text: str, index: int) -> int:
    # Bounded, because each of many cuts in a text of nothing but flags would count them all.
    start = index
    lowest = max(0, index - _MAX_FLAGS)
    while start > lowest and _is_flag_half(text[start - 1]):
        start -= 1
    return index - start


def _is_leading_jamo(character: str) -> bool:
    return "\u1100" <= character <= "\u115f" or "\ua960" <= character <= "\ua97c"
