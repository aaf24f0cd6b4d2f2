"""Which requests go to which handler?

Read from infra/template.yaml, so that what answers on this machine is what is deployed. Invariant:
of several routes that fit a path the most specific one takes it, as in API Gateway: fixed segments
before variables, variables before greedy variables.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from engine.errors import InputError

try:
    from yaml import CSafeLoader as SafeLoader
except ImportError:
    # A PyYAML without libyaml: twenty times slower, and otherwise the same.
    from yaml import SafeLoader  # type: ignore[assignment]

TEMPLATE = Path(__file__).resolve().parents[1] / "infra" / "template.yaml"

_VARIABLE = re.compile(r"\{(\w+)(\+?)\}")


@dataclass(frozen=True)
class TemplateRoute:
    """One route of the HTTP API; `path` as in the template, `handler` as "module.function".

    signed: whether API Gateway lets only requests through that are signed with AWS credentials.
    """

    method: str
    path: str
    handler: str
    signed: bool = False

    @property
    def key(self) -> str:
        """The route's name in events and logs."""
        return f"{self.method} {self.path}"

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What paths fit: a variable takes one segment, a greedy one all that is left."""
        parts = []
        end = 0
        for found in _VARIABLE.finditer(self.path):
            parts.append(re.escape(self.path[end : found.start()]))
            parts.append(f"(?P<{found[1]}>{'.+' if found[2] else '[^/]+'})")
            end = found.end()
        return re.compile("".join([*parts, re.escape(self.path[end:])]), re.DOTALL)


def read_routes(template: Path = TEMPLATE) -> tuple[TemplateRoute, ...]:
    """Return the routes of `template`, the most specific first; raises as `read_template` does."""
    routes = [
        TemplateRoute(
            str(event["Properties"]["Method"]).upper(),
            event["Properties"]["Path"],
            resource["Properties"]["Handler"],
            event["Properties"].get("Auth", {}).get("Authorizer") == "AWS_IAM",
        )
        for resource in read_template(template)["Resources"].values()
        if resource["Type"] == "AWS::Serverless::Function"
        for event in resource["Properties"].get("Events", {}).values()
        if event["Type"] == "HttpApi"
    ]
    return tuple(sorted(routes, key=_generality))


def read_template(template: Path = TEMPLATE) -> dict[str, Any]:
    """Return the content of `template`, functions such as !Ref replaced by their arguments.

    Raises `InputError` when the file cannot be read.
    """
    try:
        content = yaml.load(template.read_bytes(), _TemplateLoader)  # noqa: S506 - a safe loader
    except OSError as error:
        raise InputError(
            f"{template}: cannot read the template ({error}); run Wenmai from its checkout"
        ) from error
    if not isinstance(content, dict):
        raise InputError(f"{template}: expected a template with resources in it")
    return content


def match_route(
    routes: Sequence[TemplateRoute], method: str, path: str
) -> tuple[TemplateRoute, dict[str, str]] | None:
    """Return the first of `routes` that takes `method` and `path`, with the path's variables."""
    for route in routes:
        if route.method == method:
            found = route.pattern.fullmatch(path)
            if found:
                return route, found.groupdict()
    return None


def methods_for(routes: Sequence[TemplateRoute], path: str) -> list[str]:
    """Return the methods that some of `routes` take for `path`."""
    return sorted({route.method for route in routes if route.pattern.fullmatch(path)})


def _generality(route: TemplateRoute) -> tuple[int, int, str]:
    variables = _VARIABLE.findall(route.path)
    return sum(bool(greedy) for _, greedy in variables), len(variables), route.path


class _TemplateLoader(SafeLoader):
    """Reads CloudFormation's short forms (!Ref, !Sub, ...) as the values they are applied to."""


def _without_function(loader: SafeLoader, _suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node)
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node)
    raise TypeError(f"a YAML node of an unknown kind: {node!r}")


_TemplateLoader.add_multi_constructor("!", _without_function)
