"""Which lines of a lexicon can be used, and what do they say?

Invariant: all four lists come out readable; what had to be left out for that is a finding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.errors import LexiconError
from index_builder.lexicon.blocked_words import BLOCKED_WORDS, read_blocked_words
from index_builder.lexicon.compiler import DOMAIN_TERMS, STOP_WORDS, SYNONYMS
from index_builder.lexicon.findings import Finding
from index_builder.lexicon.lexicon_files import read_words
from index_builder.lexicon.lexicon_lines import (
    Entry,
    Normalize,
    SynonymLine,
    blocked_entries,
    domain_entries,
    stop_word_entries,
    synonym_lines,
)
from index_builder.lexicon.synonym_rules import read_stop_words, read_synonyms
from index_builder.lexicon.unusable_lines import mend_list


@dataclass(frozen=True, slots=True)
class UsableLines:
    """The lines that can be used."""

    domain: Sequence[Entry]
    synonyms: Sequence[SynonymLine]
    stop_words: Sequence[Entry]
    blocked: Sequence[Entry]

    @property
    def entries(self) -> Iterator[Entry]:
        """All words that articles may have."""
        yield from self.domain
        for line in self.synonyms:
            yield from line.entries
        yield from self.stop_words


def mend_lexicon(folder: Path, mended: Path, normalize: Normalize) -> list[Finding]:
    """Write what can be used of the lists in `folder` to `mended`; return what cannot."""

    def read_domain_terms(path: Path) -> None:
        for entry in read_words(path):
            if not normalize(entry.word).strip():
                raise LexiconError(
                    f"{entry.origin}: nothing is left of {entry.word!r} after normalising; remove it"
                )

    readers: Mapping[str, Callable[[Path], object]] = {
        DOMAIN_TERMS: read_domain_terms,
        SYNONYMS: lambda path: read_synonyms(path, normalize),
        STOP_WORDS: lambda path: read_stop_words(path, normalize),
        BLOCKED_WORDS: lambda path: read_blocked_words(path, normalize),
    }
    findings = []
    for name, reader in readers.items():
        if name == BLOCKED_WORDS and not (folder / name).exists():  # nothing is blocked then
            (mended / name).touch()
            continue
        findings += mend_list(folder / name, mended / name, reader)
    return findings


def read_usable_lines(mended: Path, normalize: Normalize) -> UsableLines:
    """Return the lines of the lists that `mend_lexicon` wrote to `mended`."""
    return UsableLines(
        domain=domain_entries(mended / DOMAIN_TERMS, normalize),
        synonyms=list(synonym_lines(mended / SYNONYMS, normalize)),
        stop_words=stop_word_entries(mended / STOP_WORDS, normalize),
        blocked=blocked_entries(mended / BLOCKED_WORDS, normalize),
    )
