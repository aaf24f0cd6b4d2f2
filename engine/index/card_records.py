"""How is a card stored, and how much of it must be read to show it?

As the very JSON that answers hold: most cards are only passed on. Invariant: a record has the contract's fields
in the contract's order, and reads back as the card that it was made from.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from engine.documents import Article, Card, make_card

# Not `dataclasses.fields`, for which a cold start would load inspect, too.
_FIELDS: tuple[str, ...] = Card.__match_args__

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_decode = json.JSONDecoder().raw_decode

_TITLE = '"title":'
"""Within a text the quotes are escaped, so this stands before the title alone."""


@dataclass(frozen=True, slots=True)
class CardRecord:
    """A card as it is stored: a JSON object."""

    json: str

    @property
    def title(self) -> str:
        """The title, without reading the rest."""
        title: str = _decode(self.json, self.json.index(_TITLE) + len(_TITLE))[0]
        return title

    def card(self) -> Card:
        """Read all of it."""
        told: dict[str, Any] = _decode(self.json)[0]
        told["category"] = tuple(told["category"])
        told["tags"] = tuple(told["tags"])
        return Card(**told)


def record_of(article: Article) -> CardRecord:
    """Return `article`'s card as it is stored."""
    card = make_card(article)
    # Not `dataclasses.asdict`, which copies deeply: that took two thirds of writing the cards.
    return CardRecord(_encode({name: getattr(card, name) for name in _FIELDS}))


def encode_card(article: Article) -> bytes:
    """Return `article`'s card as one record."""
    return record_of(article).json.encode("utf-8")
