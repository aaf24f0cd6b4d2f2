"""Which forms of the formula are tried?

One `Form` is a complete set of weights; `current()` is what `index_builder.views` builds today, and every
other differs from it in one idea. Invariant: a form is described by its numbers alone; none knows of a set.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import numpy.typing as npt

from engine.search.term_weights import LONG_QUERY_UNITS, SHORT_QUERY_UNITS
from index_builder.views import VIEWS, WORD_GAIN, ViewSpecification

_BY_NAME: Mapping[str, ViewSpecification] = {view.name: view for view in VIEWS}


@dataclass(frozen=True, slots=True)
class Counting:
    """How counts become weights in the two views of whole articles."""

    title_copies: float
    k1: float
    b: float
    burst_cap: float


@dataclass(frozen=True, slots=True)
class Form:
    """One set of weights.

    pairs, words: of the views of whole articles (words that are no pair); word_gain: a pair that the query
    has as a word, times `pairs`; title_pairs, title_words: of titles; long_gain, short_gain: how titles
    grow with long queries and what they gain in short ones.
    """

    name: str
    counting: Counting
    pairs: float
    words: float
    word_gain: float
    title_pairs: float
    title_words: float
    long_gain: float
    short_gain: float
    short_units: int = SHORT_QUERY_UNITS

    def title_growth(self, units: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """Return what titles count in queries of so many `units`, float64 [queries]."""
        present = np.maximum(units, 1)
        longer = np.maximum(0.0, np.log(present / LONG_QUERY_UNITS))
        return 1.0 + self.long_gain * longer + self.short_gain * (present <= self.short_units)


def current() -> Form:
    """Return the form that is built."""
    words, pairs = _BY_NAME["words"], _BY_NAME["bigrams"]
    titles = _BY_NAME["title_bigrams"]
    return Form(
        name="as built",
        counting=Counting(words.fields["title"], words.k1, words.b, words.burst_cap),
        pairs=pairs.weight,
        words=words.weight,
        word_gain=WORD_GAIN,
        title_pairs=titles.weight,
        title_words=_BY_NAME["title_words"].weight,
        long_gain=titles.long_query_gain,
        short_gain=titles.short_query_gain,
    )


def forms() -> list[Form]:
    """Return all forms, what is built first."""
    built = current()
    counting = built.counting
    return [
        built,
        replace(built, name="no titles apart", title_pairs=0.0, title_words=0.0),
        replace(built, name="no burst", counting=replace(counting, burst_cap=0.0)),
        replace(built, name="no growth with long queries", long_gain=0.0),
        replace(built, name="no gain in short queries", short_gain=0.0),
        *(_named(built, short_gain=gain) for gain in (2.0, 5.0)),
        *(_named(built, long_gain=gain) for gain in (2.5, 6.0)),
        *(
            _named(built, title_pairs=pairs, title_words=words)
            for pairs, words in product((0.05, 0.1, 0.12, 0.15), (0.1, 0.2, 0.3))
            if (pairs, words) != (built.title_pairs, built.title_words)
        ),
        *(_named(built, pairs=weight) for weight in (0.5, 0.6, 0.85)),
        *(_named(built, word_gain=gain) for gain in (0.7, 1.0, 1.8, 2.5)),
        *(_counted(built, title_copies=copies) for copies in (1.0, 2.0, 5.0)),
        *(_counted(built, k1=k1) for k1 in (0.9, 1.6)),
        *(_counted(built, b=b) for b in (0.6, 0.85)),
        *(_counted(built, burst_cap=cap) for cap in (1.5, 5.0)),
    ]


def _named(form: Form, **changes: float) -> Form:
    return replace(form, name=_describe(changes), **changes)  # type: ignore[arg-type]


def _counted(form: Form, **changes: float) -> Form:
    return replace(form, name=_describe(changes), counting=replace(form.counting, **changes))


def _describe(changes: Mapping[str, float]) -> str:
    return ", ".join(f"{key} {value:g}" for key, value in changes.items())
