"""What does one character count as?

Width, letter case, script and variants folded, the invisible dropped, every space a plain one.
Invariant: folding what was folded changes nothing, and a character's fold depends on that character
and the marks it carries alone. That is why Traditional is folded character by character, not phrase
by phrase: a substring of a text must fold to a substring of the folded text, or a word inside a
word could not be found.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from pathlib import Path

from engine.errors import ArtifactDamagedError

FOLDING_NAME = "lexicon.folding.json"

ATTACHES = "\x00"
"""What `CharacterFolds` gives for a character that can change the one before it (é as e + accent).

U+0000 itself folds to nothing, so it never stands for a character of the text.
"""

# Default-ignorable characters outside the categories Cc and Cf: fillers and variation selectors.
_INVISIBLE = frozenset({0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0}).union(
    range(0x180B, 0x1810), range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0)
)
# Vowels and finals that join the Korean syllable before them; no combining marks by category.
_HANGUL_TAILS = frozenset([*range(0x1161, 0x1176), *range(0x11A8, 0x11C3)])

_MAX_SEQUENCE = 32
"""Characters kept of one combining sequence: none in any language is longer, and Python sorts the
marks of one in quadratic time."""

_FIRST_HAN, _LAST_HAN = 0x4E00, 0x9FFF
_MAX_ROUNDS = 8
_MAX_CACHED = 1 << 15


class CharacterFolds(dict[int, str]):
    """Folds by code point, worked out on first use; made for `str.translate`.

    Holds at most 32,768 of them, so that hostile text cannot fill the memory. Threads may share it:
    whichever works a fold out first, it is the same one.
    """

    __slots__ = ("_characters",)

    def __init__(self, characters: Mapping[int, str]) -> None:
        super().__init__()
        self._characters = characters

    def __missing__(self, code: int) -> str:
        """Return the fold of character `code`: "" if it is invisible, `ATTACHES` if it attaches."""
        if _FIRST_HAN <= code <= _LAST_HAN and code not in self._characters:
            # Neither composed nor decomposed, without case, no mark: most of what texts consist of.
            folded = chr(code)
        else:
            folded = self._work_out(code)
        if len(self) < _MAX_CACHED:
            self[code] = folded
        return folded

    def _work_out(self, code: int) -> str:
        folded = self.fold(chr(code))
        # The Greek iota below a vowel attaches, too, though it folds to a letter.
        if folded and (_attaches(folded[0]) or _attaches(chr(code))):
            return ATTACHES
        return folded

    def fold(self, sequence: str) -> str:
        """Return the fold of one combining sequence as a whole, at most 32 characters.

        Case folding can undo a composition, and composing can bring back a capital: hence rounds.
        """
        folded = sequence[:_MAX_SEQUENCE]
        for _ in range(_MAX_ROUNDS):
            before = folded
            composed = unicodedata.normalize("NFKC", before)[:_MAX_SEQUENCE]
            plain = "".join(map(self._fold_plainly, composed))
            folded = unicodedata.normalize("NFKC", plain)[:_MAX_SEQUENCE]
            if folded == before:
                break
        return folded

    def _fold_plainly(self, character: str) -> str:
        if character.isspace():
            return " "
        category = unicodedata.category(character)
        if category in {"Cc", "Cf"} or ord(character) in _INVISIBLE:
            return ""
        if category == "Cs":
            # Half an emoji, cut by software that counts UTF-16 units: it keeps its neighbours apart
            # as the emoji did, and nothing downstream has to encode it.
            return "\ufffd"
        if character == "\u0130":
            # Case folding leaves İ as an i with a loose dot, which nobody types.
            return "i"
        return self._characters.get(ord(character), character).casefold()


def _attaches(character: str) -> bool:
    return unicodedata.category(character)[0] == "M" or ord(character) in _HANGUL_TAILS


def dump_folding(characters: Mapping[str, str]) -> bytes:
    """Return the content of `lexicon.folding.json`: two parallel strings, in code point order."""
    sources = sorted(characters)
    content = {"from": "".join(sources), "to": "".join(characters[key] for key in sources)}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def read_folding(path: Path) -> CharacterFolds:
    """Read the folds of script and variants from `path`.

    Raises `ArtifactDamagedError` when the file is missing or malformed.
    """
    try:
        content = json.loads(path.read_bytes())
        pairs = zip(str(content["from"]), str(content["to"]), strict=True)
        return CharacterFolds({ord(source): target for source, target in pairs})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ArtifactDamagedError(
            f"{path.name}: missing or no folding table ({type(error).__name__}: {error}); "
            "rebuild the index"
        ) from error
