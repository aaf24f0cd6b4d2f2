"""Which articles were put or deleted since the indexes that are still in use were built?

One change per article, the last one; each has the next number of one sequence, and an index says up to
which number it holds the changes already. Invariant: numbers only grow, and belong to a named stream: a
number of another stream (an index that was built elsewhere) says nothing about these changes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from engine.article_record import ArticleRecordError, parse_article
from engine.documents import SITE_TIMEZONE, Article, isoformat
from engine.errors import LiveObjectFullError
from engine.live.live_object import LiveObject

CHANGES_KEY = "live/changes.json"

MOST_ARTICLES = 2_000
"""Each is kept in the memory of every reader beside the index."""

MOST_DELETIONS = 50_000


@dataclass(frozen=True, slots=True)
class Change:
    """What was last done to one article: put, or deleted where `article` is None."""

    sequence: int
    changed_at: datetime
    article: Article | None


@dataclass(frozen=True, slots=True)
class Folded:
    """Up to which number of which stream an index holds the changes; nothing where never folded."""

    stream: str = ""
    sequence: int = 0


@dataclass(frozen=True, slots=True)
class LiveChanges:
    """The changes by article id; `sequence` is the last number that was given out."""

    stream: str = ""
    sequence: int = 0
    by_id: Mapping[str, Change] = field(default_factory=dict)

    @property
    def deleted(self) -> frozenset[str]:
        """The ids of deleted articles."""
        return frozenset(key for key, change in self.by_id.items() if change.article is None)

    @property
    def folded(self) -> Folded:
        """What an index that holds all of these changes says."""
        return Folded(self.stream, self.sequence)

    def not_in(self, folded: Folded) -> dict[str, Change]:
        """Return the changes that an index does not hold.

        Deletions always: it may have been built from a source that still has the article.
        """
        reached = self.reached_by(folded)
        return {
            key: change
            for key, change in self.by_id.items()
            if change.article is None or change.sequence > reached
        }

    def reached_by(self, folded: Folded) -> int:
        """Return up to which number of this stream an index holds the changes."""
        return folded.sequence if folded.stream == self.stream else 0

    def with_article(self, article: Article, changed_at: datetime, new_stream: str) -> LiveChanges:
        """Return these changes and one more: `article` was put.

        Raises `LiveObjectFullError` when readers would have to keep too many.
        """
        changed = self._with(article.id, article, changed_at, new_stream)
        articles = sum(change.article is not None for change in changed.by_id.values())
        if articles > MOST_ARTICLES:
            raise LiveObjectFullError(CHANGES_KEY, articles, MOST_ARTICLES, "articles")
        return changed

    def with_deletion(self, article_id: str, changed_at: datetime, new_stream: str) -> LiveChanges:
        """Return these changes and one more: the article was deleted. Deleting again changes nothing.

        Raises `LiveObjectFullError` when there are too many deletions.
        """
        known = self.by_id.get(article_id)
        if known is not None and known.article is None:
            return self
        changed = self._with(article_id, None, changed_at, new_stream)
        if len(changed.deleted) > MOST_DELETIONS:
            raise LiveObjectFullError(
                CHANGES_KEY, len(changed.deleted), MOST_DELETIONS, "deletions"
            )
        return changed

    def without(self, ids: Collection[str], up_to: int) -> LiveChanges:
        """Return these changes without those of `ids` that are not newer than number `up_to`."""
        kept = {
            key: change
            for key, change in self.by_id.items()
            if key not in ids or change.sequence > up_to
        }
        return (
            self if len(kept) == len(self.by_id) else LiveChanges(self.stream, self.sequence, kept)
        )

    def _with(
        self, article_id: str, article: Article | None, changed_at: datetime, new_stream: str
    ) -> LiveChanges:
        sequence = self.sequence + 1
        change = Change(sequence, changed_at, article)
        return LiveChanges(self.stream or new_stream, sequence, {**self.by_id, article_id: change})


def article_to_json(article: Article) -> dict[str, Any]:
    """Return `article` as the contract's input record; `parse_article` gives it back."""
    record = {name: value for name, value in asdict(article).items() if value not in (None, ())}
    for name in ("published_at", "updated_at"):
        if name in record:
            record[name] = getattr(article, name).astimezone(SITE_TIMEZONE).isoformat()
    return record


def _to_json(changes: LiveChanges) -> dict[str, Any]:
    return {
        "stream": changes.stream,
        "sequence": changes.sequence,
        "changes": {
            key: {
                "sequence": change.sequence,
                "changed_at": isoformat(change.changed_at),
                "article": None if change.article is None else article_to_json(change.article),
            }
            for key, change in changes.by_id.items()
        },
    }


def _from_json(content: Any) -> LiveChanges:
    by_id = {str(key): _change(key, change) for key, change in content["changes"].items()}
    stream, sequence = content["stream"], content["sequence"]
    if not isinstance(stream, str) or not isinstance(sequence, int) or isinstance(sequence, bool):
        raise TypeError("expected a stream's name and a number")
    numbers = [change.sequence for change in by_id.values()]
    if len(set(numbers)) != len(numbers) or not all(0 < number <= sequence for number in numbers):
        raise ValueError(f"the numbers of the changes are no part of 1..{sequence}")
    return LiveChanges(stream, sequence, by_id)


def _change(key: str, content: Any) -> Change:
    article = None
    if content["article"] is not None:
        try:
            article = parse_article(content["article"])
        except ArticleRecordError as error:
            raise ValueError(f"change of {key!r}: {error}") from error
        if article.id != key:
            raise ValueError(f"change of {key!r} holds the article {article.id!r}")
    return Change(int(content["sequence"]), datetime.fromisoformat(content["changed_at"]), article)


CHANGES: LiveObject[LiveChanges] = LiveObject(CHANGES_KEY, LiveChanges(), _to_json, _from_json)
