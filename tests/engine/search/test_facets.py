"""Facets count as one would count by hand."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.index.snapshot import Snapshot, open_snapshot
from engine.search.facets import FACET_VALUES, count_facets


@pytest.fixture(scope="module")
def snapshot(sample_index: Path) -> Snapshot:
    return open_snapshot(sample_index)


@given(chosen=st.sets(st.integers(0, 10_000)))
def test_facets_are_counts_by_hand_of_the_groups(snapshot: Snapshot, chosen: set[int]) -> None:
    taxonomy = snapshot.taxonomy
    hits = sorted({number % len(snapshot.articles) for number in chosen})
    groups: dict[int, set[str]] = {}
    tags: dict[int, set[str]] = {}
    for hit in hits:
        original = snapshot.duplicates.original_of(hit)
        category = int(taxonomy.category_of[hit])
        path = taxonomy.category_paths[category] if category >= 0 else ()
        above = {"/".join(path[:depth]) for depth in range(1, len(path) + 1)}
        groups.setdefault(original, set()).update(above)
        tags.setdefault(original, set()).update(
            taxonomy.tags[tag] for tag in taxonomy.tags_of(hit).tolist()
        )

    def largest(sets: dict[int, set[str]], *, deep: bool | None = None) -> list[tuple[str, int]]:
        counts = Counter(value for each in sets.values() for value in each)
        kept = {v: n for v, n in counts.items() if deep is None or ("/" in v) == deep}
        return sorted(kept.items(), key=lambda item: (-item[1], item[0]))[:FACET_VALUES]

    facets = count_facets(snapshot, np.asarray(hits, dtype=np.intp))
    found = {name: [(one.value, one.count) for one in values] for name, values in facets.items()}
    assert found["category"] == largest(groups, deep=False) + largest(groups, deep=True)
    assert found["tag"] == largest(tags)
