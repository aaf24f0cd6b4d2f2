"""Which articles carry a tag, and which tags go with it?

Invariant: articles newest first (undated last, ties by article number); an unknown tag is an empty page.
"""

from __future__ import annotations

from collections import Counter

import numpy as np

from engine.index.snapshot import Snapshot
from engine.recommend.cards import TagCount, TagPage
from engine.recommend.visible_articles import visible_among

RELATED_TAGS = 12


def tag_page(snapshot: Snapshot, tag: str, *, page: int = 1, size: int = 10) -> TagPage:
    """Return page `page` (from 1) of the articles under `tag`, spelt in any script, width or case."""
    taxonomy = snapshot.taxonomy
    number = taxonomy.tag_number(snapshot.analyzer.normalize(tag).strip())
    if number is None:
        return TagPage(tag, 0, page, size, (), ())
    articles = visible_among(snapshot, taxonomy.tag_articles(number))
    newest = articles[np.lexsort((articles, -snapshot.articles.published[articles]))]
    shown = newest[(page - 1) * size : page * size]
    together = Counter(
        other for article in articles.tolist() for other in taxonomy.tags_of(article).tolist()
    )
    del together[number]
    related = sorted(together.items(), key=lambda item: (-item[1], item[0]))[:RELATED_TAGS]
    return TagPage(
        tag=taxonomy.tags[number],
        total=len(articles),
        page=page,
        size=size,
        cards=tuple(snapshot.articles.card(article) for article in shown.tolist()),
        related_tags=tuple(TagCount(taxonomy.tags[other], count) for other, count in related),
    )
