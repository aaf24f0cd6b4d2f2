"""What do requests get from an index and the live objects beside it?

Called by the reader when either changed, off the path of requests. Invariant: one damaged object does not
keep the news of the others back: its last good value stays and is named in `live_problems`. Only where no
good value was ever read of what hides articles does this raise: without it they would show again.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from engine.documents import Article
from engine.errors import ArtifactError, StoreError
from engine.index.snapshot import Snapshot
from engine.live.changes import CHANGES
from engine.live.delta import DeltaArticle, read_article
from engine.live.hot_list import HOT_LIST
from engine.live.hot_searches import HOT_SEARCHES
from engine.live.live_object import LiveObject, Value
from engine.live.live_snapshot import LiveSnapshot, LiveState, articles_put
from engine.live.takedowns import TAKEDOWNS
from engine.store.protocol import StoredObject

LIVE_KEYS = (CHANGES.key, TAKEDOWNS.key, HOT_LIST.key, HOT_SEARCHES.key)


def compose(base: Snapshot, objects: Mapping[str, StoredObject], last: Snapshot | None) -> Snapshot:
    """Return `base` with what `objects`, by key, say laid over it: `base` itself where that is nothing.

    last: what was composed before, whose good values and whose reading of articles are used again.
    Raises `ArtifactError` when the changes or takedowns cannot be read and never could.
    """
    before = last if isinstance(last, LiveSnapshot) else None
    good = before.state if before else LiveState() if last else None
    state = _read_state(objects, good)
    if state == LiveState():
        return base
    known = (
        {read.article.id: read for read in before.delta if before.base is base} if before else {}
    )
    laid_over = LiveSnapshot(
        base, state, [_read(base, article, known) for article in articles_put(base, state)]
    )
    if last is not None:
        # Requests are answered meanwhile; the first one of a process needs only what it asks for. What
        # cannot be had of a version that still arrives is for whoever asks for it: the changes come first.
        with suppress(ArtifactError, StoreError):
            laid_over.open_parts()
    return laid_over


def _read(base: Snapshot, article: Article, known: Mapping[str, DeltaArticle]) -> DeltaArticle:
    found = known.get(article.id)
    return found if found and found.article == article else read_article(base, article)


def _read_state(objects: Mapping[str, StoredObject], good: LiveState | None) -> LiveState:
    problems: list[str] = []
    last = good or LiveState()

    def value_of(kind: LiveObject[Value], last_good: Value, *, hides: bool = False) -> Value:
        found = objects.get(kind.key)
        if found is None:
            return last_good
        try:
            return kind.decode(found.data)
        except ArtifactError as error:
            if hides and good is None:
                raise
            problems.append(str(error))
            return last_good

    return LiveState(
        changes=value_of(CHANGES, last.changes, hides=True),
        takedowns=value_of(TAKEDOWNS, last.takedowns, hides=True),
        hot=value_of(HOT_LIST, last.hot),
        hot_searches=value_of(HOT_SEARCHES, last.hot_searches),
        problems=tuple(problems),
    )
