"""How does data become a page?

Jinja with escaping always on. Invariant: the only text that reaches a page unescaped is what the service
itself hands out as escaped HTML (highlights), and it goes through `marked`, which lets `<em>` pass and
nothing else.
"""

from __future__ import annotations

import html
import re
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from engine.documents import SITE_TIMEZONE

_TEMPLATES = Path(__file__).with_name("templates")

_EM = re.compile(r"(</?em>)")


def make_environment() -> Environment:
    """Return the environment that all pages are rendered in."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "count": count,
        "day": day,
        "minute": minute,
        "marked": marked,
        "segment": segment,
        "paragraphs": paragraphs,
        "article_path": article_path,
    }
    environment.globals["link"] = link
    return environment


def marked(highlight: str) -> Markup:
    """Return highlighted text with its `<em>` as markup; everything else is escaped anew."""
    parts = _EM.split(highlight)
    return Markup("").join(
        Markup(part) if number % 2 else html.unescape(part)  # noqa: S704 - <em> or </em> alone
        for number, part in enumerate(parts)
    )


def count(number: int | None) -> str:
    """Return a counter as readers know it: 1.2万 from ten thousand on, — where nobody counts."""
    if number is None:
        return "—"
    return f"{number / 10_000:.1f}万" if number >= 10_000 else str(number)


def minute(moment: str | None) -> str:
    """Return an ISO time as a reader sees it, to the minute, in the site's zone."""
    if moment is None:
        return "时间不详"
    return datetime.fromisoformat(moment).astimezone(SITE_TIMEZONE).strftime("%Y-%m-%d %H:%M")


def day(moment: str | None) -> str:
    """Return the day of an ISO time in the site's zone."""
    return minute(moment)[:10] if moment else ""


def segment(text: str) -> str:
    """Return `text` as one segment of a path."""
    return quote(text, safe="")


def paragraphs(body: str) -> list[str]:
    """Return the paragraphs of a plain text."""
    return [line.strip() for line in body.splitlines() if line.strip()]


def article_path(card: dict[str, Any]) -> str:
    """Return where the forum shows the article of a card; its own URL may lead to another site."""
    return f"/article/{segment(card['id'])}.html"


def link(path: str, **parameters: str | int | None) -> str:
    """Return `path` with those of `parameters` that say something."""
    query = urlencode({name: value for name, value in parameters.items() if value})
    return f"{path}?{query}" if query else path
