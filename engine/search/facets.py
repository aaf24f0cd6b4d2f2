"""How could the reader narrow these hits?

Invariant: every value offered leaves at least one hit, and its count is exact.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from engine.index.snapshot import Snapshot
from engine.search.requests import FacetValue

FACET_VALUES = 10
TAG_SAMPLE = 1_000
"""Tags are counted over this many best hits: tags of the thousandth hit help nobody narrow."""


def count_facets(
    snapshot: Snapshot, hits: npt.NDArray[np.intp]
) -> Mapping[str, tuple[FacetValue, ...]]:
    """Return category and tag counts over `hits`, article numbers best first.

    Categories are paths joined by "/": the largest roots, then the largest below them.
    """
    taxonomy = snapshot.taxonomy
    filed = taxonomy.category_of[hits]
    numbers, counts = np.unique(filed[filed >= 0], return_counts=True)
    below: Counter[str] = Counter()
    for number, count in zip(numbers.tolist(), counts.tolist(), strict=True):
        path = taxonomy.category_paths[number]
        for depth in range(1, len(path) + 1):
            below["/".join(path[:depth])] += count
    tags = Counter(
        tag for hit in hits[:TAG_SAMPLE].tolist() for tag in taxonomy.tags_of(hit).tolist()
    )
    named = Counter({taxonomy.tags[tag]: count for tag, count in tags.items()})
    roots = Counter({path: count for path, count in below.items() if "/" not in path})
    return {"category": _largest(roots) + _largest(below - roots), "tag": _largest(named)}


def _largest(counts: Counter[str]) -> tuple[FacetValue, ...]:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(FacetValue(value, count) for value, count in ordered[:FACET_VALUES])
