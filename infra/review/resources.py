"""How are the resources of a translated template read?

Invariant: an intrinsic such as Ref is compared by what it names, whatever form it has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Template = Mapping[str, Any]
Properties = Mapping[str, Any]


def of_type(template: Template, type_name: str) -> dict[str, Properties]:
    """Return the properties of the resources of a type, by logical name."""
    return {
        name: resource.get("Properties", {})
        for name, resource in template["Resources"].items()
        if resource["Type"] == type_name
    }


def named_by(value: Any) -> str:
    """Return the logical name that a Ref or GetAtt names, or the text that stands there."""
    if isinstance(value, Mapping):
        if "Ref" in value:
            return str(value["Ref"])
        if "Fn::GetAtt" in value:
            return str(value["Fn::GetAtt"][0])
        if "Fn::Sub" in value:
            text = value["Fn::Sub"]
            return str(text if isinstance(text, str) else text[0])
    return str(value)


def as_list(value: Any) -> list[Any]:
    """Return a value that may be one or a list as a list."""
    return value if isinstance(value, list) else [value]


def statements(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the statements of a policy document."""
    return as_list(document["Statement"])


def texts(value: Any) -> Iterator[str]:
    """Yield every text in a template, keys left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts(part)
