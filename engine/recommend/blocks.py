"""What stands around an article on its own page, all boxes in one answer?

Invariant: no article stands on a page twice, and neither the page's own article nor a near-duplicate of
anything shown stands in any box; a box that this leaves short is filled with the next best.

Earlier boxes choose first: previous and next have one candidate each, related articles are about this
very page, hot ones can be replaced by others.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from engine.index.snapshot import Snapshot
from engine.index.taxonomy import NO_CATEGORY
from engine.recommend.cards import ArticleBlocks, Crumb, HotItem, PreviousNext, TagCount
from engine.recommend.hot import hot_box
from engine.recommend.neighbours_in_category import previous_and_next
from engine.recommend.related import related_box
from engine.recommend.shown_once import ShownOnce
from engine.recommend.visible_articles import visible_among, visible_article

ITEMS_PER_BOX = 10

_HOT_WINDOW = "month"


class Box(StrEnum):
    """The boxes that a page may leave out."""

    RELATED = "related"
    HOT = "hot"
    TAGS = "tags"
    PREVNEXT = "prevnext"
    BREADCRUMB = "breadcrumb"


def article_blocks(
    snapshot: Snapshot, article_id: str, boxes: Collection[Box] = tuple(Box)
) -> ArticleBlocks:
    """Return the chosen `boxes` of the page of the article with `article_id`.

    Raises `ArticleNotFoundError` when no such article is visible.
    """
    article = visible_article(snapshot, article_id)
    shown = ShownOnce(snapshot, [article])
    # The arguments are evaluated in this order, and that is the order of choosing.
    return ArticleBlocks(
        card=snapshot.articles.card(article),
        breadcrumb=_breadcrumb(snapshot, article) if Box.BREADCRUMB in boxes else None,
        tags=_tags(snapshot, article) if Box.TAGS in boxes else None,
        prevnext=_prevnext(snapshot, article, shown) if Box.PREVNEXT in boxes else None,
        related=(
            related_box(snapshot, article, ITEMS_PER_BOX, shown) if Box.RELATED in boxes else None
        ),
        hot=_hot_around(snapshot, article, shown) if Box.HOT in boxes else None,
    )


def _prevnext(snapshot: Snapshot, article: int, shown: ShownOnce) -> PreviousNext:
    older, newer = previous_and_next(snapshot, article, shown)
    return PreviousNext(
        None if older is None else snapshot.articles.card(older),
        None if newer is None else snapshot.articles.card(newer),
    )


def _hot_around(snapshot: Snapshot, article: int, shown: ShownOnce) -> tuple[HotItem, ...]:
    # A hot box without anything on the page's subject is read by nobody, one that only knows it is a
    # second related box: half of it comes from the article's own branch of the site, as far as that goes.
    branch = _category_path(snapshot, article)[:1]
    near = hot_box(snapshot, _HOT_WINDOW, branch, ITEMS_PER_BOX // 2, shown) if branch else ()
    far = hot_box(snapshot, _HOT_WINDOW, (), ITEMS_PER_BOX - len(near), shown)
    hottest_first = sorted(near + far, key=lambda item: -item.score)
    return tuple(
        HotItem(item.card, item.score, rank) for rank, item in enumerate(hottest_first, start=1)
    )


def _category_path(snapshot: Snapshot, article: int) -> tuple[str, ...]:
    category = int(snapshot.taxonomy.category_of[article])
    return () if category == NO_CATEGORY else snapshot.taxonomy.category_paths[category]


def _breadcrumb(snapshot: Snapshot, article: int) -> tuple[Crumb, ...]:
    path = _category_path(snapshot, article)
    return tuple(Crumb(name, "/".join(path[: depth + 1])) for depth, name in enumerate(path))


def _tags(snapshot: Snapshot, article: int) -> tuple[TagCount, ...]:
    taxonomy = snapshot.taxonomy
    return tuple(
        TagCount(taxonomy.tags[tag], len(visible_among(snapshot, taxonomy.tag_articles(tag))))
        for tag in taxonomy.tags_of(article).tolist()
    )
