"""What stands in the 相关文章 box of an article?

Precomputed TF-IDF neighbours first, then a ladder: same tag, same category, hot. Invariant: never the
article itself or a near-duplicate of it, no two near-duplicates of each other, and never empty while the
index holds two different articles.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from engine.index.snapshot import Snapshot
from engine.recommend.cards import RelatedItem, Source
from engine.recommend.shown_once import ShownOnce
from engine.recommend.visible_articles import visible_article


def related_articles(
    snapshot: Snapshot, article_id: str, size: int = 10
) -> tuple[RelatedItem, ...]:
    """Return up to `size` articles to read after the one with `article_id`.

    Raises `ArticleNotFoundError` when no such article is visible.
    """
    article = visible_article(snapshot, article_id)
    return related_box(snapshot, article, size, ShownOnce(snapshot, [article]))


def related_box(
    snapshot: Snapshot, article: int, size: int, shown: ShownOnce
) -> tuple[RelatedItem, ...]:
    """Return up to `size` articles to read after `article` that `shown` has not had yet."""
    ladder = _ladder(snapshot, article)
    chosen = list(islice((rung for rung in ladder if shown.take(rung[0])), size))
    snapshot.articles.expect([number for number, *_ in chosen])
    return tuple(
        RelatedItem(snapshot.articles.card(number), score, source, shared)
        for number, score, source, shared in chosen
    )


def _ladder(
    snapshot: Snapshot, article: int
) -> Iterator[tuple[int, float, Source, tuple[str, ...]]]:
    # A generator: the lower rungs cost nothing when the first one fills the box.
    for neighbour in snapshot.neighbours.of(article):
        yield (
            neighbour.article,
            round(neighbour.similarity, 4),
            Source.TFIDF,
            neighbour.shared_terms,
        )
    taxonomy = snapshot.taxonomy
    for tag in taxonomy.tags_of(article).tolist():
        for number in taxonomy.tag_articles(tag).tolist():
            yield number, 0.0, Source.TAG, (taxonomy.tags[tag],)
    category = int(taxonomy.category_of[article])
    if category >= 0:
        mask = taxonomy.category_mask([category])
        for number in snapshot.hotness.hottest("month", len(mask), mask).tolist():
            yield number, 0.0, Source.CATEGORY, ()
    for number in snapshot.hotness.hottest("month", len(snapshot.articles)).tolist():
        yield number, 0.0, Source.HOT, ()
