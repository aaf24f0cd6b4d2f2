"""Outside data becomes an Article whole, or is refused with the field named."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.article_record import ArticleRecordError, parse_article

GOOD = {"id": "3", "title": "图片被同行搬走", "body": "先截图取证,再走申诉。"}


def test_the_three_needed_fields_are_enough() -> None:
    article = parse_article(GOOD)
    assert (article.id, article.title, article.body) == (
        "3",
        "图片被同行搬走",
        "先截图取证,再走申诉。",
    )
    assert article.views is None
    assert article.tags == ()


def test_all_fields_arrive_typed() -> None:
    article = parse_article(
        {
            **GOOD,
            "category": "手机淘宝 > 规则",
            "tags": ["盗图", "申诉", "盗图"],
            "published_at": "2020-09-12T16:00:26",
            "updated_at": "2020-09-12T08:00:26Z",
            "views": 5000,
            "comments": 0,
        }
    )
    assert article.category == ("手机淘宝", "规则")
    assert article.tags == ("盗图", "申诉")
    assert article.published_at == datetime(2020, 9, 12, 8, 0, 26, tzinfo=UTC)
    assert article.published_at == article.updated_at
    assert article.comments == 0


def test_a_database_key_becomes_a_string_id() -> None:
    assert parse_article({**GOOD, "id": 42}).id == "42"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"id": None}, "id: expected a string, found null"),
        ({"id": True}, "id: expected a string, found a boolean"),
        ({"id": "a\nb"}, "id: holds control characters"),
        ({"id": "\ud800"}, "id: holds control characters"),
        ({"id": "长" * 201}, "id: expected 1 to 200 characters, found 201"),
        ({"title": 5}, "title: expected a string, found a number"),
        ({"title": "  "}, "title: expected text, found nothing but white space"),
        ({"body": ""}, "body: expected text"),
        ({"body": ["段落"]}, "body: expected a string, found a list"),
        ({"body": "长" * 12_000_001}, "body: expected at most 12,000,000 characters"),
        ({"tags": "盗图"}, "tags: expected a list of strings, found a string"),
        ({"tags": [1]}, "tags: expected strings in the list, found a number"),
        ({"views": -1}, "views: expected 0 to 2^53, found -1"),
        ({"views": "5000"}, "views: expected a whole number, found a string"),
        ({"views": 1.5}, "views: expected a whole number"),
        ({"views": True}, "views: expected a whole number, found a boolean"),
        ({"published_at": "昨天"}, "published_at: expected a time such as"),
        ({"published_at": "0001-01-01T00:00:00+14:00"}, "published_at: expected a time such as"),
        ({"category": 7}, "category: expected a list of strings, found a number"),
    ],
)
def test_a_wrong_field_is_named_with_what_was_found(change: dict[str, object], reason: str) -> None:
    with pytest.raises(ArticleRecordError) as caught:
        parse_article({**GOOD, **change})
    assert str(caught.value).startswith(reason)


def test_half_a_surrogate_pair_in_text_becomes_a_replacement_character() -> None:
    article = parse_article(
        json.loads('{"id": "1", "title": "好\\ud83d评", "body": "返\\ude00现"}')
    )
    assert article.title == "好\ufffd评"
    article.body.encode("utf-8")


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "id",
                "title",
                "body",
                "category",
                "tags",
                "published_at",
                "updated_at",
                "views",
                "summary",
            ]
        ),
        _json,
    )
    | _json
)
def test_whatever_json_holds_is_an_article_or_a_named_refusal(record: object) -> None:
    try:
        article = parse_article(record)
    except ArticleRecordError:
        return
    else:
        assert article.id
        assert article.title.strip()
        (article.title + article.body + "".join(article.tags)).encode("utf-8")
