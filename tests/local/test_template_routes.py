from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import InputError
from local.template_routes import TemplateRoute, match_route, methods_for, read_routes

ROUTES = read_routes()


def matched(path: str, method: str = "GET") -> tuple[str, dict[str, str]] | None:
    found = match_route(ROUTES, method, path)
    return None if found is None else (found[0].key, found[1])


def test_the_template_names_a_handler_for_each_route() -> None:
    handlers = {route.handler for route in ROUTES}
    rooms = ("search", "articles", "studio", "recommend", "events")
    assert handlers == {f"functions.{room}.handler" for room in rooms}


def test_a_fixed_path_has_no_variables() -> None:
    assert matched("/v1/search") == ("GET /v1/search", {})


def test_the_most_specific_route_wins() -> None:
    assert matched("/v1/articles/wpm-1/related") == (
        "GET /v1/articles/{id}/related",
        {"id": "wpm-1"},
    )
    assert matched("/v1/articles/wpm-1") == ("GET /v1/articles/{id+}", {"id": "wpm-1"})


def test_an_id_with_a_slash_goes_to_the_greedy_route() -> None:
    assert matched("/v1/articles/d365tw-commerce/add-fields-excel/related") == (
        "GET /v1/articles/{id+}",
        {"id": "d365tw-commerce/add-fields-excel/related"},
    )
    assert matched("/v1/tags/A/B测试") == ("GET /v1/tags/{tag+}", {"tag": "A/B测试"})


@pytest.mark.parametrize(
    "path", ["/", "", "/v1", "/v1/search/", "/V1/search", "/v1/articles/", "/v1/tags/"]
)
def test_other_paths_have_no_route(path: str) -> None:
    assert matched(path) is None
    assert methods_for(ROUTES, path) == []


def test_a_wrong_method_can_be_told_from_a_wrong_path() -> None:
    assert matched("/v1/search", "POST") is None
    assert methods_for(ROUTES, "/v1/search") == ["GET"]


def test_characters_of_patterns_in_a_path_stand_for_themselves() -> None:
    routes = [TemplateRoute("GET", "/openapi.json", "m.f")]
    assert match_route(routes, "GET", "/openapi.json") is not None
    assert match_route(routes, "GET", "/openapiXjson") is None


def test_short_forms_of_cloudformation_are_read(tmp_path: Path) -> None:
    template = tmp_path / "template.yaml"
    template.write_text(
        "Resources:\n"
        "  F:\n"
        "    Type: AWS::Serverless::Function\n"
        "    Properties:\n"
        "      Handler: m.f\n"
        "      Role: !GetAtt Role.Arn\n"
        "      Layers: !Split [',', !Ref Layers]\n"
        "      Events:\n"
        "        E: {Type: HttpApi, Properties: {ApiId: !Ref Api, Method: get, Path: /x}}\n"
        "        Nightly: {Type: Schedule, Properties: {Schedule: rate(1 day)}}\n",
        encoding="utf-8",
    )
    assert read_routes(template) == (TemplateRoute("GET", "/x", "m.f"),)


def test_a_template_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no-template\.yaml: cannot read the template"):
        read_routes(tmp_path / "no-template.yaml")
