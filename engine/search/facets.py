"""How could the reader narrow these hits?

Invariant: every value offered leaves at least one hit, and its count is how many hits are left once it is
chosen. Near-duplicates count as the one hit that they are shown as, under each value that any of them has:
whichever of them passes the filter will stand for the others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping

import numpy as np
import numpy.typing as npt

from engine.index.snapshot import Snapshot
from engine.index.taxonomy import Taxonomy
from engine.search.requests import FacetValue

FACET_VALUES = 10

Articles = npt.NDArray[np.intp]


def count_facets(snapshot: Snapshot, hits: Articles) -> Mapping[str, tuple[FacetValue, ...]]:
    """Return category and tag counts over `hits`, article numbers with near-duplicates not folded.

    Categories are paths joined by "/": the largest roots, then the largest below them.
    """
    alone, groups = _groups(snapshot, hits)
    return {
        "category": _count_categories(snapshot.taxonomy, alone, groups),
        "tag": _count_tags(snapshot.taxonomy, alone, groups),
    }


def _groups(snapshot: Snapshot, hits: Articles) -> tuple[Articles, list[list[int]]]:
    """Return the hits that stand for themselves, and the others by whom they duplicate."""
    originals = snapshot.duplicates.originals[hits]
    sizes = np.bincount(originals)
    if len(sizes) == 0 or sizes.max() == 1:
        return hits, []
    together = sizes[originals] > 1
    members: dict[int, list[int]] = defaultdict(list)
    for number, hit in zip(originals[together].tolist(), hits[together].tolist(), strict=True):
        members[number].append(hit)
    return hits[~together], list(members.values())


def _count_categories(
    taxonomy: Taxonomy, alone: Articles, groups: Iterable[Collection[int]]
) -> tuple[FacetValue, ...]:
    tree = taxonomy.category_tree
    # Articles that are filed nowhere (-1) come first, and out.
    filed = np.bincount(taxonomy.category_of[alone] + 1, minlength=len(tree.nodes_of) + 1)[1:]
    counts = [0] * len(tree.paths)
    for within, size in zip(tree.nodes_of, filed.tolist(), strict=True):
        for node in within if size else ():
            counts[node] += size

    def nodes(article: int) -> Iterable[int]:
        category = int(taxonomy.category_of[article])
        return tree.nodes_of[category] if category >= 0 else ()

    for node in _once(groups, nodes):
        counts[node] += 1
    found = [
        FacetValue(path, count) for path, count in zip(tree.paths, counts, strict=True) if count
    ]
    found.sort(key=lambda value: (-value.count, value.value))
    roots = [value for value in found if "/" not in value.value]
    deeper = [value for value in found if "/" in value.value]
    return (*roots[:FACET_VALUES], *deeper[:FACET_VALUES])


def _count_tags(
    taxonomy: Taxonomy, alone: Articles, groups: Iterable[Collection[int]]
) -> tuple[FacetValue, ...]:
    # Counts sort nothing, which is several times faster than `np.unique` on thousands of hits.
    counts = np.bincount(taxonomy.tags_of_all(alone)[0], minlength=len(taxonomy.tags))
    for tag in _once(groups, lambda article: taxonomy.tags_of(article).tolist()):
        counts[tag] += 1
    present = np.flatnonzero(counts)
    if len(present) > FACET_VALUES:
        # One number says how large a tag is, then how early its name comes: no two are equal.
        order = counts[present] * len(counts) - taxonomy.tag_ranks[present]
        present = present[np.argpartition(order, -FACET_VALUES)[-FACET_VALUES:]]
    found = [
        FacetValue(taxonomy.tags[tag], count)
        for tag, count in zip(present.tolist(), counts[present].tolist(), strict=True)
    ]
    return tuple(sorted(found, key=lambda value: (-value.count, value.value)))


def _once(
    groups: Iterable[Collection[int]], values: Callable[[int], Iterable[int]]
) -> Iterable[int]:
    """Return each value once for every group that has it."""
    for group in groups:
        yield from {value for hit in group for value in values(hit)}
