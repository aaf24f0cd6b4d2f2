"""Which views of the corpus are weighed, and with which weights?

The one place where relevance is tuned (docs/relevance.md tells how each figure was found). Invariant: a
view is fully described here; its description goes into the manifest, so a reader never guesses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

Unit = Literal["words", "bigrams"]
Field = Literal["title", "body", "tags"]


@dataclass(frozen=True, slots=True)
class ViewSpecification:
    """One view: a unit of text, counted over weighted fields, weighed by BM25.

    What views say of one term is added up when the index is built (`index_builder.term_lists`).

    `weight` multiplies the view's score in the sum over views; `burst_cap` is explained in
    `index_builder.bm25`; `long_query_gain` g lets the weight grow with queries of more than 20 units, by
    1 + g ln(units / 20): the longer the query, the likelier it is a title. `short_query_gain` g multiplies the
    weight by 1 + g in queries of at most four units: those name a topic, and so do titles.
    """

    name: str
    unit: Unit
    fields: Mapping[Field, float]
    weight: float
    k1: float = 1.2
    b: float = 0.75
    burst_cap: float = 0.0
    long_query_gain: float = 0.0
    short_query_gain: float = 0.0

    def describe(self) -> dict[str, Any]:
        """Return the specification as plain JSON values."""
        return {**asdict(self), "fields": dict(self.fields)}


UNITS: tuple[Unit, ...] = ("words", "bigrams")

_WHOLE: Mapping[Field, float] = {"title": 3.0, "body": 1.0, "tags": 3.0}
_TITLE: Mapping[Field, float] = {"title": 1.0}

VIEWS: tuple[ViewSpecification, ...] = (
    ViewSpecification("words", "words", _WHOLE, 1.0, burst_cap=3.0),
    ViewSpecification("bigrams", "bigrams", _WHOLE, 0.71, burst_cap=3.0),
    ViewSpecification(
        "title_words", "words", _TITLE, 0.20, long_query_gain=4.0, short_query_gain=3.0
    ),
    ViewSpecification(
        "title_bigrams", "bigrams", _TITLE, 0.12, long_query_gain=4.0, short_query_gain=3.0
    ),
)

WORD_GAIN = 1.4
"""How often a pair of units counts once more where the query has it as a word: 1 / 0.71, the weight of words
over that of pairs. A factor of each term's own (its share of occurrences as a word) gave no more."""

_RELATED: Mapping[Field, float] = {"title": 8.0, "body": 1.0, "tags": 3.0}
RELATED_WORDS = ViewSpecification("related_words", "words", _RELATED, 1.0)
RELATED_BIGRAMS = ViewSpecification("related_bigrams", "bigrams", _RELATED, 1.0)
RELATED_TITLES = ViewSpecification("related_titles", "bigrams", _TITLE, 1.0)
"""What the TF-IDF vectors of related articles count; these are no views that are searched."""
