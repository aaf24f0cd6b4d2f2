"""Which of the possible repairs, and which of them together, make most of a query?

A repair is judged by what the articles say to the query that it leads to: more of its words in one
article, fewer neighbours that no article has side by side. Invariant: nothing is kept that finds less in
any respect; candidates come in an order that depends on the query and the index alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice, product

from engine.search.corpus_evidence import CorpusEvidence
from engine.search.query_words import QueryCutter, QueryWord, loose_pairs
from engine.search.repair import Proof, Repair, apply_repairs
from engine.search.requests import Tier
from engine.search.term_reader import is_han

_MOST_PLACES = 6
_MOST_AT_A_PLACE = 8
_MOST_TRIED = 40
"""Every combination is cut into words and looked up; a query with one mistake takes one to eight."""

_KEPT = 3
_BONUS_FOR_FIT = 0.2


@dataclass(frozen=True, slots=True)
class WeighedQuery:
    """A query as it was typed or as it may be read.

    content: how many words say what is sought; missing: how many of them the best article lacks;
    loose: pairs of neighbours that no article has.
    """

    text: str
    words: list[QueryWord]
    content: int
    missing: int
    loose: int

    def is_better_than(self, other: WeighedQuery) -> bool:
        """Tell whether this finds more in one respect and less in none."""
        if self.missing > other.missing or self.loose > other.loose:
            return False
        return (self.missing, self.loose) != (other.missing, other.loose)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Some repairs, and what the query reads then."""

    query: WeighedQuery
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


def weigh(cutter: QueryCutter, evidence: CorpusEvidence, text: str) -> WeighedQuery:
    """Return `text` with what the articles say to it."""
    words = cutter.cut(text)
    content = list(dict.fromkeys(word.text for word in words if not word.is_stop_word))
    loose = sum(1 for _ in loose_pairs(words, evidence))
    return WeighedQuery(text, words, len(content), evidence.missing(content), loose)


def best_candidates(
    cutter: QueryCutter, evidence: CorpusEvidence, query: WeighedQuery, repairs: Iterable[Repair]
) -> list[Candidate]:
    """Return the best combinations of one repair a place, the best first."""
    kept = [Candidate(query, (), 0.0)]
    left_to_try = _MOST_TRIED
    for place in _places(evidence, query.text, repairs):
        extended = []
        for candidate, (doubt, repair) in islice(product(kept, place), left_to_try):
            left_to_try -= 1
            together = (*candidate.repairs, repair)
            read = weigh(cutter, evidence, apply_repairs(query.text, together))
            if read.is_better_than(candidate.query):
                extended.append(Candidate(read, together, candidate.doubt + doubt))
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
