"""How do the related and hot boxes look as HTML that a page includes as it stands?

For server-side includes and old templates that cannot read JSON. Invariant: every piece of text is
escaped, every link is an http(s) or site-relative address, and an item without such an address is text.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from urllib.parse import urlsplit

from engine.documents import Card
from engine.recommend.cards import HotList, RelatedItem

MEDIA_TYPE = "text/html; charset=utf-8"
CACHE_FRAGMENT = "public, max-age=60, stale-while-revalidate=600, stale-if-error=86400"
"""An include is fetched for every page view of somebody else's server: a minute old is new enough."""


def related_fragment(items: Sequence[RelatedItem]) -> str:
    """Return the related box: an empty list where there is nothing to show."""
    rows = "".join(
        f'<li data-source="{escape(item.source)}">{_link(item.card)}</li>\n' for item in items
    )
    return f'<ul class="wenmai wenmai-related">\n{rows}</ul>\n'


def hot_fragment(hot_list: HotList) -> str:
    """Return the hot box with its excerpts."""
    rows = "".join(
        f'<li>{_link(item.card)}<p class="wenmai-excerpt">{escape(item.card.excerpt)}</p></li>\n'
        for item in hot_list.items
    )
    return f'<ol class="wenmai wenmai-hot" data-window="{escape(hot_list.window)}">\n{rows}</ol>\n'


def _link(card: Card) -> str:
    title = escape(card.title)
    address = _address(card.url)
    return f'<a href="{escape(address)}">{title}</a>' if address else title


def _address(url: str | None) -> str | None:
    if url is None:
        return None
    try:
        # Browsers drop control characters out of addresses: java\tscript: would become a scheme.
        parts = urlsplit("".join(character for character in url.strip() if character > " "))
    except ValueError:
        return None
    if parts.scheme in {"http", "https"} and parts.netloc:
        return parts.geturl()
    if not parts.scheme and not parts.netloc and parts.path.startswith("/"):
        # Not //host: that would leave the site.
        return "/" + parts.geturl().lstrip("/\\")
    return None
