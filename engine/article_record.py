"""Is this JSON object an article, and if not, what exactly is wrong with it?

The only place where outside data becomes an `Article`. Invariant: what passes is fully typed and free of
lone surrogates in every field; what does not pass raises `ArticleRecordError` with one reason that
names the field, what was found and what was expected.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.documents import SITE_TIMEZONE, Article
from engine.errors import InputError

MAX_ID_CHARACTERS = 200
MAX_TITLE_CHARACTERS = 500
MAX_BODY_CHARACTERS = 12_000_000
"""A longer body is no article but an accident; a 10 MB one is still taken."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_CATEGORY_SEPARATOR = re.compile(r"\s*[>›»/]\s*")


class ArticleRecordError(InputError):
    """One source record cannot be an article; the message is the reason shown in the report."""


def parse_article(record: object) -> Article:
    """Return the article in `record`, a decoded JSON value.

    Raises `ArticleRecordError` naming the first field that is wrong. Unknown fields are ignored.
    """
    if not isinstance(record, dict):
        raise ArticleRecordError(
            f"expected a JSON object with id, title and body, found {_kind(record)}"
        )
    return Article(
        id=_identifier(record),
        title=_text(record, "title", MAX_TITLE_CHARACTERS, required=True) or "",
        body=_text(record, "body", MAX_BODY_CHARACTERS, required=True) or "",
        url=_text(record, "url", 2_000),
        category=_category(record),
        tags=_tags(record),
        author=_text(record, "author", 200),
        published_at=_moment(record, "published_at"),
        updated_at=_moment(record, "updated_at"),
        views=_count(record, "views"),
        comments=_count(record, "comments"),
        likes=_count(record, "likes"),
        favorites=_count(record, "favorites"),
        summary=_text(record, "summary", 10_000),
        cover=_text(record, "cover", 2_000),
    )


def _kind(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "a string", bool: "a boolean"}
    if value is None:
        return "null"
    return names.get(type(value), "a number")


def _identifier(record: Mapping[str, Any]) -> str:
    value = record.get("id")
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)  # database keys arrive as numbers; the contract's ids are strings
    if not isinstance(value, str):
        raise ArticleRecordError(f"id: expected a string, found {_kind(value)}")
    value = value.strip()
    if not value or len(value) > MAX_ID_CHARACTERS:
        raise ArticleRecordError(
            f"id: expected 1 to {MAX_ID_CHARACTERS} characters, found {len(value)}"
        )
    if _SURROGATE.search(value) or not value.isprintable():
        # An id is a key: mending it could make two articles one.
        raise ArticleRecordError("id: holds control characters or unpaired surrogates")
    return value


def _text(
    record: Mapping[str, Any], field: str, most_characters: int, *, required: bool = False
) -> str | None:
    value = record.get(field)
    if value is None and not required:
        return None
    if not isinstance(value, str):
        raise ArticleRecordError(f"{field}: expected a string, found {_kind(value)}")
    if len(value) > most_characters:
        raise ArticleRecordError(
            f"{field}: expected at most {most_characters:,} characters, found {len(value):,}"
        )
    if _SURROGATE.search(value):
        value = _SURROGATE.sub("\ufffd", value)  # half a pair has no meaning; the rest is sound
    if required and not value.strip():
        raise ArticleRecordError(f"{field}: expected text, found nothing but white space")
    return value if value.strip() else None


def _category(record: Mapping[str, Any]) -> tuple[str, ...]:
    value = record.get("category")
    if value is None:
        return ()
    if isinstance(value, str):
        return tuple(name for name in _CATEGORY_SEPARATOR.split(value.strip()) if name)
    return _strings(value, "category")


def _tags(record: Mapping[str, Any]) -> tuple[str, ...]:
    value = record.get("tags")
    if value is None:
        return ()
    # dict keeps the author's order while it drops what was given twice
    return tuple(dict.fromkeys(_strings(value, "tags")))


def _strings(value: object, field: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ArticleRecordError(f"{field}: expected a list of strings, found {_kind(value)}")
    for item in value:
        if not isinstance(item, str):
            raise ArticleRecordError(f"{field}: expected strings in the list, found {_kind(item)}")
        if len(item) > 200:
            raise ArticleRecordError(
                f"{field}: expected at most 200 characters each, found {len(item)}"
            )
    return tuple(_SURROGATE.sub("\ufffd", item).strip() for item in value if item.strip())


def _moment(record: Mapping[str, Any], field: str) -> datetime | None:
    value = record.get(field)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise ArticleRecordError(f"{field}: expected an ISO 8601 string, found {_kind(value)}")
    try:
        moment = datetime.fromisoformat(value.strip())
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=SITE_TIMEZONE)
        # Comparing and storing need the same zone; years next to 1 or 9999 cannot be converted.
        return moment.astimezone(SITE_TIMEZONE)
    except (ValueError, OverflowError) as error:
        raise ArticleRecordError(
            f"{field}: expected a time such as 2026-05-04T08:00:00+08:00, found {value[:40]!r}"
        ) from error


def _count(record: Mapping[str, Any], field: str) -> int | None:
    value = record.get(field)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise ArticleRecordError(f"{field}: expected a whole number, found {_kind(value)}")
    if not 0 <= value < 2**53:
        raise ArticleRecordError(f"{field}: expected 0 to 2^53, found {value}")
    return value
