"""HTML that other people's pages include as it stands."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest
from handler_calls import event_for
from hypothesis import given
from hypothesis import strategies as st

from engine.documents import Card
from engine.recommend.cards import HotItem, HotList, RelatedItem, Source
from functions import recommend
from functions.fragments import hot_fragment, related_fragment
from local.lambda_context import LambdaContext

pytestmark = pytest.mark.usefixtures("served_index")


def fragment(path: str, query: str = "", **headers: str) -> dict[str, Any]:
    event, _ = event_for(path, query, **headers)
    return recommend.handler(event, LambdaContext("recommend", "request-1"))


class _Read(HTMLParser):
    """What a browser makes of a fragment: its tags, links and text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.words = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]
        assert not [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data: str) -> None:
        self.words += data


def card(title: str = "直通车怎么出价", url: str | None = "/article/1.html") -> Card:
    return Card("1", title, url, "摘要", (), (), None, None, None, None, None)


def test_the_related_box_has_the_articles_of_the_related_route() -> None:
    answer = fragment("/v1/fragments/related/42.html", "size=5")
    assert answer["statusCode"] == 200
    assert answer["headers"]["Content-Type"] == "text/html; charset=utf-8"
    read = _Read(answer["body"])
    assert read.tags == ["ul", *["li", "a"] * 5]
    assert all(link.startswith("/article/") for link in read.links)
    assert "/article/42.html" not in read.links


def test_the_hot_box_has_excerpts_and_can_be_cached() -> None:
    answer = fragment("/v1/fragments/hot.html", "size=3&window=month")
    assert _Read(answer["body"]).tags == ["ol", *["li", "a", "p"] * 3]
    assert "max-age=60" in answer["headers"]["Cache-Control"]
    again = fragment(
        "/v1/fragments/hot.html", "size=3&window=month", if_none_match=answer["headers"]["ETag"]
    )
    assert again["statusCode"] == 304


@pytest.mark.parametrize("path", ["/v1/fragments/related/none.html", "/v1/fragments/related/42"])
def test_an_unknown_fragment_is_a_404(path: str) -> None:
    assert fragment(path)["statusCode"] == 404


def test_a_bad_size_is_refused_by_name() -> None:
    answer = fragment("/v1/fragments/related/42.html", "size=0")
    assert answer["statusCode"] == 400
    assert "size" in answer["body"]


@given(st.text(max_size=60))
def test_any_title_stays_text(title: str) -> None:
    read = _Read(related_fragment([RelatedItem(card(title), 1.0, Source.TFIDF, ())]))
    assert read.tags == ["ul", "li", "a"]
    assert read.words.replace("\r\n", "\n").strip() == title.replace("\r\n", "\n").strip() or (
        # The parser, like browsers, gives some control characters another form.
        not title.isprintable()
    )


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "java\tscript:alert(1)",
        " JAVASCRIPT:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "//evil.example/x",
        "https:///nohost",
        "http://[broken",
        "relative.html",
        None,
    ],
)
def test_an_address_that_leads_nowhere_good_is_no_link(url: str | None) -> None:
    read = _Read(hot_fragment(HotList((HotItem(card(url=url), 1.0, 1),), "week", "site")))
    assert read.links == []
    assert "直通车怎么出价" in read.words


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("/article/1.html", "/article/1.html"),
        ("https://bbs.example.cn/a?b=1&c=2", "https://bbs.example.cn/a?b=1&c=2"),
        ('/x"><script>', '/x"><script>'),
        ("/\\evil.example", "/evil.example"),
    ],
)
def test_a_good_address_is_linked_and_escaped(url: str, link: str) -> None:
    text = related_fragment([RelatedItem(card(url=url), 1.0, Source.TAG, ())])
    assert _Read(text).links == [link]
    assert "<script" not in text
