"""Which views of the corpus are indexed, and with which weights?

The one place where relevance is tuned (docs/relevance.md tells how each figure was found). Invariant: a
view is fully described here; its description goes into the manifest, so a reader never guesses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Unit = Literal["words", "bigrams"]
Field = Literal["title", "body", "tags"]


@dataclass(frozen=True, slots=True)
class ViewSpecification:
    """One inverted view: a unit of text, counted over weighted fields, scored by BM25.

    `weight` multiplies the view's score in the sum over views.
    """

    name: str
    unit: Unit
    fields: Mapping[Field, float]
    weight: float
    k1: float = 1.2
    b: float = 0.75

    def describe(self) -> dict[str, Any]:
        """Return the specification as plain JSON values."""
        return {
            "unit": self.unit,
            "fields": dict(self.fields),
            "weight": self.weight,
            "k1": self.k1,
            "b": self.b,
        }


UNITS: tuple[Unit, ...] = ("words", "bigrams")

VIEWS: tuple[ViewSpecification, ...] = (
    ViewSpecification("words", "words", {"title": 2.0, "body": 1.0, "tags": 2.0}, 1.0, k1=2.0),
    ViewSpecification("bigrams", "bigrams", {"title": 2.0, "body": 1.0, "tags": 2.0}, 0.6, k1=2.0),
    ViewSpecification("title_words", "words", {"title": 1.0}, 0.23),
    ViewSpecification("title_bigrams", "bigrams", {"title": 1.0}, 0.07),
)

RELATED_VIEW = ViewSpecification("related", "words", {"title": 3.0, "body": 1.0, "tags": 3.0}, 1.0)
"""What the TF-IDF vectors of related articles count; it is no view that is searched."""
