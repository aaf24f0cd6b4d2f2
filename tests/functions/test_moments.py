from __future__ import annotations

from datetime import datetime

import pytest

from engine.documents import SITE_TIMEZONE
from engine.errors import QueryError
from functions.moments import end_of, start_of


def site_time(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SITE_TIMEZONE)  # type: ignore[arg-type,misc]


def test_a_date_is_a_whole_day_of_the_site() -> None:
    assert start_of("from", "2026-05-04") == site_time(2026, 5, 4)
    assert end_of("to", "2026-05-04") == site_time(2026, 5, 4, 23, 59, 59, 999_999)


@pytest.mark.parametrize(
    "text",
    [
        "2026-05-04T08:00:00+08:00",
        "2026-05-04T00:00:00Z",
        "2026-05-04T08:00",
        "2026-05-04T08:00:00",
        "2026-05-04T08:00:00 08:00",  # a + that was not escaped
    ],
)
def test_a_time_is_taken_as_it_is_in_the_zone_of_the_site(text: str) -> None:
    assert start_of("from", text) == site_time(2026, 5, 4, 8)
    assert end_of("to", text) == site_time(2026, 5, 4, 8)


def test_no_text_is_no_bound() -> None:
    assert start_of("from", None) is None


@pytest.mark.parametrize(
    "text",
    [
        "2026",
        "20260504",
        "2026-W19-1",
        "2026-13-01",
        "2026-05-04 08:00",
        "2026-05-04T25:00",
        "2026-05-04T08:00:00+99:00",
        "二〇二六-05-04",
        "٢٠٢٦-٠٥-٠٤",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
        "2026-05-04\n",
        "9" * 5_000,
    ],
)
def test_anything_else_is_refused_by_name(text: str) -> None:
    with pytest.raises(QueryError, match="expected a date such as 2026-05-04") as caught:
        end_of("to", text)
    assert caught.value.field == "to"
    assert len(str(caught.value)) < 250
