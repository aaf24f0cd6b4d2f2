"""What stands on which line of the word lists, as written and as it is read?

Invariant: what is yielded is what the build makes of the same line (same splitting, same folding);
the lists are mended already, so nothing here fails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from index_builder.lexicon.blocked_words import PATTERN_MARK, read_blocked_words
from index_builder.lexicon.lexicon_files import read_words
from index_builder.lexicon.synonym_rules import ARROW, read_lines

Normalize = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Entry:
    """One word of a list: where it stands, how it is written and how it is read.

    has_frequency: whether its author gave it one.
    """

    file: str
    line: int
    written: str
    word: str
    has_frequency: bool = False


@dataclass(frozen=True, slots=True)
class SynonymLine:
    """One line of synonyms: `targets` is None where all of `sources` mean the same."""

    sources: tuple[Entry, ...]
    targets: tuple[Entry, ...] | None

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All terms of the line."""
        return self.sources + (self.targets or ())

    @property
    def found_words(self) -> tuple[str, ...]:
        """What the line lets a search find: one of these must occur for it to be of use."""
        return tuple(entry.word for entry in self.targets or self.sources)


def domain_entries(path: Path, normalize: Normalize) -> list[Entry]:
    """Return the words of a domain list, in its order."""
    return [
        Entry(
            path.name,
            int(word.origin.rpartition(":")[2]),
            word.word,
            normalize(word.word),
            word.frequency is not None,
        )
        for word in read_words(path)
    ]


def stop_word_entries(path: Path, normalize: Normalize) -> list[Entry]:
    """Return the stop words, in the order of their list."""
    return [
        entry
        for number, line in read_lines(path)
        for entry in _terms(path.name, number, line, normalize)
    ]


def blocked_entries(path: Path, normalize: Normalize) -> list[Entry]:
    """Return the blocked words and patterns, in the order of their list."""
    return [
        Entry(
            path.name,
            blocked.line,
            blocked.written,
            PATTERN_MARK + blocked.text if blocked.is_pattern else blocked.text,
        )
        for blocked in read_blocked_words(path, normalize)
    ]


def synonym_lines(path: Path, normalize: Normalize) -> Iterator[SynonymLine]:
    """Yield the lines of a list of synonyms."""
    for number, line in read_lines(path):
        left, arrow, right = line.partition(ARROW)
        yield SynonymLine(
            _terms(path.name, number, left, normalize),
            _terms(path.name, number, right, normalize) if arrow else None,
        )


def _terms(name: str, number: int, text: str, normalize: Normalize) -> tuple[Entry, ...]:
    return tuple(
        Entry(name, number, part.strip(), "".join(normalize(part).split()))
        for part in text.replace("，", ",").split(",")
    )
