"""Which articles are there, the index's and those put since, and what is known of each?

Articles of the index keep their numbers; those put since follow, in the order of their ids. Invariant: an id
leads to the newest text under it, and to none where it was deleted or taken down.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from engine.documents import Article, isoformat
from engine.index.articles import MISSING, ArticleTable, ArticleText
from engine.index.card_records import CardRecord, record_of
from engine.index.text_codes import Codes, TextCodes


class LiveArticles(ArticleTable):
    """The columns of `base`, followed by those of the articles `put`."""

    def __init__(self, base: ArticleTable, put: Sequence[Article], gone: Collection[str]) -> None:
        """`gone`: ids of the index under which nothing is shown any more, and nothing was put."""
        self._base = base
        self._put = put
        self._gone = gone
        self._number_of = {article.id: len(base) + place for place, article in enumerate(put)}

    def __len__(self) -> int:
        """Return the number of articles, hidden ones included."""
        return len(self._base) + len(self._put)

    def article_id(self, number: int) -> str:
        """Return the id of article `number`."""
        article = self._article(number)
        return article.id if article else self._base.article_id(number)

    def find(self, article_id: str) -> int | None:
        """Return the number of the article with this id, or None."""
        if article_id in self._gone:
            return None
        number = self._number_of.get(article_id)
        return self._base.find(article_id) if number is None else number

    def expect(self, numbers: Sequence[int], *, texts: bool = False) -> None:
        """Have the cards of articles `numbers` here, and their texts, before they are read one by one."""
        known = len(self._base)
        self._base.expect([number for number in numbers if number < known], texts=texts)

    def card_record(self, number: int) -> CardRecord:
        """Return the card of article `number` as it is stored."""
        article = self._article(number)
        return record_of(article) if article else self._base.card_record(number)

    def text(self, number: int) -> ArticleText:
        """Return the full text of article `number`."""
        article = self._article(number)
        if article is None:
            return self._base.text(number)
        return ArticleText(
            article.body,
            article.summary,
            isoformat(article.updated_at),
            article.likes,
            article.favorites,
        )

    def body_codes(self, number: int) -> Codes | None:
        """Return the body of article `number` in `text_codes`; None for an article put since."""
        return None if self._article(number) else self._base.body_codes(number)

    @property
    def text_codes(self) -> TextCodes:
        """How the texts of the index are written."""
        return self._base.text_codes

    @cached_property
    def published(self) -> npt.NDArray[np.int64]:
        """Publication times, seconds since 1970 (UTC), int64 [n], `MISSING` where not given."""
        seconds = [
            MISSING if a.published_at is None else int(a.published_at.timestamp())
            for a in self._put
        ]
        return _followed_by(self._base.published, seconds)

    @cached_property
    def modified(self) -> npt.NDArray[np.int64]:
        """Times of the last change (or else of publication), as `published`, int64 [n]."""
        moments = [article.updated_at or article.published_at for article in self._put]
        seconds = [MISSING if m is None else int(m.timestamp()) for m in moments]
        return _followed_by(self._base.modified, seconds)

    @cached_property
    def views(self) -> npt.NDArray[np.int64]:
        """View counts as they came in, int64 [n], `MISSING` where not given."""
        counts = [MISSING if article.views is None else article.views for article in self._put]
        return _followed_by(self._base.views, counts)

    def _article(self, number: int) -> Article | None:
        place = number - len(self._base)
        return self._put[place] if place >= 0 else None


def _followed_by(column: npt.NDArray[np.int64], values: Sequence[int]) -> npt.NDArray[np.int64]:
    return np.concatenate([column, np.asarray(values, dtype=np.int64)])
