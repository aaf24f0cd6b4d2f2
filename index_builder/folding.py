"""What becomes of the live changes when the index is built anew?

Invariant: an article that was deleted or taken down is in no index that was built since, whatever the source
says; an article that was put is as it was put, unless its source is newer; and the index says up to which
change it holds them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from engine.documents import Article
from engine.errors import SourceError
from engine.live.change import read_live
from engine.live.changes import CHANGES, LiveChanges
from engine.live.takedowns import TAKEDOWNS, Takedowns
from engine.store.protocol import Store
from index_builder.corpus import Corpus


@dataclass(frozen=True, slots=True)
class LiveInput:
    """The live changes and takedowns at the moment when a build began."""

    changes: LiveChanges = field(default_factory=LiveChanges)
    takedowns: Takedowns = field(default_factory=Takedowns)


@dataclass(frozen=True, slots=True)
class FoldReport:
    """What became of the changes, counted in articles."""

    put: int
    left_out: int
    source_newer: int
    """Left as they are in the source, which was edited after they were put."""

    still_needed: frozenset[str] = frozenset()
    """Ids whose change the next build needs again: deleted ones that the source still has, and put ones
    that it does not have."""


def read_live_input(store: Store) -> LiveInput:
    """Return what to fold in; raises as `read_live` does."""
    # The takedowns first: one that comes later than the changes were read is in the next build.
    takedowns = read_live(store, TAKEDOWNS)
    return LiveInput(read_live(store, CHANGES), takedowns)


def fold(corpus: Corpus, live: LiveInput) -> tuple[Corpus, FoldReport]:
    """Return `corpus` with the live changes in it.

    Raises `SourceError` when they leave no article.
    """
    articles = {article.id: article for article in corpus.articles}
    put = newer = left_out = 0
    needed = frozenset(
        key
        for key, change in live.changes.by_id.items()
        if (change.article is None) == (key in articles)
    )
    for article_id, change in live.changes.by_id.items():
        if change.article is None:
            left_out += articles.pop(article_id, None) is not None
        elif is_newer(articles.get(article_id), change.article):
            newer += 1
        else:
            put += 1
            articles[article_id] = change.article
    for article_id in live.takedowns.by_id:
        left_out += articles.pop(article_id, None) is not None
    if not articles:
        raise SourceError(
            "no article is left: all of the source were deleted or taken down; "
            "put one, or lift a takedown, first"
        )
    ordered = sorted(articles.values(), key=lambda article: article.id.encode("utf-8"))
    return replace(corpus, articles=tuple(ordered)), FoldReport(put, left_out, newer, needed)


def is_newer(source: Article | None, put: Article) -> bool:
    """Tell whether the source has a later edit than what was put; where times are missing, it has not."""
    if source is None or source.updated_at is None or put.updated_at is None:
        return False
    return source.updated_at > put.updated_at
