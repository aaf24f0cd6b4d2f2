"""What does a line of blocked_words.txt mean?

    代开发票          blocks every query that contains it
    re:[0-9]{11,}     blocks every query in which the pattern is found

Invariant: words are normalised exactly as queries are; a line that cannot be used is an error with its
number, never skipped.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from engine.errors import LexiconError
from engine.index.blocked_words import BLOCKED_WORDS_NAME, encode_blocked_words
from index_builder.lexicon.synonym_rules import read_lines

BLOCKED_WORDS = "blocked_words.txt"
PATTERN_MARK = "re:"

_NESTED_REPETITION = re.compile(r"[+*}]\)(?:[+*]|\{[0-9]*,)")


@dataclass(frozen=True, slots=True)
class BlockedWord:
    """One line: `text` is the normalised word, or the pattern when `is_pattern`; line: from 1."""

    text: str
    is_pattern: bool
    line: int
    written: str

    @property
    def may_take_forever(self) -> bool:
        """Whether a repetition stands directly within another, as in (a+)+."""
        return self.is_pattern and _NESTED_REPETITION.search(self.text) is not None


def read_blocked_words(path: Path, normalize: Callable[[str], str]) -> list[BlockedWord]:
    """Return the entries of the list at `path`, in its order, repeats included.

    Raises `LexiconError` that names file and line.
    """
    entries = []
    for number, line in read_lines(path):
        if line.startswith(PATTERN_MARK):
            pattern = line.removeprefix(PATTERN_MARK)
            _refuse_unusable(pattern, f"{path.name}:{number}")
            entries.append(BlockedWord(pattern, True, number, line))
            continue
        word = "".join(normalize(line).split())
        if not word:
            raise LexiconError(
                f"{path.name}:{number}: nothing is left of {line!r} after normalising; remove it"
            )
        entries.append(BlockedWord(word, False, number, line))
    return entries


def write_blocked_words(directory: Path, lexicon: Path, normalize: Callable[[str], str]) -> None:
    """Write the list of the `lexicon` folder into the artifact folder; without one nothing is blocked.

    Raises `LexiconError`.
    """
    path = lexicon / BLOCKED_WORDS
    entries = read_blocked_words(path, normalize) if path.exists() else []
    words = sorted({entry.text for entry in entries if not entry.is_pattern})
    patterns = sorted({entry.text for entry in entries if entry.is_pattern})
    (directory / BLOCKED_WORDS_NAME).write_bytes(encode_blocked_words(words, patterns))


def _refuse_unusable(pattern: str, origin: str) -> None:
    try:
        found = re.compile(pattern).search("")
    except (re.error, OverflowError, RecursionError) as error:
        raise LexiconError(
            f"{origin}: expected a regular expression of Python, found {pattern[:80]!r} ({error})"
        ) from error
    if found:
        raise LexiconError(
            f"{origin}: {pattern[:80]!r} matches a query without characters, so it would block "
            "every one; write what must be there"
        )
