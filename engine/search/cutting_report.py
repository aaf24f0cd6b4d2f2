"""How was a query cut, and what does the index know of each piece?

For editors: which word is in how many articles, which one no article has, what was left over as single
characters. Invariant: the pieces are those that the search itself used.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.index.snapshot import Snapshot
from engine.search.query_plan import plan_query


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a query: articles counts those that hold it as one of their terms."""

    text: str
    role: str
    articles: int
    alternatives: tuple[str, ...] = ()
    is_listed: bool = True


@dataclass(frozen=True, slots=True)
class CuttingReport:
    """A query as the engine reads it; role of a piece: word, stop_word or pair."""

    normalized: str
    tokens: tuple[str, ...]
    pieces: tuple[Piece, ...]
    phrases: tuple[str, ...]
    excluded: tuple[str, ...]

    @property
    def unknown(self) -> tuple[str, ...]:
        """The words that neither the dictionary nor any article has: candidates for the lexicon."""
        return tuple(
            piece.text for piece in self.pieces if piece.role == "word" and not piece.is_listed
        )


def report_cutting(snapshot: Snapshot, text: str) -> CuttingReport:
    """Return how `text` is cut."""
    plan = plan_query(snapshot.analyzer, text)
    listed = snapshot.analyzer.segmenter.words
    words = []
    for group in plan.groups:
        articles = _articles(snapshot, group.term)
        is_listed = articles > 0 or group.term in listed
        words.append(Piece(group.term, "word", articles, group.alternatives, is_listed=is_listed))
    stop_words = [
        Piece(group.term, "stop_word", _articles(snapshot, group.term)) for group in plan.stop_words
    ]
    pairs = [Piece(gram, "pair", _articles(snapshot, gram)) for gram in plan.grams]
    return CuttingReport(
        plan.normalized,
        tuple(token for token in plan.tokens if token.strip()),
        (*words, *stop_words, *pairs),
        plan.phrases,
        plan.excluded,
    )


def _articles(snapshot: Snapshot, term: str) -> int:
    total = 0
    for segment in snapshot.segments:
        number = segment.terms.get(term)
        if number is not None:
            total += segment.lists.document_frequency(number)
    return total
