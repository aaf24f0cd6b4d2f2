"""Which lines of a lexicon say again what another line says?

Two lines are compared as they are read, not as they are written. Invariant: each repeat is named once,
at its later line, with the earlier one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from index_builder.lexicon.findings import Finding, Kind
from index_builder.lexicon.lexicon_lines import Entry, SynonymLine


def repeated_entries(entries: Iterable[Entry], consequence: str) -> Iterator[Finding]:
    """Yield a finding for each entry that stands in the list before."""
    first: dict[str, Entry] = {}
    for entry in entries:
        known = first.setdefault(entry.word, entry)
        if known is not entry:
            yield _finding(entry, f"{_name(known)} says it already; {consequence}")


def repeated_synonyms(lines: Iterable[SynonymLine]) -> Iterator[Finding]:
    """Yield a finding for each term in a second group or on a second left side.

    And for each group whose terms are one word once normalised: folding does its work already.
    """
    groups: dict[str, Entry] = {}
    left_sides: dict[str, Entry] = {}
    for line in lines:
        if line.targets is None and len({entry.word for entry in line.sources}) == 1:
            entry = line.sources[-1]
            yield _finding(entry, "all terms of the line are one once normalised; remove the line")
            continue
        known, place = (groups, "group") if line.targets is None else (left_sides, "left side")
        for entry in line.sources:
            earlier = known.setdefault(entry.word, entry)
            if earlier is not entry:
                yield _finding(
                    entry,
                    f"also in the {place} of {_name(earlier)}; a word belongs to one {place}",
                )


def _name(entry: Entry) -> str:
    return f"line {entry.line}"


def _finding(entry: Entry, detail: str) -> Finding:
    return Finding(Kind.DUPLICATE, entry.file, entry.line, entry.written, detail)
