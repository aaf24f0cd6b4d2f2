"""Which fields does a JSON body give?

Invariant: whatever was sent, the outcome is an object whose names are all known or one `QueryError`, in
time and memory proportional to a bounded length.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Collection, Mapping
from typing import Any

from engine.errors import QueryError, RequestTooLargeError
from functions.query_string import quote

BODY = "body"


def read_json_object(
    event: Mapping[str, Any], allowed: Collection[str] | None, most_bytes: int
) -> dict[str, Any]:
    """Return the JSON object in the body of an HTTP API `event`.

    Raises `RequestTooLargeError` for a body of more than `most_bytes`, `QueryError` for one that is no
    JSON object and for names that are not `allowed` (None: all are).
    """
    data = _bytes(event)
    if len(data) > most_bytes:
        raise RequestTooLargeError(
            BODY, f"expected at most {most_bytes:,} bytes, found {len(data):,}"
        )
    try:
        found = json.loads(data.decode("utf-8"), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise QueryError(BODY, "expected a JSON object in UTF-8; this is no JSON") from error
    if not isinstance(found, dict):
        raise QueryError(BODY, f"expected a JSON object, found {_kind(found)}")
    if allowed is not None:
        _refuse_unknown(found, allowed)
    return found


def _refuse_unknown(found: Mapping[str, Any], allowed: Collection[str]) -> None:
    unknown = [name for name in found if name not in allowed]
    if unknown:
        raise QueryError(
            ", ".join(quote(name) for name in unknown[:5]),
            f"unknown field; this route knows {', '.join(sorted(allowed))}",
        )


def _bytes(event: Mapping[str, Any]) -> bytes:
    body = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        return body.encode("utf-8", "surrogatepass") if isinstance(body, str) else b""
    try:
        return base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError) as error:
        raise QueryError(
            BODY, "expected base64, as the event says; found something else"
        ) from error


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no JSON")


def _kind(value: object) -> str:
    kinds = {list: "a list", str: "a text", bool: "a truth value", type(None): "null"}
    return kinds.get(type(value), "a number")
