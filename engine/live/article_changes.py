"""How is one article put, deleted or taken down while an index is being served?

Invariant: what returns without an error is in the store, and stays until an index that holds it is the
oldest one that can still be served; calling again after any error is safe.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from engine.documents import Article
from engine.errors import ArticleTakenDownError
from engine.live.change import Patience, change, read_live
from engine.live.changes import CHANGES, LiveChanges
from engine.live.takedowns import TAKEDOWNS, Takedown, Takedowns
from engine.store.protocol import Store


def _new_stream() -> str:
    return secrets.token_hex(8)


@dataclass(frozen=True, slots=True)
class ArticleChanges:
    """Changes articles in one store; clock and chance are passed in."""

    store: Store
    now: Callable[[], datetime]
    new_stream: Callable[[], str] = _new_stream
    patience: Patience | None = None

    def put(self, article: Article) -> LiveChanges:
        """Make `article` what readers see under its id.

        Raises `ArticleTakenDownError` where a takedown forbids it, `LiveObjectFullError` when no more
        changes fit before a rebuild, and what `change` raises.
        """
        taken_down = read_live(self.store, TAKEDOWNS).by_id.get(article.id)
        if taken_down is not None:
            raise ArticleTakenDownError(article.id)
        # A takedown that comes between is no matter: readers look at both.
        moment, stream = self.now(), self.new_stream()
        return change(
            self.store,
            CHANGES,
            lambda changes: changes.with_article(article, moment, stream),
            patience=self.patience,
        )

    def delete(self, article_id: str) -> LiveChanges:
        """Make the article vanish, from this index and from all that hold it; it may be put again.

        Raises what `change` raises.
        """
        moment, stream = self.now(), self.new_stream()
        return change(
            self.store,
            CHANGES,
            lambda changes: changes.with_deletion(article_id, moment, stream),
            patience=self.patience,
        )

    def take_down(self, article_id: str, reason: str) -> Takedowns:
        """Make the article vanish and keep it from coming back; raises what `change` raises."""
        takedown = Takedown(self.now(), reason)
        takedowns = change(
            self.store,
            TAKEDOWNS,
            lambda known: known.with_article(article_id, takedown),
            patience=self.patience,
        )
        # Hidden already; this takes the text itself out of the live object.
        if read_live(self.store, CHANGES).by_id.get(article_id) is not None:
            self.delete(article_id)
        return takedowns

    def lift(self, article_id: str) -> Takedowns:
        """Let the article come back: it is shown if the index has it and it is not deleted."""
        return change(
            self.store, TAKEDOWNS, lambda known: known.without(article_id), patience=self.patience
        )
