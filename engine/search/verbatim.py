"""Which of these articles hold the query as it was typed?

The pairs of units leave few articles whose bodies must be read. Invariant: an article is named only if the
folded query stands in its folded body.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.analysis.grams import unit_bigrams
from engine.search.folded_text import fold_table
from engine.search.term_reader import TermReader


def holding_verbatim(reader: TermReader, articles: Sequence[int], wanted: str) -> set[int]:
    """Return those of `articles` whose body holds `wanted` (normalised, not empty)."""
    if not articles:
        return set()
    pairs = list(dict.fromkeys(unit_bigrams(wanted)))
    candidates = np.asarray(sorted(articles), dtype=np.intp)
    if pairs:
        candidates = np.concatenate(
            [
                places[segment.are_holders(places, [pairs])] + segment.segment.first
                for segment, places in reader.local(candidates)
            ]
        )
    table = reader.snapshot.articles
    fold = fold_table(reader.snapshot.analyzer.normalizer).fold
    return {
        article
        for article in candidates.tolist()
        if wanted in fold(table.body(article), (wanted,)).text
    }
