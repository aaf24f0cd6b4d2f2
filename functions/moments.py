"""Which moment does a date in a request mean?

A date without a time is a whole day of the site's time zone. Invariant: every moment that comes
out is aware and in that zone.
"""

from __future__ import annotations

import re
from datetime import datetime, time

from engine.documents import SITE_TIMEZONE
from engine.errors import QueryError
from functions.query_string import quote

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?", re.ASCII
)
# `+08:00` written into a URL as it stands arrives with a space: `+` means that in a query string.
_LOST_PLUS = re.compile(r"(T[\d:.]+) (?=\d{2}:\d{2}$)", re.ASCII)


def start_of(name: str, text: str | None) -> datetime | None:
    """Return the first moment of the date or time `text`, None for no text."""
    return _moment(name, text, time.min)


def end_of(name: str, text: str | None) -> datetime | None:
    """Return the last moment of the date or time `text`, None for no text."""
    return _moment(name, text, time.max)


def _moment(name: str, text: str | None, time_of_day: time) -> datetime | None:
    if text is None:
        return None
    written = _LOST_PLUS.sub(r"\1+", text)
    try:
        if _DATE.fullmatch(written):
            date = datetime.fromisoformat(written).date()
            return datetime.combine(date, time_of_day, SITE_TIMEZONE)
        if _MOMENT.fullmatch(written):
            moment = datetime.fromisoformat(written)
            if moment.tzinfo is None:
                return moment.replace(tzinfo=SITE_TIMEZONE)
            return moment.astimezone(SITE_TIMEZONE)
    except (ValueError, OverflowError) as error:
        raise _unusable(name, text) from error
    raise _unusable(name, text)


def _unusable(name: str, text: str) -> QueryError:
    return QueryError(
        name,
        f"expected a date such as 2026-05-04 or 2026-05-04T08:00:00+08:00, found {quote(text)}",
    )
