"""Is a lexicon fit to be built, and does each line do what its author meant?

mend -> compile what can be used -> ask each line. Invariant: nothing outside a temporary folder is
written, and bad lines never hide what is to be said of the others.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from engine.analysis.normalizer import open_normalizer
from engine.analysis.segmenter import open_segmenter
from engine.errors import LexiconError
from engine.index.snapshot import Snapshot
from index_builder.lexicon.blocked_words import BLOCKED_WORDS, read_blocked_words
from index_builder.lexicon.compiler import DOMAIN_TERMS, compile_lexicon
from index_builder.lexicon.corpus_texts import article_texts
from index_builder.lexicon.cut_changes import CutChange, CutComparison
from index_builder.lexicon.dictionary_compiler import (
    normalize_words,
    stock_words,
    without_letters_joined,
)
from index_builder.lexicon.findings import Finding, Kind
from index_builder.lexicon.folding_compiler import write_folding
from index_builder.lexicon.lexicon_lines import Entry, Normalize
from index_builder.lexicon.repeated_lines import repeated_entries, repeated_synonyms
from index_builder.lexicon.usable_lines import (
    UsableLines,
    mend_lexicon,
    read_usable_lines,
)
from index_builder.lexicon.word_contexts import Context, find_contexts

CONTEXTS_PER_WORD = 8
"""In how many articles a word is cut with and without its line."""


def check_lexicon(folder: Path, snapshot: Snapshot | None = None) -> list[Finding]:
    """Return all that is to be said of the lexicon in `folder`, gravest first.

    With `snapshot`, its articles are the text that words must occur in and are cut in; without it
    each word is cut alone. Raises `LexiconError` when there is no such folder.
    """
    if not folder.is_dir():
        raise LexiconError(f"{folder}: no such folder; expected a lexicon, with {DOMAIN_TERMS}")
    with tempfile.TemporaryDirectory(prefix="wenmai-lexicon-") as temporary:
        mended, compiled = Path(temporary, "mended"), Path(temporary, "compiled")
        mended.mkdir()
        compiled.mkdir()
        write_folding(compiled)
        normalize = open_normalizer(compiled).normalize
        findings = mend_lexicon(folder, mended, normalize)
        compile_lexicon(mended, compiled)
        lists = read_usable_lines(mended, normalize)
        contexts = None if snapshot is None else _contexts(lists, snapshot)
        findings += _repeats(lists)
        findings += _written_otherwise(lists)
        findings += _slow_patterns(mended / BLOCKED_WORDS, normalize)
        findings += _cut_apart(lists, compiled)
        if contexts is not None:
            findings += _never_occurring(lists, contexts)
        stock = normalize_words(without_letters_joined(stock_words()), normalize)
        findings += _cut_changes(lists.domain, CutComparison(compiled, stock), contexts)
    order = {kind: place for place, kind in enumerate(Kind)}
    # What happens in most of the places first: the rest of a long list is rarely read.
    share: Callable[[Finding], float] = lambda found: found.places / max(found.seen, 1)  # noqa: E731
    return sorted(
        findings, key=lambda found: (order[found.kind], -share(found), found.file, found.line or 0)
    )


def _contexts(lists: UsableLines, snapshot: Snapshot) -> Mapping[str, Sequence[Context]]:
    words = dict.fromkeys(entry.word for entry in lists.entries)
    return find_contexts(article_texts(snapshot), words, CONTEXTS_PER_WORD)


def _repeats(lists: UsableLines) -> Iterator[Finding]:
    yield from repeated_entries(lists.domain, "the last one counts")
    yield from repeated_synonyms(lists.synonyms)
    yield from repeated_entries(lists.stop_words, "once is enough")
    yield from repeated_entries(lists.blocked, "once is enough")


def _written_otherwise(lists: UsableLines) -> Iterator[Finding]:
    for entry in lists.entries:
        if entry.written != entry.word:
            yield _finding(Kind.NOT_NORMALISED, entry, f"is read as {entry.word}; write it so")


def _slow_patterns(path: Path, normalize: Normalize) -> Iterator[Finding]:
    for blocked in read_blocked_words(path, normalize):
        if blocked.may_take_forever:
            detail = "write it without a repetition directly within another"
            yield Finding(Kind.SLOW_PATTERN, path.name, blocked.line, blocked.written, detail)


def _cut_apart(lists: UsableLines, compiled: Path) -> Iterator[Finding]:
    segmenter = open_segmenter(compiled)
    synonyms = [entry for line in lists.synonyms for entry in line.entries]
    for kind, entries in (Kind.SYNONYM_CUT, synonyms), (Kind.STOP_WORD_CUT, lists.stop_words):
        for entry in _each_word_once(entries):
            cut = tuple(segmenter.cut(entry.word))
            if len(cut) > 1:
                detail = f"add {entry.word} to {DOMAIN_TERMS}, or leave it out"
                yield _finding(kind, entry, detail, after=cut)
    domain = {entry.word: entry for entry in lists.domain}
    for entry in _each_word_once(lists.stop_words):
        if (term := domain.get(entry.word)) is not None:
            yield _finding(Kind.STOP_AND_DOMAIN, entry, f"also in {DOMAIN_TERMS}, line {term.line}")


def _never_occurring(
    lists: UsableLines, contexts: Mapping[str, Sequence[Context]]
) -> Iterator[Finding]:
    for entry in _each_word_once([*lists.domain, *lists.stop_words]):
        if not contexts[entry.word]:
            yield _finding(Kind.NEVER_OCCURS, entry, "")
    for line in lists.synonyms:
        # One is enough: the others are what people type.
        if not any(contexts[word] for word in line.found_words):
            detail = "nothing that the line leads to is in any article"
            yield _finding(Kind.NEVER_OCCURS, (line.targets or line.sources)[0], detail)


def _cut_changes(
    domain: Sequence[Entry],
    comparison: CutComparison,
    contexts: Mapping[str, Sequence[Context]] | None,
) -> Iterator[Finding]:
    for entry in _each_word_once(domain):
        seen = () if contexts is None else contexts[entry.word]
        changes = comparison.compare(entry.word, seen or [Context(entry.word, 0)])
        by_kind: dict[Kind, list[CutChange]] = {}
        for change in changes:
            by_kind.setdefault(change.kind, []).append(change)
        # It does something somewhere; or its frequency is for neighbours that stand elsewhere.
        if len(by_kind) > 1 or entry.has_frequency:
            by_kind.pop(Kind.CHANGES_NOTHING, None)
        for kind, alike in by_kind.items():
            example = alike[0]
            yield replace(
                _finding(kind, entry, "", example.before, example.after),
                places=len(alike) if seen else 0,
                seen=len(seen),
            )


def _each_word_once(entries: Iterable[Entry]) -> list[Entry]:
    # Of several lines for one word the last one counts.
    return list({entry.word: entry for entry in entries}.values())


def _finding(
    kind: Kind,
    entry: Entry,
    detail: str,
    before: tuple[str, ...] = (),
    after: tuple[str, ...] = (),
) -> Finding:
    return Finding(kind, entry.file, entry.line, entry.written, detail, before, after)
