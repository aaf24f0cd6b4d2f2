"""Which part of each body on a page is read to show why the article was found?

Invariant: a part ends where a character and a Latin word end, or where the body does; its excerpt tells where
text was left out.
"""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence

from engine.index.articles import ArticleTable
from engine.index.text_codes import ESCAPE, Codes
from engine.search.graphemes import extends
from engine.search.highlight import LONG_TEXT, TextPart
from engine.search.passages import Passage, find_passages

_LATIN = string.ascii_letters + string.digits
_LONGEST_LATIN = 64
"""What is longer than that is no word, and is cut where the part is."""


class BodyParts:
    """The parts of the bodies of `articles` that show most of `weights`, the weightiest first.

    parts: of each article; long: bodies by place that are read whole, and too long to be read among others.
    Bodies are read whole that are not stored in codes, and those in whose codes nothing is seen.
    """

    def __init__(
        self, table: ArticleTable, articles: Sequence[int], weights: Mapping[str, float]
    ) -> None:
        self._codes = table.text_codes
        self.parts: list[TextPart] = [TextPart("")] * len(articles)
        self.long: dict[int, str] = {}
        stored = {place: table.body_codes(article) for place, article in enumerate(articles)}
        coded = {place: codes for place, codes in stored.items() if codes is not None}
        passages = find_passages(self._codes, list(coded.values()), weights)
        read: dict[int, Passage] = {}
        for (place, body), passage in zip(coded.items(), passages, strict=True):
            if passage is not None:
                read[place] = _on_characters(body, passage)
        texts = self._codes.decode_all([coded[place][slice(*read[place])] for place in read])
        for (place, passage), text in zip(read.items(), texts, strict=True):
            self.parts[place] = self._part(coded[place], passage, text)
        for place, article in enumerate(articles):
            if place not in read:
                self._read_whole(place, table.body(article))

    def _read_whole(self, place: int, body: str) -> None:
        if len(body) > LONG_TEXT:
            self.long[place] = body
        else:
            self.parts[place] = TextPart(body)

    def _part(self, body: Codes, passage: Passage, text: str) -> TextPart:
        begins, ends = passage.start == 0, passage.end == len(body)
        if not begins:
            text = _begun_well(text)
        if not ends:
            text = _ended_well(text)
        blank = self._codes.blank
        return TextPart(
            text,
            # Only of a body that begins with white space must what stands before be read.
            begins or (int(body[0]) in blank and self._is_blank(body[: passage.start])),
            ends or (int(body[-1]) in blank and self._is_blank(body[passage.end :])),
        )

    def _is_blank(self, codes: Codes) -> bool:
        return not self._codes.decode(codes, "ignore").strip()


def _on_characters(body: Codes, passage: Passage) -> Passage:
    """Return `passage` without half of what an escape and the next code are together."""
    start, end = passage
    if start and body[start - 1] == ESCAPE:
        start += 1
    if end < len(body) and body[end - 1] == ESCAPE:
        end -= 1
    return Passage(start, end)


def _begun_well(text: str) -> str:
    """Return `text` from its first whole word and character on."""
    shorter = text.lstrip(_LATIN)
    if len(text) - len(shorter) <= _LONGEST_LATIN:
        text = shorter
    start = 0
    while start < len(text) and extends(text[start]):
        start += 1
    return text[start:]


def _ended_well(text: str) -> str:
    """Return `text` up to its last whole word."""
    shorter = text.rstrip(_LATIN)
    return shorter if len(text) - len(shorter) <= _LONGEST_LATIN else text
