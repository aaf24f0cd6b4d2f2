"""Which words does a word list of lexicon/ add to the dictionary?

A word list is a jieba user dictionary: `word [frequency] [tag]`, one a line. Invariant: every line
that is read means what it means to jieba; the one addition are comments, lines that begin with #.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from engine.errors import LexiconError

MAX_WORD_LENGTH = 64
MAX_FREQUENCY = 10**9

_LINE = re.compile(r"(?P<word>.+?)(?: (?P<frequency>[0-9]+))?(?: (?P<tag>[a-z]+))?")


@dataclass(frozen=True, slots=True)
class LexiconWord:
    """One line of a word list.

    frequency: occurrences in the corpus that jieba's dictionary was counted in; None for as many as
    it takes to be cut as one; 0 to never be a word. tag: part of speech, as in jieba. origin: file and
    line, for messages.
    """

    word: str
    frequency: int | None
    tag: str | None
    origin: str


def read_words(path: Path) -> list[LexiconWord]:
    """Return the words of the list at `path`, in its order, repeats included.

    Raises `LexiconError` that names file and line.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise LexiconError(f"{path.name}: cannot be read ({error.strerror})") from error
    words = []
    # Stripped as bytes and split at line feeds alone, as jieba does: what Unicode calls a space or a
    # line break may be part of a word.
    for number, raw in enumerate(content.split(b"\n"), start=1):
        origin = f"{path.name}:{number}"
        line = _decode(raw.strip(), origin)
        if line and not line.startswith("#"):
            words.append(_parse(line, origin))
    return words


def _decode(line: bytes, origin: str) -> str:
    try:
        return line.decode("utf-8").lstrip("\ufeff")
    except UnicodeDecodeError as error:
        raise LexiconError(
            f"{origin}: expected UTF-8, found the byte {line[error.start]:#04x}; "
            "save the file as UTF-8"
        ) from error


def _parse(line: str, origin: str) -> LexiconWord:
    match = _LINE.fullmatch(line)
    if match is None:
        raise LexiconError(f"{origin}: expected `word [frequency] [tag]`, found {line[:80]!r}")
    word, frequency = match["word"], match["frequency"]
    if len(word) > MAX_WORD_LENGTH:
        raise LexiconError(
            f"{origin}: a word of {len(word)} characters, at most {MAX_WORD_LENGTH} make sense; "
            f"found {word[:20]!r}…"
        )
    if frequency and (len(frequency) > len(str(MAX_FREQUENCY)) or int(frequency) > MAX_FREQUENCY):
        raise LexiconError(
            f"{origin}: frequency {frequency[:20]}, expected at most {MAX_FREQUENCY}; "
            "leave it out to have it computed"
        )
    return LexiconWord(word, None if frequency is None else int(frequency), match["tag"], origin)
