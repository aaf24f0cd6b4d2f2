"""Which parameters does a raw query string give, each exactly once?

The raw text and not the map that API Gateway makes of it: the map joins repeated parameters with a
comma, so that two values and one value with a comma look alike. Invariant: nothing is decoded
before it is known to be wanted, and nothing malformed is passed on as text.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import unquote_to_bytes

from engine.errors import QueryError

MAX_PARAMETERS = 32

_LONGEST_QUOTE = 40
_LONGEST_NAME = 200

# Tabs and line ends come with pasted text and are white space; everything else that moves a cursor
# or reorders the line (C0, C1, bidirectional embeddings and isolates) has no business in a request.
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def split_query_string(raw: str, allowed: Collection[str]) -> dict[str, str]:
    """Return the still encoded values in `raw` by decoded name.

    Raises `QueryError` for a name that is not `allowed`, a repeated one, or too many of them.
    """
    if raw.count("&") >= MAX_PARAMETERS:
        raise QueryError("query string", f"expected at most {MAX_PARAMETERS} parameters")
    given: dict[str, str] = {}
    unknown: list[str] = []
    for part in raw.split("&"):
        if not part:
            continue
        encoded_name, _, value = part.partition("=")
        # No known name is that long, however it decodes.
        too_long = len(encoded_name) > _LONGEST_NAME
        name = encoded_name if too_long else decode("query string", encoded_name)
        if name not in allowed:
            unknown.append(name)
        elif name in given:
            raise QueryError(name, "given more than once; expected it once")
        given[name] = value
    if unknown:
        known = ", ".join(sorted(allowed)) or "none"
        raise QueryError(
            ", ".join(quote(name) for name in unknown[:5]),
            f"unknown parameter; this route knows {known}",
        )
    return given


def decode(name: str, encoded: str) -> str:
    """Return the text of a value, with `+` read as a space.

    Raises `QueryError` naming `name` for bytes that are no UTF-8 and for control characters. A per
    cent sign that starts no escape stands for itself, as browsers and servers have it.
    """
    try:
        text = unquote_to_bytes(encoded.replace("+", " ")).decode("utf-8")
    except UnicodeError as error:
        raise QueryError(name, "not UTF-8; expected percent-encoded UTF-8") from error
    refuse_control_characters(name, text)
    return text


def refuse_control_characters(name: str, text: str) -> None:
    """Raise `QueryError` naming `name` where `text` moves the cursor or reorders the line."""
    found = _UNWANTED.search(text)
    if found:
        raise QueryError(name, f"holds the control character U+{ord(found.group()):04X}")


def quote(text: str) -> str:
    """Return `text` as an error message shows it: bounded and on one line."""
    if len(text) <= _LONGEST_QUOTE:
        return repr(text)
    return f"{text[:_LONGEST_QUOTE]!r}… ({len(text):,} characters)"
