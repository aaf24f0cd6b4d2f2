"""Which page does a request to the forum get?

A WSGI application beside the gateway. Invariant: what belongs to the service (/v1, the sitemap, the
specification) is answered by the gateway untouched; the pages know the service only by asking it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from local.http_events import HttpResponse, request_path
from local.web import pages
from local.web.delivery import file_response, page_response, send
from local.web.pages import Page
from local.web.rendering import make_environment
from local.web.service import Answer, Application, Service

_SERVICE_PATHS = ("/v1/", "/studio", "/sitemap.xml", "/openapi.json")

_logger = logging.getLogger("wenmai.forum")


class Forum:
    """The forum's pages in front of `gateway`, the service as a WSGI application."""

    def __init__(self, gateway: Application) -> None:
        self._gateway = gateway
        self._service = Service(gateway)
        self._environment = make_environment()

    def __call__(self, environment: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        path = request_path(environment)
        if path.startswith(_SERVICE_PATHS):
            return self._gateway(environment, start_response)
        method = environment["REQUEST_METHOD"].upper()
        return send(self._respond(environment, method, path), method, start_response)

    def _respond(self, environment: dict[str, Any], method: str, path: str) -> HttpResponse:
        if_none_match = environment.get("HTTP_IF_NONE_MATCH")
        if method not in {"GET", "HEAD"}:
            return self._render(
                Page("refused.html", {"method": method}, HTTPStatus.METHOD_NOT_ALLOWED), None
            )
        if path.startswith("/static/"):
            found = file_response(path.removeprefix("/static/"), if_none_match)
            if found is not None:
                return found
        try:
            return self._render(self._page(environment, path), if_none_match)
        except Exception:
            # A defect of a page must not look like a broken connection; the log has the trace.
            _logger.exception("the page %s failed", path)
            broken = Page("refused.html", {"method": None}, HTTPStatus.INTERNAL_SERVER_ERROR)
            return self._render(broken, None)

    def _page(self, environment: dict[str, Any], path: str) -> Page:
        service = self._service
        text = environment.get("QUERY_STRING") or ""
        query = dict(parse_qsl(text, keep_blank_values=True, errors="replace"))
        room, _, rest = path.removeprefix("/").partition("/")
        if not room:
            return pages.home(service, query)
        if room == "search" and not rest:
            return pages.search(service, query)
        if room == "article" and rest.endswith(".html"):
            return pages.article(service, rest.removesuffix(".html"))
        if room == "tag" and rest:
            return pages.tag(service, rest, query)
        if room == "category" and rest:
            return pages.category(service, rest.strip("/"), query)
        return pages.problem(service, Answer(404, {}))

    def _render(self, page: Page, if_none_match: str | None) -> HttpResponse:
        text = self._environment.get_template(page.template).render(page.values)
        return page_response(text, if_none_match, status=page.status, headers=page.headers)
