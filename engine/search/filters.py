"""Which articles may be hits at all?

Invariant: a filter never changes a score, and an unknown category or tag leaves nothing rather than
everything.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.index.articles import MISSING
from engine.index.snapshot import Snapshot
from engine.search.requests import SearchRequest


def allowed_articles(snapshot: Snapshot, request: SearchRequest) -> npt.NDArray[np.bool_] | None:
    """Return which articles pass the request's filters, bool [articles]; None when all do."""
    masks = []
    taxonomy = snapshot.taxonomy
    if request.category:
        masks.append(taxonomy.category_mask(taxonomy.categories_below(request.category)))
    if request.tag is not None:
        mask = np.zeros(len(snapshot.articles), dtype=bool)
        number = taxonomy.tag_number(snapshot.analyzer.normalize(request.tag).strip())
        if number is not None:
            mask[taxonomy.tag_articles(number)] = True
        masks.append(mask)
    if request.published_from is not None or request.published_to is not None:
        published = snapshot.articles.published
        dated = published != MISSING
        if request.published_from is not None:
            dated &= published >= int(request.published_from.timestamp())
        if request.published_to is not None:
            dated &= published <= int(request.published_to.timestamp())
        masks.append(dated)
    if not masks:
        return None
    allowed: npt.NDArray[np.bool_] = np.logical_and.reduce(masks)
    return allowed
