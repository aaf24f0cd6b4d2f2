"""What do related lists depend on?

The one place where they are tuned; docs/ranking.md tells how each figure was found. Invariant: all of it
is recorded in the manifest.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RelatedParameters:
    """How articles become vectors, which pairs are looked at, and what is added up for a pair.

    neighbours: length of the stored lists. saturation and length_share: k1 and b of the saturated term
    frequency. word_burst_cap: see `index_builder.bm25`. bigram_idf_power: pairs of units are many and
    common, so rare ones have to count for more. min_articles and max_share_of_articles: terms outside say
    nothing about pairs. text_candidates, title_candidates: how many of the nearest by the strongest
    text_terms and title_terms are scored exactly. word_share: of the words in the similarity of texts,
    against pairs of units. title_weight: of titles that are as alike as is usual. hub_neighbours and
    text_hub_power: local scaling, see `index_builder.related_scores`. hub_floor: the least to divide by, as
    a share of the mean. category_bonus: for an article of the same category. diversity: of maximal marginal
    relevance.
    """

    neighbours: int = 20
    saturation: float = 8.0
    length_share: float = 0.5
    word_burst_cap: float = 3.0
    bigram_idf_power: float = 1.5
    min_articles: int = 2
    max_share_of_articles: float = 0.3
    text_terms: int = 120
    title_terms: int = 40
    text_candidates: int = 40
    title_candidates: int = 20
    word_share: float = 0.5
    title_weight: float = 0.06
    hub_neighbours: int = 20
    text_hub_power: float = 0.25
    hub_floor: float = 0.25
    category_bonus: float = 0.2
    diversity: float = 0.05
    shared_terms: int = 3
    block_articles: int = 1024
