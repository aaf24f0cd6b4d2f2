"""How do the site's pages look to a search engine?

The sitemaps.org protocol. Invariant: the document is well-formed XML of absolute, percent-encoded http(s)
addresses, whatever stands in an article's URL.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from engine.documents import isoformat
from engine.recommend.sitemap import SitemapEntry

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_HOST = re.compile(r"[A-Za-z0-9.-]+(:\d{1,5})?|\[[0-9A-Fa-f:.]+\](:\d{1,5})?")

# What a URL may hold as it stands; `%` too, as most URLs come escaped already.
_URL_CHARACTERS = ":/?#[]@!$&'()*+,;=%~-._"
_LONGEST_URL = 2_048
"""The protocol's own bound."""


def base_url(site_url: str | None, event: Mapping[str, Any]) -> str:
    """Return the address that relative URLs start from, ending in `/`.

    That of the site where one is configured, or else the one that `event` was sent to.
    """
    if site_url:
        return site_url.rstrip("/") + "/"
    # Of a custom domain, a function URL or the gateway on this machine the Host header knows more.
    headers = event.get("headers") or {}
    host = headers.get("host") or event["requestContext"].get("domainName") or ""
    if not _HOST.fullmatch(host):
        host = "localhost"
    scheme = "http" if headers.get("x-forwarded-proto") == "http" else "https"
    return f"{scheme}://{host}/"


def sitemap_xml(entries: Sequence[SitemapEntry], base: str) -> str:
    """Return the `urlset` of `entries`."""
    return "".join(
        [
            f'{_HEAD}<urlset xmlns="{_NAMESPACE}">\n',
            *(f"<url><loc>{_location(e, base)}</loc>{_lastmod(e)}</url>\n" for e in entries),
            "</urlset>\n",
        ]
    )


def sitemap_index_xml(sheets: int, base: str, path: str) -> str:
    """Return the `sitemapindex` that names every sheet of the sitemap at `path`."""
    address = escape(urljoin(base, path))
    return "".join(
        [
            f'{_HEAD}<sitemapindex xmlns="{_NAMESPACE}">\n',
            *(f"<sitemap><loc>{address}?page={n}</loc></sitemap>\n" for n in range(1, sheets + 1)),
            "</sitemapindex>\n",
        ]
    )


def _location(entry: SitemapEntry, base: str) -> str:
    return escape(_absolute(entry.url, base) or _own_page(entry.article_id, base))


def _absolute(url: str | None, base: str) -> str | None:
    if not url or not url.strip():
        return None
    try:
        joined = quote(urljoin(base, url.strip()), safe=_URL_CHARACTERS, errors="replace")
        parts = urlsplit(joined)
    except ValueError:
        return None
    usable = parts.scheme in {"http", "https"} and parts.netloc and len(joined) <= _LONGEST_URL
    return joined if usable else None


def _own_page(article_id: str, base: str) -> str:
    # A site that gives no URL can at least be read here.
    return f"{base}v1/articles/{quote(article_id, safe='', errors='replace')}"


def _lastmod(entry: SitemapEntry) -> str:
    if entry.modified_seconds is None:
        return ""
    moment = datetime.fromtimestamp(entry.modified_seconds, tz=UTC)
    return f"<lastmod>{isoformat(moment)}</lastmod>"
