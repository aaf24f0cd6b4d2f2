"""What else can a query be read as, when it finds too little as it was typed?

Pinyin, initials, homophones and misspelt Latin words are re-read as words of the corpus. Invariant: a
reading is offered only when some article has more of its words than any article has of the query's, or
when it mends a word that was cut apart; equal queries get equal readings; at most `MOST_READINGS`; the
work is bounded whatever was typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product

from engine.index.snapshot import Snapshot
from engine.index.spellings import SpellingTable
from engine.search.abbreviated_words import abbreviated_words
from engine.search.corpus_evidence import CorpusEvidence
from engine.search.homophones import homophones
from engine.search.mistyped_letters import mistyped_words
from engine.search.query_plan import QueryPlan
from engine.search.query_words import QueryCutter, QueryWord, is_han, loose_pairs
from engine.search.repair import Proof, Repair, Substitute, apply_repairs
from engine.search.requests import ExpandedTerm, Tier
from engine.search.spelled_words import letters_at, spelled_words

MOST_READINGS = 3

_MOST_LATIN_WORDS = 12
_MOST_PLACES = 6
_MOST_AT_A_PLACE = 8
_MOST_TRIED = 40
"""Every combination is cut into words and looked up; a query with one mistake takes one to eight."""

_KEPT = 3
_SHORT_QUERY = 8
"""A query of more words is a sentence: that no article has all of them casts no doubt on any."""

_BONUS_FOR_FIT = 0.2
_LATIN_CHAIN = re.compile(r"(?<![a-z0-9])[a-z]+(?: [a-z]+)*(?![a-z0-9])")


@dataclass(frozen=True, slots=True)
class Reading:
    """A normalised query to search for instead; `expanded` tells what was put for what."""

    text: str
    tier: Tier
    expanded: tuple[ExpandedTerm, ...]


@dataclass(frozen=True, slots=True)
class _Query:
    """A query as it was typed or as it may be read.

    content: how many words say what is sought; missing: how many of them the best article lacks;
    loose: pairs of neighbours that no article has.
    """

    text: str
    words: list[QueryWord]
    content: int
    missing: int
    loose: int

    def is_better_than(self, other: _Query) -> bool:
        """Tell whether this finds more in one respect and less in none."""
        if self.missing > other.missing or self.loose > other.loose:
            return False
        return (self.missing, self.loose) != (other.missing, other.loose)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Some repairs, and what the query reads then."""

    query: _Query
    repairs: tuple[Repair, ...]
    doubt: float

    @property
    def tier(self) -> Tier:
        """The weaker of the tiers of the repairs."""
        corrected = any(repair.tier is Tier.CORRECTED for repair in self.repairs)
        return Tier.CORRECTED if corrected else Tier.PINYIN

    @property
    def preference(self) -> tuple[int, int, bool, float, str]:
        """What sorts the best candidate first."""
        corrected = self.tier is Tier.CORRECTED
        return (
            self.query.missing,
            self.query.loose,
            corrected,
            round(self.doubt, 6),
            self.query.text,
        )

    @property
    def is_proved(self) -> bool:
        """Tell whether every repair brought about what it must."""
        proof = max(repair.proof for repair in self.repairs)
        if proof is Proof.MORE_WORDS:
            return self.query.content > 0
        return not self.query.missing and self.query.content > (proof is Proof.ALL_OF_SEVERAL)

    @property
    def is_perfect(self) -> bool:
        """Tell whether nothing is left to repair; what is tried later is more doubtful."""
        return not self.query.missing and not self.query.loose and self.is_proved


def propose_readings(
    snapshot: Snapshot, table: SpellingTable, plan: QueryPlan
) -> tuple[Reading, ...]:
    """Return what `plan` may have meant, the best reading first.

    Empty when an article has all that was asked for, when nothing better is found, and when words
    are quoted: quotes mean that this is how it is spelled.
    """
    if not plan.groups or plan.phrases:
        return ()
    evidence = CorpusEvidence(snapshot)
    cutter = QueryCutter(snapshot.analyzer, evidence)
    query = _read(cutter, evidence, plan.normalized)
    if not (query.missing or query.loose) or evidence.is_found_whole(plan):
        return ()
    repairs = [*_latin_repairs(table, evidence, query), *_han_repairs(table, evidence, query)]
    readings: dict[str, Reading] = {}
    for candidate in _best_candidates(cutter, evidence, query, repairs):
        reading = _reading(snapshot, table, candidate)
        readings.setdefault(reading.text, reading)
    return tuple(readings.values())[:MOST_READINGS]


def _read(cutter: QueryCutter, evidence: CorpusEvidence, text: str) -> _Query:
    words = cutter.cut(text)
    content = list(dict.fromkeys(word.text for word in words if not word.is_stop_word))
    loose = sum(1 for _ in loose_pairs(words, evidence))
    return _Query(text, words, len(content), evidence.missing(content), loose)


def _latin_repairs(
    table: SpellingTable, evidence: CorpusEvidence, query: _Query
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
    table: SpellingTable, evidence: CorpusEvidence, query: _Query, word: QueryWord
) -> Iterator[Repair]:
    typed = letters_at(query.text, word.start, word.end)
    spelled = spelled_words(table, query.text, typed, only_with_context=word.is_known)
    yield from spelled
    # What spells well-known words in full is neither short for others nor a slip.
    if not word.is_known and not any(repair.proof is Proof.MORE_WORDS for repair in spelled):
        yield from abbreviated_words(table, typed)
        yield from mistyped_words(table, evidence, typed)


def _han_repairs(table: SpellingTable, evidence: CorpusEvidence, query: _Query) -> list[Repair]:
    return homophones(
        table,
        evidence,
        query.text,
        query.words,
        doubt_known_words=query.missing == 1 and query.content <= _SHORT_QUERY,
    )


def _best_candidates(
    cutter: QueryCutter, evidence: CorpusEvidence, query: _Query, repairs: Iterable[Repair]
) -> list[_Candidate]:
    """Return the best combinations of one repair a place, the best first."""
    kept = [_Candidate(query, (), 0.0)]
    left_to_try = _MOST_TRIED
    for place in _places(evidence, query.text, repairs):
        extended = []
        for candidate, (doubt, repair) in islice(product(kept, place), left_to_try):
            left_to_try -= 1
            together = (*candidate.repairs, repair)
            read = _read(cutter, evidence, apply_repairs(query.text, together))
            if read.is_better_than(candidate.query):
                extended.append(_Candidate(read, together, candidate.doubt + doubt))
                if extended[-1].is_perfect:
                    break
        kept = sorted([*kept, *extended], key=lambda candidate: candidate.preference)[:_KEPT]
    return [candidate for candidate in kept if candidate.repairs and candidate.is_proved]


def _places(
    evidence: CorpusEvidence, text: str, repairs: Iterable[Repair]
) -> list[list[tuple[float, Repair]]]:
    """Return the repairs with their doubt, those that overlap in one list, the best ones first."""
    places: list[list[tuple[float, Repair]]] = []
    end = -1
    for repair in sorted(
        repairs, key=lambda repair: (repair.start, repair.end, repair.replacement)
    ):
        doubt = repair.doubt - _BONUS_FOR_FIT * _fit(evidence, text, repair)
        if repair.start >= end:
            places.append([])
        places[-1].append((doubt, repair))
        end = max(end, repair.end)
    for place in places:
        place.sort(key=lambda item: (item[1].tier is Tier.CORRECTED, item[0], item[1].replacement))
        del place[_MOST_AT_A_PLACE:]
    return places[:_MOST_PLACES]


def _fit(evidence: CorpusEvidence, text: str, repair: Repair) -> int:
    """Return at how many of its two ends the replacement joins on as it does in some article."""
    joints = [
        (text[repair.start - 1 : repair.start], repair.replacement[:1]),
        (repair.replacement[-1:], text[repair.end : repair.end + 1]),
    ]
    return sum(
        is_han(left) and is_han(right) and evidence.is_adjacent(left, right)
        for left, right in joints
        if left and right
    )


def _reading(snapshot: Snapshot, table: SpellingTable, candidate: _Candidate) -> Reading:
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
