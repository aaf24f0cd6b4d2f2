"""What does a request ask for, and is it well-formed?

Written by hand: the framework's own parsing takes `1_0` and `+1` for numbers. Invariant: whatever
the query string holds, the outcome is a complete request record or one `QueryError` that names the
parameter, in time proportional to the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.errors import QueryError
from engine.index.hotness import HOT_WINDOWS
from engine.recommend.blocks import Box
from engine.search.requests import (
    MAX_PAGE_SIZE,
    MAX_QUERY_CHARACTERS,
    MAX_REACH,
    SearchRequest,
    Sort,
)
from functions.moments import end_of, start_of
from functions.query_string import decode, quote, split_query_string
from functions.request_body import read_json_object

MAX_FILTER_CHARACTERS = 200
DEFAULT_SIZE = 10
DEFAULT_SUGGESTIONS = 8
DEFAULT_WINDOW = "week"
MAX_SHEETS = 50_000
MAX_DAYS = 120
DEFAULT_DAYS = 28
MAX_HISTORY = 200
MAX_HISTORY_BYTES = 256 << 10
"""Two hundred ids of half a kilobyte and some; what is longer is refused unread."""

_LONGEST_NUMBER = 6
_SHARE = re.compile(r"0(\.[0-9]{1,2})?|1(\.0{1,2})?")


@dataclass(frozen=True, slots=True)
class SuggestRequest:
    """What stands in the search box so far, and how many completions to offer."""

    text: str
    size: int


@dataclass(frozen=True, slots=True)
class HotRequest:
    """Which hot list to show; no category means the whole site."""

    window: str
    category: tuple[str, ...]
    size: int


@dataclass(frozen=True, slots=True)
class HistoryRequest:
    """What somebody has read, the last read last, and how many recommendations to make."""

    history: tuple[str, ...]
    size: int


@dataclass(frozen=True, slots=True)
class ListingRequest:
    """Which page of the newest articles to show; no category means the whole site."""

    category: tuple[str, ...]
    page: int
    size: int


@dataclass(frozen=True, slots=True)
class StudioQuery:
    """A query that an editor tries: an article to explain, or two versions to compare; "" for none."""

    text: str
    explain_id: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page of a list to show; pages count from 1."""

    page: int
    size: int


def parse_search(raw_query_string: str) -> SearchRequest:
    """Return the search in the query string of GET /v1/search."""
    given = split_query_string(
        raw_query_string,
        (
            *("q", "page", "size", "sort", "category", "tag", "from", "to"),
            *("explain", "explain_id", "freshness"),
        ),
    )
    text = _query_text(given)
    page = _page(given)
    request = SearchRequest(
        text=text,
        page=page.page,
        size=page.size,
        sort=Sort(_one_of(given, "sort", tuple(Sort), Sort.RELEVANCE)),
        category=_category(given),
        tag=_filter_text(given, "tag"),
        published_from=start_of("from", _filter_text(given, "from")),
        published_to=end_of("to", _filter_text(given, "to")),
        explain=_one_of(given, "explain", ("0", "1"), "0") == "1",
        explain_id=_filter_text(given, "explain_id"),
        freshness=_share(given, "freshness"),
    )
    if (
        request.published_from
        and request.published_to
        and request.published_from > request.published_to
    ):
        raise QueryError("from", "expected a time before `to`, found one after it")
    return request


def parse_suggest(raw_query_string: str) -> SuggestRequest:
    """Return the request in the query string of GET /v1/suggest."""
    given = split_query_string(raw_query_string, ("q", "size"))
    return SuggestRequest(_query_text(given), _size(given, DEFAULT_SUGGESTIONS))


def parse_size(raw_query_string: str) -> int:
    """Return how many items a route asks for that takes `size` and nothing else."""
    return _size(split_query_string(raw_query_string, ("size",)))


def parse_hot(raw_query_string: str) -> HotRequest:
    """Return the request in the query string of GET /v1/hot."""
    given = split_query_string(raw_query_string, ("size", "category", "window"))
    window = _one_of(given, "window", HOT_WINDOWS, DEFAULT_WINDOW)
    return HotRequest(window, _category(given), _size(given))


def parse_history(event: Mapping[str, Any]) -> HistoryRequest:
    """Return the request in the body of POST /v1/recommendations."""
    given = read_json_object(event, ("history", "size"), MAX_HISTORY_BYTES)
    history = given.get("history", [])
    if not isinstance(history, list) or not all(isinstance(item, str) for item in history):
        raise QueryError("history", "expected a list of article ids (texts), the last read last")
    if len(history) > MAX_HISTORY:
        raise QueryError(
            "history",
            f"expected at most {MAX_HISTORY} ids, found {len(history):,}; send the latest",
        )
    size = given.get("size", DEFAULT_SIZE)
    if type(size) is not int or not 1 <= size <= MAX_PAGE_SIZE:
        raise QueryError(
            "size", f"expected a whole number from 1 to {MAX_PAGE_SIZE}, found {quote(str(size))}"
        )
    return HistoryRequest(tuple(history), size)


def parse_blocks(raw_query_string: str) -> tuple[Box, ...]:
    """Return the boxes that GET /v1/articles/{id}/blocks asks for: all, unless `include` names some."""
    given = split_query_string(raw_query_string, ("include",))
    if len(given.get("include", "")) > MAX_FILTER_CHARACTERS:
        raise QueryError("include", f"expected some of {', '.join(Box)}, found far more than that")
    names = [name.strip() for name in decode("include", given.get("include", "")).split(",")]
    unknown = [name for name in names if name and name not in tuple(Box)]
    if unknown:
        shown = ", ".join(quote(name) for name in unknown[:5])
        raise QueryError("include", f"expected some of {', '.join(Box)}, found {shown}")
    return tuple(box for box in Box if box in names) or tuple(Box)


def parse_sheet(raw_query_string: str) -> int | None:
    """Return the sheet that GET /sitemap.xml asks for, None where it names none."""
    given = split_query_string(raw_query_string, ("page",))
    return _number(given, "page", 1, MAX_SHEETS, 1) if "page" in given else None


def parse_page(raw_query_string: str) -> PageRequest:
    """Return the page in the query string of GET /v1/tags/{tag}."""
    return _page(split_query_string(raw_query_string, ("page", "size")))


def parse_listing(raw_query_string: str) -> ListingRequest:
    """Return the request in the query string of GET /v1/articles."""
    given = split_query_string(raw_query_string, ("category", "page", "size"))
    page = _page(given)
    return ListingRequest(_category(given), page.page, page.size)


def parse_studio_query(raw_query_string: str) -> StudioQuery:
    """Return the request in the query string of GET /studio/api/try and /compare."""
    given = split_query_string(raw_query_string, ("q", "explain_id", "old", "new"))
    return StudioQuery(
        _query_text(given),
        explain_id=_filter_text(given, "explain_id") or "",
        old=_filter_text(given, "old") or "",
        new=_filter_text(given, "new") or "",
    )


def parse_studio_days(raw_query_string: str) -> int:
    """Return how many days GET /studio/api/queries looks back."""
    given = split_query_string(raw_query_string, ("days",))
    return _number(given, "days", 1, MAX_DAYS, DEFAULT_DAYS)


def parse_nothing(raw_query_string: str) -> None:
    """Check the query string of a route that takes no parameters."""
    split_query_string(raw_query_string, ())


def _query_text(given: Mapping[str, str]) -> str:
    if "q" not in given:
        raise QueryError("q", f"missing; expected 1 to {MAX_QUERY_CHARACTERS} characters")
    # No character takes more than four bytes of three signs each; what is longer than that is too
    # long however it decodes, and need not be decoded.
    if len(given["q"]) > 12 * MAX_QUERY_CHARACTERS + 2_000:
        raise QueryError(
            "q", f"expected 1 to {MAX_QUERY_CHARACTERS} characters, found far more than that"
        )
    text = decode("q", given["q"]).strip()
    if not 1 <= len(text) <= MAX_QUERY_CHARACTERS:
        raise QueryError(
            "q", f"expected 1 to {MAX_QUERY_CHARACTERS} characters, found {len(text):,}"
        )
    return text


def _filter_text(given: Mapping[str, str], name: str) -> str | None:
    if name not in given:
        return None
    # A form sends its empty fields too: no filter was chosen.
    text = decode(name, given[name]).strip()
    if len(text) > MAX_FILTER_CHARACTERS:
        raise QueryError(
            name, f"expected at most {MAX_FILTER_CHARACTERS} characters, found {len(text):,}"
        )
    return text or None


def _category(given: Mapping[str, str]) -> tuple[str, ...]:
    path = _filter_text(given, "category") or ""
    return tuple(name.strip() for name in path.split("/") if name.strip())


def _page(given: Mapping[str, str]) -> PageRequest:
    size = _size(given)
    page = _number(given, "page", 1, MAX_REACH, 1)
    if page * size > MAX_REACH:
        raise QueryError(
            "page",
            f"expected page times size to be at most {MAX_REACH:,}, found {page * size:,}; "
            "narrow the search instead",
        )
    return PageRequest(page, size)


def _size(given: Mapping[str, str], default: int = DEFAULT_SIZE) -> int:
    return _number(given, "size", 1, MAX_PAGE_SIZE, default)


def _number(given: Mapping[str, str], name: str, least: int, most: int, default: int) -> int:
    if name not in given:
        return default
    text = decode(name, given[name])
    plain = text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER
    if not plain or not least <= int(text) <= most:
        raise QueryError(
            name, f"expected a whole number from {least} to {most:,}, found {quote(text)}"
        )
    return int(text)


def _share(given: Mapping[str, str], name: str) -> float:
    if name not in given:
        return 0.0
    text = decode(name, given[name])
    if not _SHARE.fullmatch(text):
        raise QueryError(
            name, f"expected a number from 0 to 1 with at most two decimals, found {quote(text)}"
        )
    return float(text)


def _one_of(given: Mapping[str, str], name: str, expected: tuple[str, ...], default: str) -> str:
    if name not in given:
        return default
    text = decode(name, given[name])
    if text not in expected:
        raise QueryError(name, f"expected one of {', '.join(expected)}, found {quote(text)}")
    return text
