"""What does each kind of evidence say of every article, for every query?

Brute force: one matrix of scores per kind, [queries, articles], so that a form with other weights costs an
addition. Weights come from the builder's own BM25. What is left out: synonyms and numerals (a query's own words
alone), stored precision (one byte an impact), common terms that long queries leave out, and the floor below
which hits are dropped; together they move a figure by up to 0.004, and `wenmai evaluate` has the last word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from benchmarks.relevance.forms import Counting, Form
from benchmarks.relevance.judged_set import JudgedSet
from engine.analysis.analyzer import Analyzer
from engine.search.query_plan import plan_query
from index_builder.bm25 import Bm25Transformer
from index_builder.vectorizer import view_counts
from index_builder.views import Field, Unit, ViewSpecification

Scores = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Asked:
    """Queries as matrices, float32 [queries, terms]; `inner`: words that are pairs, as pairs."""

    pairs: sp.csr_matrix
    inner: sp.csr_matrix
    words: sp.csr_matrix


class Evidence:
    """The scores of one judged set by kind of evidence."""

    def __init__(self, judged: JudgedSet, analyzer: Analyzer) -> None:
        self.judged = judged
        self._plans = [plan_query(analyzer, query.text) for query in judged.queries]
        self._bodies: dict[Counting, tuple[Scores, Scores, Scores]] = {}

    def scores(self, form: Form) -> Scores:
        """Return what `form` makes of it, float32 [queries, articles]."""
        pairs, inner, words = self._body(form.counting)
        title_pairs, title_inner, title_words = self._title
        growth = form.title_growth(self._units).astype(np.float32)[:, np.newaxis]
        body = form.pairs * (pairs + form.word_gain * inner) + form.words * words
        title = form.title_pairs * (title_pairs + form.word_gain * title_inner)
        total: Scores = body + growth * (title + form.title_words * title_words)
        return total

    def plain_scores(self) -> Scores:
        """Return plain BM25 over words, title and body as one text: the place to start from."""
        plain = Counting(title_copies=1.0, k1=1.2, b=0.75, burst_cap=0.0)
        numbers = _numbered(self.judged.counts["words"].terms)
        asked = _matrix(self._words, numbers)
        return _put(asked, self._weights("words", plain, body=1.0))

    @cached_property
    def _units(self) -> npt.NDArray[np.int64]:
        return np.asarray([plan.units for plan in self._plans])

    @cached_property
    def _title(self) -> tuple[Scores, Scores, Scores]:
        return self._weigh(Counting(title_copies=1.0, k1=1.2, b=0.75, burst_cap=0.0), body=0.0)

    def _body(self, counting: Counting) -> tuple[Scores, Scores, Scores]:
        if counting not in self._bodies:
            if (
                len(self._bodies) > 1
            ):  # the built one and the last one: each is hundreds of megabytes
                self._bodies.popitem()
            self._bodies[counting] = self._weigh(counting, body=1.0)
        return self._bodies[counting]

    def _weigh(self, counting: Counting, body: float) -> tuple[Scores, Scores, Scores]:
        asked = self._asked
        pairs = self._weights("bigrams", counting, body)
        words = self._weights("words", counting, body)
        return _put(asked.pairs, pairs), _put(asked.inner, pairs), _put(asked.words, words)

    def _weights(self, unit: Unit, counting: Counting, body: float) -> sp.csr_matrix:
        fields: dict[Field, float] = {"title": counting.title_copies}
        if body:
            # Tags count as titles do; the judged sets have none.
            fields |= {"body": body, "tags": counting.title_copies}
        view = ViewSpecification("tried", unit, fields, 1.0)
        counts = view_counts(self.judged.counts[unit], view)
        return Bm25Transformer(counting.k1, counting.b, counting.burst_cap).fit_transform(counts)

    @property
    def _words(self) -> list[dict[str, int]]:
        return [
            {group.term: group.times for group in (*plan.groups, *plan.stop_words)}
            for plan in self._plans
        ]

    @cached_property
    def _asked(self) -> _Asked:
        pairs = _numbered(self.judged.counts["bigrams"].terms)
        words = {
            term: number
            for term, number in _numbered(self.judged.counts["words"].terms).items()
            if term not in pairs  # a word of two units is found as its pair
        }
        return _Asked(
            pairs=_matrix((plan.grams for plan in self._plans), pairs),
            inner=_matrix(self._words, pairs),
            words=_matrix(self._words, words, len(self.judged.counts["words"].terms)),
        )


def _numbered(terms: Sequence[str]) -> dict[str, int]:
    return {term: number for number, term in enumerate(terms)}


def _matrix(
    queries: Iterable[Mapping[str, int]], numbers: Mapping[str, int], columns: int | None = None
) -> sp.csr_matrix:
    rows, places, times = [], [], []
    count = 0
    for row, asked in enumerate(queries):
        count += 1
        for term, often in asked.items():
            if term in numbers:
                rows.append(row)
                places.append(numbers[term])
                times.append(often)
    shape = (count, len(numbers) if columns is None else columns)
    return sp.csr_matrix((np.asarray(times, dtype=np.float32), (rows, places)), shape=shape)


def _put(asked: sp.csr_matrix, weights: sp.csr_matrix) -> Scores:
    scores: Scores = (asked @ weights.T).toarray().astype(np.float32, copy=False)
    return scores
