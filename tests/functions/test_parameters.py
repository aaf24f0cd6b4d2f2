from __future__ import annotations

import time
from datetime import datetime
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.documents import SITE_TIMEZONE
from engine.errors import QueryError
from engine.search.requests import SearchRequest, Sort
from functions.parameters import (
    HotRequest,
    PageRequest,
    SuggestRequest,
    parse_hot,
    parse_nothing,
    parse_page,
    parse_search,
    parse_size,
    parse_suggest,
)


def refused(raw: str) -> QueryError:
    with pytest.raises(QueryError) as caught:
        parse_search(raw)
    return caught.value


def test_a_query_alone_gets_the_defaults_of_the_contract() -> None:
    assert parse_search("q=" + quote("直播带货")) == SearchRequest("直播带货")


def test_every_parameter_of_a_search_is_understood() -> None:
    raw = urlencode(
        {
            "q": " 新店 没订单 ",
            "page": "2",
            "size": "20",
            "sort": "newest",
            "category": "电商/淘宝",
            "tag": "新手",
            "from": "2025-01-01",
            "to": "2025-06-30",
            "explain": "1",
        }
    )
    assert parse_search(raw) == SearchRequest(
        text="新店 没订单",
        page=2,
        size=20,
        sort=Sort.NEWEST,
        category=("电商", "淘宝"),
        tag="新手",
        published_from=datetime(2025, 1, 1, tzinfo=SITE_TIMEZONE),
        published_to=datetime(2025, 6, 30, 23, 59, 59, 999_999, tzinfo=SITE_TIMEZONE),
        explain=True,
    )


@pytest.mark.parametrize("raw", ["", "q=", "q=%20%09+", "q=" + quote("店" * 201)])
def test_a_query_has_1_to_200_characters(raw: str) -> None:
    error = refused(raw)
    assert error.field == "q"
    assert "1 to 200 characters" in str(error)


def test_200_characters_are_counted_as_characters_not_bytes() -> None:
    assert len(parse_search("q=" + quote("𠮷" * 200)).text) == 200


def test_a_query_of_ten_megabytes_is_refused_at_once() -> None:
    raw = "q=" + "%E5%BA%97" * 1_200_000
    # Cutting it would take nine seconds. Processor time, which other programs do not lengthen.
    started = time.process_time()
    assert refused(raw).field == "q"
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    "value", ["0", "51", "-1", "+1", "1_0", "1.0", "1e1", " 5", "五", "٥", "", "9" * 5_000, "0x10"]
)
def test_a_size_is_a_plain_whole_number_from_1_to_50(value: str) -> None:
    error = refused("q=a&size=" + quote(value))
    assert error.field == "size"
    assert "from 1 to 50" in str(error)
    assert len(str(error)) < 200


def test_paging_reaches_a_thousand_hits_and_no_further() -> None:
    assert parse_search("q=a&page=20&size=50").page == 20
    error = refused("q=a&page=21&size=50")
    assert error.field == "page"
    assert "found 1,050" in str(error)


@pytest.mark.parametrize(
    ("parameter", "value", "expected"),
    [
        ("sort", "best", "relevance, newest, hot, views"),
        ("sort", "", "relevance"),
        ("explain", "yes", "0, 1"),
        ("page", "0", "from 1 to 1,000"),
        ("from", "2025-02-30", "2026-05-04"),
        ("to", "yesterday", "2026-05-04"),
        ("tag", "长" * 201, "at most 200 characters"),
        ("category", "长" * 201, "at most 200 characters"),
    ],
)
def test_a_bad_value_is_named_with_what_was_expected(
    parameter: str, value: str, expected: str
) -> None:
    error = refused(f"q=a&{parameter}={quote(value)}")
    assert error.field == parameter
    assert expected in str(error)


def test_empty_filters_of_a_form_are_no_filters() -> None:
    assert parse_search("q=a&category=&tag=+&from=&to=") == SearchRequest("a")


def test_a_category_path_may_have_spaces_and_stray_slashes() -> None:
    assert parse_search("q=a&category=" + quote("/电商 / 淘宝/")).category == ("电商", "淘宝")


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    assert refused("q=a&from=2025-02-01&to=2025-01-31").field == "from"


def test_one_day_is_a_period() -> None:
    request = parse_search("q=a&from=2025-02-01&to=2025-02-01")
    assert request.published_from is not None
    assert request.published_to is not None
    assert request.published_from < request.published_to


def test_the_other_routes_have_their_own_parameters() -> None:
    assert parse_suggest("q=zhitongche") == SuggestRequest("zhitongche", 8)
    assert parse_size("size=50") == 50
    assert parse_size("") == 10
    assert parse_hot("window=day&category=" + quote("淘宝")) == HotRequest("day", ("淘宝",), 10)
    assert parse_page("page=3&size=20") == PageRequest(3, 20)
    parse_nothing("")


@pytest.mark.parametrize(
    ("parse", "raw"),
    [
        (parse_suggest, "q=a&page=1"),
        (parse_size, "q=a"),
        (parse_hot, "window=year"),
        (parse_page, "sort=newest"),
        (parse_nothing, "a=1"),
    ],
)
def test_what_a_route_does_not_know_is_refused(parse: object, raw: str) -> None:
    assert callable(parse)
    with pytest.raises(QueryError):
        parse(raw)


PARAMETERS = ("q", "page", "size", "sort", "category", "tag", "from", "to", "explain", "x")
VALUES = st.one_of(
    st.text(max_size=30),
    st.integers().map(str),
    st.sampled_from(["relevance", "2025-01-01", "9999-12-31", "0001-01-01", "%", "%ff", "0", "1"]),
    st.datetimes(timezones=st.timezones()).map(str),
)


@given(st.lists(st.tuples(st.sampled_from(PARAMETERS), VALUES), max_size=6), st.booleans())
def test_any_search_is_a_request_or_a_query_error(
    pairs: list[tuple[str, str]], escaped: bool
) -> None:
    raw = "&".join(
        f"{name}={quote(value, errors='replace') if escaped else value}" for name, value in pairs
    )
    try:
        request = parse_search(raw)
    except QueryError:
        return
    assert 1 <= len(request.text) <= 200
    assert request.page * request.size <= 1_000
    for moment in (request.published_from, request.published_to):
        assert moment is None or isinstance(moment.timestamp(), float)
