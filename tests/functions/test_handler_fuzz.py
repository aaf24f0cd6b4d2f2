"""No request makes a handler fail: whatever is sent, the answer is below 500 and is valid JSON."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from handler_calls import event_for, invoke
from hypothesis import given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.usefixtures("get")

NAMES = st.one_of(
    st.sampled_from(
        [
            "q",
            "page",
            "size",
            "sort",
            "category",
            "tag",
            "from",
            "to",
            "explain",
            "window",
            "include",
        ]
    ),
    st.text(max_size=8),
)
VALUES = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            *("1", "10", "50", "relevance", "newest", "hot", "views", "week", "2025-01-01"),
            *(
                "直播带货",
                "zhibo",
                "淘宝",
                "电商 运营",
                "<em>",
                "\0",
                "\ud800",
                "𠮷" * 300,
                "%",
                "",
            ),
            "9" * 5_000,
        ]
    ),
)
PATHS = st.one_of(
    st.sampled_from(
        [
            *("/v1/search", "/v1/suggest", "/v1/status", "/v1/hot", "/v1/tags/直通车"),
            *("/v1/hot-searches", "/v1/articles/41/blocks"),
            *("/v1/articles/41", "/v1/articles/41/related", "/v1/articles/41/blocks"),
        ]
    ),
    st.builds("/v1/articles/{}".format, st.text(min_size=1, max_size=20)),
    st.builds("/v1/articles/{}/related".format, st.text(min_size=1, max_size=20)),
    st.builds("/v1/articles/{}/blocks".format, st.text(min_size=1, max_size=20)),
    st.builds("/v1/tags/{}".format, st.text(min_size=1, max_size=20)),
)


def query_string(pairs: list[tuple[str, str]], escaped: bool) -> str:
    if not escaped:
        return "&".join(f"{name}={value}" for name, value in pairs)
    return "&".join(
        f"{quote(name, errors='surrogatepass')}={quote(value, errors='surrogatepass')}"
        for name, value in pairs
    )


@settings(deadline=None, max_examples=300)
@given(PATHS, st.lists(st.tuples(NAMES, VALUES), max_size=4), st.booleans())
def test_any_request_is_answered_below_500(
    path: str, pairs: list[tuple[str, str]], escaped: bool
) -> None:
    event, handler = event_for("/v1/articles/x" if "articles" in path else path)
    event["rawPath"] = path
    event["rawQueryString"] = query_string(pairs, escaped)
    answer = invoke(event, handler)
    assert answer.status in {200, 400, 404}
    assert answer.body["request_id"] == "request-1"
    if answer.status != 200:
        assert answer.body.keys() == {"type", "title", "status", "detail", "request_id"}


@settings(deadline=None, max_examples=200)
@given(st.text(min_size=1, max_size=60).filter(str.strip))
def test_any_text_can_be_searched_for_and_completed(text: str) -> None:
    query = "q=" + quote(text, errors="replace")
    for path in ("/v1/search", "/v1/suggest"):
        assert invoke(*event_for(path, query)).status in {200, 400}


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=60))
def test_any_if_none_match_is_understood_or_ignored(text: str) -> None:
    assert invoke(
        *event_for("/v1/hot", if_none_match=text.encode("utf-8", "replace").decode("latin-1"))
    ).status in {200, 304}
