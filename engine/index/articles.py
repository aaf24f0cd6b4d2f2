"""What does the index know of article number n, besides its terms?

Articles are numbered 0..n-1 in ascending order of their ids, so a number is found by binary search and
ties between equal scores break the same way in every build.

Invariant: every column has one entry per article; a missing number is `MISSING`, never 0.
"""

from __future__ import annotations

import json
import struct
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from engine.documents import Article, Card, isoformat
from engine.folder import Folder
from engine.index.card_records import CardRecord
from engine.index.codec import dump_json, map_array
from engine.index.record_file import RecordFile, expect_records
from engine.index.text_codes import Codes, TextCodes

MISSING = -(2**62)
"""Stands for "not given" in the int64 columns: below every real value, and its negative is one too."""


@dataclass(frozen=True, slots=True)
class ArticleText:
    """The full text of one article and what only its own page shows."""

    body: str
    summary: str | None
    updated_at: str | None
    likes: int | None
    favorites: int | None


_LENGTHS = struct.Struct("<II")
_NO_SUMMARY = 2**32 - 1


def encode_text(article: Article, encode: Callable[[str], Codes]) -> bytes:
    """Return `article`'s text as one record: body and summary as codes, then JSON.

    encode: text -> codes that `TextCodes` decodes.
    """
    body = encode(article.body)
    summary = encode(article.summary or "")
    rest = dump_json([isoformat(article.updated_at), article.likes, article.favorites])
    lengths = _LENGTHS.pack(len(body), _NO_SUMMARY if article.summary is None else len(summary))
    codes = np.concatenate([body, summary]).astype("<u2")
    # Of even length, so that the codes of every record are aligned where they are read.
    return lengths + codes.tobytes() + rest + b" " * (len(rest) % 2)


def decode_text(record: bytes, codes: TextCodes) -> ArticleText:
    """Return the text in `record`."""
    in_body, in_summary = _LENGTHS.unpack_from(record)
    in_both = in_body + (0 if in_summary == _NO_SUMMARY else in_summary)
    units = np.frombuffer(record, dtype="<u2", count=in_both, offset=_LENGTHS.size)
    updated_at, likes, favorites = json.loads(record[_LENGTHS.size + 2 * in_both :])
    return ArticleText(
        codes.decode(units[:in_body]),
        None if in_summary == _NO_SUMMARY else codes.decode(units[in_body:]),
        updated_at,
        likes,
        favorites,
    )


class ArticleTable:
    """The stored columns of all articles, memory-mapped and read on first use."""

    def __init__(self, directory: Folder) -> None:
        self._directory = directory
        self._ids = RecordFile(directory, "articles.ids")

    def __len__(self) -> int:
        """Return the number of articles."""
        return len(self._ids)

    def article_id(self, number: int) -> str:
        """Return the id of article `number`."""
        return self._ids[number].decode("utf-8")

    def find(self, article_id: str) -> int | None:
        """Return the number of the article with this id, or None."""
        self._ids.expect_all()
        wanted = article_id.encode("utf-8", "surrogatepass")
        place = bisect_left(self._ids, wanted)
        return place if place < len(self._ids) and self._ids[place] == wanted else None

    def expect(self, numbers: Sequence[int], *, texts: bool = False) -> None:
        """Have the cards of articles `numbers` here, and their texts, before they are read one by one."""
        expect_records([self._cards, self._texts] if texts else [self._cards], numbers)

    def card(self, number: int) -> Card:
        """Return the card of article `number`."""
        return self.card_record(number).card()

    def card_record(self, number: int) -> CardRecord:
        """Return the card of article `number` as it is stored."""
        return CardRecord(self._cards[number].decode("utf-8"))

    def text(self, number: int) -> ArticleText:
        """Return the full text of article `number`."""
        return decode_text(self._texts[number], self.text_codes)

    def body(self, number: int) -> str:
        """Return the body of article `number`, without what else its page shows."""
        codes = self.body_codes(number)
        return self.text(number).body if codes is None else self.text_codes.decode(codes)

    def body_codes(self, number: int) -> Codes | None:
        """Return the body of article `number` in `text_codes`; None where it is not stored in codes."""
        record = self._texts[number]
        return np.frombuffer(record, "<u2", _LENGTHS.unpack_from(record)[0], _LENGTHS.size)

    @cached_property
    def text_codes(self) -> TextCodes:
        """How the texts are written."""
        return TextCodes(self._directory)

    @cached_property
    def _cards(self) -> RecordFile:
        return RecordFile(self._directory, "articles.cards")

    @cached_property
    def _texts(self) -> RecordFile:
        return RecordFile(self._directory, "articles.texts")

    @cached_property
    def published(self) -> npt.NDArray[np.int64]:
        """Publication times, seconds since 1970 (UTC), int64 [n], `MISSING` where not given."""
        return map_array(self._directory / "articles.published.npy")

    @cached_property
    def modified(self) -> npt.NDArray[np.int64]:
        """Times of the last change (or else of publication), as `published`, int64 [n]."""
        return map_array(self._directory / "articles.modified.npy")

    @cached_property
    def views(self) -> npt.NDArray[np.int64]:
        """View counts at build time, int64 [n], `MISSING` where not given."""
        return map_array(self._directory / "articles.views.npy")
