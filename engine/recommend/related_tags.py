"""Which tags go with this one?

Two tags go together when they share articles out of proportion to how common they are (cosine of their
article sets: Ochiai 1957), and when what they are put on is about the same things (cosine of the mean
latent vectors of their articles). The product of both: counts alone always name the site's largest tags,
vectors alone name synonyms that nobody uses together. Invariant: ties by tag number, hidden articles count
for nothing, and the work is bounded whatever the tag.
"""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import numpy.typing as npt

from engine.index.snapshot import Snapshot
from engine.recommend.cards import TagCount
from engine.recommend.visible_articles import visible_among

RELATED_TAGS = 12

_MOST_CANDIDATES = 48
_ARTICLES_PER_CENTROID = 64


def related_tags(
    snapshot: Snapshot, tag: int, articles: npt.NDArray[np.uint32]
) -> tuple[TagCount, ...]:
    """Return the tags that go best with `tag`, whose visible articles are `articles`.

    Each comes with the number of articles that carry both.
    """
    taxonomy = snapshot.taxonomy
    shared = Counter(
        other for article in articles.tolist() for other in taxonomy.tags_of(article).tolist()
    )
    shared.pop(tag, None)
    filed = {other: visible_among(snapshot, taxonomy.tag_articles(other)) for other in shared}
    overlap = {
        other: count / math.sqrt(len(articles) * len(filed[other]))
        for other, count in shared.items()
    }
    candidates = sorted(overlap, key=lambda other: (-overlap[other], other))[:_MOST_CANDIDATES]
    centre = _centroid(snapshot, articles)
    scores = {
        other: overlap[other] * max(0.0, float(centre @ _centroid(snapshot, filed[other])))
        for other in candidates
    }
    best = sorted(scores, key=lambda other: (-scores[other], -overlap[other], other))
    return tuple(TagCount(taxonomy.tags[other], shared[other]) for other in best[:RELATED_TAGS])


def _centroid(snapshot: Snapshot, articles: npt.NDArray[np.uint32]) -> npt.NDArray[np.float32]:
    mean: npt.NDArray[np.float32] = snapshot.vectors.unit(articles[:_ARTICLES_PER_CENTROID]).sum(0)
    length = float(np.linalg.norm(mean))
    return mean / np.float32(length) if length else mean
