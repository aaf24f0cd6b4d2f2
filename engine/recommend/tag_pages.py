"""Which articles carry a tag, and which tags go with it?

Invariant: articles newest first (undated last, ties by article number); an unknown tag is an empty page.
"""

from __future__ import annotations

import numpy as np

from engine.index.snapshot import Snapshot
from engine.recommend.cards import TagPage
from engine.recommend.related_tags import related_tags
from engine.recommend.visible_articles import visible_among


def tag_page(snapshot: Snapshot, tag: str, *, page: int = 1, size: int = 10) -> TagPage:
    """Return page `page` (from 1) of the articles under `tag`, spelt in any script, width or case."""
    taxonomy = snapshot.taxonomy
    number = taxonomy.tag_number(snapshot.analyzer.normalize(tag).strip())
    if number is None:
        return TagPage(tag, 0, page, size, (), ())
    articles = visible_among(snapshot, taxonomy.tag_articles(number))
    newest = articles[np.lexsort((articles, -snapshot.articles.published[articles]))]
    shown = newest[(page - 1) * size : page * size]
    return TagPage(
        tag=taxonomy.tags[number],
        total=len(articles),
        page=page,
        size=size,
        cards=tuple(snapshot.articles.card(article) for article in shown.tolist()),
        related_tags=related_tags(snapshot, number, articles),
    )
