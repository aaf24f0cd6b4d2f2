"""Lists in memory, written down as what they say of each article."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from engine.index.postings import PostingsLists, lists_of


def make_lists(lists: Iterable[Mapping[int, float]], articles: int) -> PostingsLists:
    """Return lists in memory, from one mapping each: article number < `articles` -> weight > 0."""
    every = list(lists)
    lengths = [len(weights) for weights in every]
    return lists_of(
        np.repeat(np.arange(len(every)), lengths),
        np.asarray([number for weights in every for number in weights], dtype=np.int64),
        np.asarray([weight for weights in every for weight in weights.values()], dtype=np.float64),
        len(every),
        articles,
    )
