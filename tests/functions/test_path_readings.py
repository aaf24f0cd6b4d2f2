from __future__ import annotations

import pytest

from functions.powertools import Response
from functions.routes import Routes, readings


@pytest.fixture
def routes() -> Routes:
    table = Routes()

    @table.get("/v1/articles/<article_id>/related")
    def related(article_id: str) -> Response[str]:
        return Response(200, body=f"related:{article_id}")

    @table.get("/v1/articles/<article_id>")
    def article(article_id: str) -> Response[str]:
        return Response(200, body=f"article:{article_id}")

    return table


def routed(routes: Routes, path: str) -> str:
    http = {"method": "GET", "path": path}
    event = {
        "rawPath": path,
        "requestContext": {"http": http, "stage": "$default", "requestId": "r-1"},
    }
    body: str = routes.resolve(event, None)["body"]
    return body


@pytest.mark.parametrize(
    "article_id",
    [
        "wpm-4188476",
        "d365tw-commerce/add-fields-excel",
        "d365tw-commerce%2Fadd-fields-excel",
        "帖子-1",
        'say "hi"#1?`\\',
        "100%",
        "a//b",
        "line\nend",
    ],
)
def test_an_id_may_hold_any_character(routes: Routes, article_id: str) -> None:
    assert routed(routes, f"/v1/articles/{article_id}") == f"article:{article_id}"
    assert routed(routes, f"/v1/articles/{article_id}/related") == f"related:{article_id}"


def test_a_parameter_means_itself_first_and_then_what_it_escapes() -> None:
    assert readings("a%2Fb") == ("a%2Fb", "a/b")
    assert readings("%E5%BA%97") == ("%E5%BA%97", "店")


@pytest.mark.parametrize("parameter", ["wpm-1", "a/b", "店", "100%", "%ff", "a+b", "\ud800"])
def test_what_escapes_nothing_means_only_itself(parameter: str) -> None:
    assert readings(parameter) == (parameter,)
