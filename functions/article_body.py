"""Is what was sent an article, and the one that the path names?

The same rules as for an imported line, and the same cleaning, so that an article reads alike whether it was
put or imported. Invariant: nothing is parsed that is longer than `MAX_ARTICLE_BYTES`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.article_record import parse_article
from engine.cleaning import clean_article
from engine.documents import Article
from engine.errors import QueryError
from functions.query_string import quote
from functions.request_body import read_json_object

MAX_ARTICLE_BYTES = 2 << 20
"""All changes between two rebuilds share one object of 4 MB, compressed; longer ones come by rebuild."""


def parse_article_body(event: Mapping[str, Any], path_ids: Sequence[str]) -> Article:
    """Return the article in the event's body, cleaned; `path_ids` is what the path may mean.

    Fields that an article does not have are ignored, as in an import. Raises `RequestTooLargeError`,
    `QueryError` or `ArticleRecordError` naming what is wrong.
    """
    record = read_json_object(event, None, MAX_ARTICLE_BYTES)
    record.setdefault("id", path_ids[0])
    article = parse_article(record)
    if article.id not in path_ids:
        raise QueryError(
            "id",
            f"expected the one that the path names, {quote(path_ids[0])}; found {quote(article.id)}",
        )
    cleaned = clean_article(article)
    for name in ("title", "body"):
        if not getattr(cleaned, name):
            raise QueryError(name, "expected text, found nothing but markup")
    return cleaned
