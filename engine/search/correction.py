"""What else can a query be read as, when it finds too little as it was typed?

Pinyin, initials, homophones and misspelt Latin words are re-read as words of the corpus. Invariant: a
reading is offered only when some article has more of its words than any article has of the query's, or
when it mends a word that was cut apart; equal queries get equal readings; at most `MOST_READINGS`; the
work is bounded whatever was typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from engine.index.snapshot import Snapshot
from engine.index.spellings import SpellingTable
from engine.search.abbreviated_words import abbreviated_words
from engine.search.corpus_evidence import CorpusEvidence
from engine.search.homophones import homophones
from engine.search.mistyped_letters import mistyped_words
from engine.search.query_plan import QueryPlan
from engine.search.query_words import QueryCutter, QueryWord
from engine.search.repair import Proof, Repair, Substitute, apply_repairs
from engine.search.repair_choice import Candidate, WeighedQuery, best_candidates, weigh
from engine.search.requests import ExpandedTerm, Tier
from engine.search.spelled_words import letters_at, spelled_words
from engine.search.term_reader import TermReader, is_han

MOST_READINGS = 3

_MOST_LATIN_WORDS = 12
_SHORT_QUERY = 8
"""A query of more words is a sentence: that no article has all of them casts no doubt on any."""

_MOST_WORDS = 20
"""A query of more words is a pasted paragraph: the others find what it is about, and asking whether one of
them is a slip took two thirds of the time of the slowest queries. None of woshipm's leads was ever re-read."""

_LATIN_CHAIN = re.compile(r"(?<![a-z0-9])[a-z]+(?: [a-z]+)*(?![a-z0-9])")

_LATIN_RUNS = re.compile("[a-z] [a-z]")


@dataclass(frozen=True, slots=True)
class Reading:
    """A normalised query to search for instead; `expanded` tells what was put for what."""

    text: str
    tier: Tier
    expanded: tuple[ExpandedTerm, ...]


def propose_readings(
    reader: TermReader, table: SpellingTable, plan: QueryPlan
) -> tuple[Reading, ...]:
    """Return what `plan` may have meant, the best reading first.

    Empty when an article has all that was asked for, when nothing better is found, when it is a whole
    paragraph, and when words are quoted: quotes mean that this is how it is spelled.
    """
    if not is_rereadable(plan):
        return ()
    if _is_beyond_doubt(reader, plan):
        return ()
    snapshot = reader.snapshot
    evidence = CorpusEvidence(reader)
    cutter = QueryCutter(snapshot.analyzer, evidence)
    cutter.take_over(plan.tokens)
    query = weigh(cutter, evidence, plan.normalized)
    if not (query.missing or query.loose) or evidence.is_found_whole(plan):
        return ()
    repairs = [*_latin_repairs(table, evidence, query), *_han_repairs(table, evidence, query)]
    readings: dict[str, Reading] = {}
    for candidate in best_candidates(cutter, evidence, query, repairs):
        reading = _reading(snapshot, table, candidate)
        readings.setdefault(reading.text, reading)
    return tuple(readings.values())[:MOST_READINGS]


def is_rereadable(plan: QueryPlan) -> bool:
    """Tell whether `plan` is one that other readings are ever looked for."""
    return 0 < len(plan.groups) <= _MOST_WORDS and not plan.phrases


def is_well_cut(reader: TermReader, plan: QueryPlan) -> bool:
    """Tell at little cost that every lone character of the query stands beside a neighbour it has elsewhere.

    Where this is true, no pair of neighbours is loose (`engine.search.query_words.loose_pairs`).
    """
    return all(
        reader.has(left[-1] + right[0])
        for left, right in pairwise(plan.tokens)
        if (len(left) == 1 or len(right) == 1) and is_han(left[-1]) and is_han(right[0])
    )


def _is_beyond_doubt(reader: TermReader, plan: QueryPlan) -> bool:
    """Tell at little cost that nothing in a sentence can be a slip.

    Articles have each of its words, none was cut apart, and no run of Latin words could be pinyin.
    """
    return (
        len(plan.groups) > _SHORT_QUERY
        and all(group.inside or reader.has(group.term) for group in plan.groups)
        and not _LATIN_RUNS.search(plan.normalized)
        and is_well_cut(reader, plan)
    )


def _latin_repairs(
    table: SpellingTable, evidence: CorpusEvidence, query: WeighedQuery
) -> Iterator[Repair]:
    latin = [word for word in query.words if word.is_latin][:_MOST_LATIN_WORDS]
    for chain in _LATIN_CHAIN.finditer(query.text):
        links = [word for word in latin if chain.start() <= word.start < chain.end()]
        if len(links) > 1 and _spells_on(table, links):
            typed = letters_at(query.text, links[0].start, links[-1].end)
            yield from spelled_words(table, query.text, typed, only_with_context=False)
        for link in links:
            yield from _word_repairs(table, evidence, query, link)


def _spells_on(table: SpellingTable, links: Sequence[QueryWord]) -> bool:
    """Tell whether words side by side may be one run of pinyin, as in zhi tong che."""
    if all(link.text in table.readings.syllables for link in links):
        return True
    return not any(link.is_known for link in links)


def _word_repairs(
    table: SpellingTable, evidence: CorpusEvidence, query: WeighedQuery, word: QueryWord
) -> Iterator[Repair]:
    typed = letters_at(query.text, word.start, word.end)
    spelled = spelled_words(table, query.text, typed, only_with_context=word.is_known)
    yield from spelled
    # What spells well-known words in full is neither short for others nor a slip.
    if not word.is_known and not any(repair.proof is Proof.MORE_WORDS for repair in spelled):
        yield from abbreviated_words(table, typed)
        yield from mistyped_words(table, evidence, typed)


def _han_repairs(
    table: SpellingTable, evidence: CorpusEvidence, query: WeighedQuery
) -> list[Repair]:
    return homophones(
        table,
        evidence,
        query.text,
        query.words,
        doubt_known_words=query.missing == 1 and query.content <= _SHORT_QUERY,
    )


def _reading(snapshot: Snapshot, table: SpellingTable, candidate: Candidate) -> Reading:
    spelled_out = list(_spelled_out(snapshot, table, candidate.query.text))
    substitutes = [
        substitute
        for repair in sorted(candidate.repairs, key=lambda repair: repair.start)
        for substitute in repair.substitutes
    ]
    substitutes += [substitute for repair in spelled_out for substitute in repair.substitutes]
    return Reading(
        text=apply_repairs(candidate.query.text, spelled_out),
        tier=candidate.tier,
        expanded=tuple(ExpandedTerm(s.word, s.typed, s.via) for s in substitutes),
    )


def _spelled_out(snapshot: Snapshot, table: SpellingTable, text: str) -> Iterator[Repair]:
    """Yield the Han words for names in pinyin beside Han characters: taobao店铺 -> 淘宝店铺."""
    for match in _LATIN_CHAIN.finditer(text):
        name = match.group()
        synonyms = snapshot.analyzer.synonyms.expand(name)
        beside = text[max(0, match.start() - 1) : match.start()] + text[match.end() :][:1]
        word = next((w for w in map(table.word, table.pinyin.get(name)) if w in synonyms), None)
        if word is not None and any(map(is_han, beside)):
            substitute = Substitute(word, name, "pinyin")
            yield Repair(match.start(), match.end(), (substitute,), Tier.PINYIN, 0.0)
