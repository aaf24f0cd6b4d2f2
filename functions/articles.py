"""How does an article change while the index is being served?

PUT and DELETE /v1/articles/{id}, for the site's own systems: API Gateway lets signed requests through
alone. What is put or deleted goes into a small live object that every reader looks at every few seconds;
the index itself stays as it is until the next rebuild. Invariant: a 200 says that the change is in the
store; after any other answer the request can be sent again.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from engine.errors import (
    IndexUnavailableError,
    NotAllowedError,
    NotPublishedError,
    ObjectNotFoundError,
)
from engine.index.manifest import MANIFEST_NAME
from engine.index.pointer_store import read_pointer
from engine.index.snapshot import open_snapshot
from engine.live.article_changes import ArticleChanges
from engine.store.locations import local_folder, open_store
from engine.store.protocol import Store
from functions import runtime
from functions.article_body import parse_article_body
from functions.entry_point import entry_point
from functions.parameters import parse_nothing
from functions.powertools import Response
from functions.responses import answer_change
from functions.routes import Routes, readings
from functions.settings import INDEX_VARIABLE

VISIBLE_AFTER_SECONDS = 5
"""When the last reader has looked: one looks every two seconds, and waits for a look that is late."""

routes = Routes()


@routes.put("/v1/articles/<article_id>")
def put_article(article_id: str) -> Response[str]:
    """Make the article in the body what readers see under this id."""
    parse_nothing(routes.query_string)
    _require_signature()
    article = parse_article_body(routes.current_event, readings(article_id))
    place = _place()
    _changes(place.store).put(article)
    return _done(article.id, place)


@routes.delete("/v1/articles/<article_id>")
def delete_article(article_id: str) -> Response[str]:
    """Make the article vanish; one that is not there is gone already."""
    parse_nothing(routes.query_string)
    _require_signature()
    place = _place()
    _changes(place.store).delete(article_id)
    return _done(article_id, place)


def _require_signature() -> None:
    # API Gateway checks the signature and says so here. Looking again costs nothing, and keeps a
    # route that somebody opened by mistake shut.
    context = routes.current_event.get("requestContext") or {}
    if not (context.get("authorizer") or {}).get("iam"):
        raise NotAllowedError(
            "this route takes requests signed with AWS Signature Version 4, from a principal that "
            "may execute-api:Invoke it"
        )


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the live objects lie, and which index they are laid over."""

    store: Store
    index_version: str
    generated_at: datetime


def _place() -> _Place:
    url = runtime.settings.index_url
    if url is None:
        raise IndexUnavailableError(f"no index was named; set {INDEX_VARIABLE}")
    store = open_store(url)
    seen = read_pointer(store)
    if seen is not None:
        current = seen.pointer.current
        return _Place(store, current.version, current.published_at)
    folder = local_folder(url)
    if folder is not None and (folder / MANIFEST_NAME).is_file():
        # A plain folder of this machine keeps its live objects beside the index.
        snapshot = open_snapshot(folder)
        return _Place(store, snapshot.version, snapshot.generated_at)
    try:
        store.get(MANIFEST_NAME)
    except ObjectNotFoundError as error:
        raise IndexUnavailableError(f"{url}: no index lies there; publish one first") from error
    raise NotPublishedError(
        "a plain index in a bucket is served, which cannot change; publish it "
        "(wenmai publish DIR --to URL) and serve that"
    )


def _changes(store: Store) -> ArticleChanges:
    return ArticleChanges(store, lambda: datetime.now(UTC), lambda: secrets.token_hex(8))


def _done(article_id: str, place: _Place) -> Response[str]:
    # A process that also serves (the local gateway does) need not wait for its next look.
    runtime.look_again()
    return answer_change(
        {"id": article_id, "visible_after_s": VISIBLE_AFTER_SECONDS},
        index_version=place.index_version,
        generated_at=place.generated_at,
        now=datetime.now(UTC),
        request_id=routes.request_id,
    )


handler = entry_point(routes)
