"""How do the articles' own data become the columns, cards and texts that a reader maps?

Invariant: row n of every file is article n of the sorted corpus.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.documents import Article
from engine.index.articles import MISSING
from engine.index.card_records import encode_card
from engine.index.codec import dump_json, write_array, write_records
from engine.index.taxonomy import NO_CATEGORY


def write_articles(directory: Path, articles: Sequence[Article], texts: Sequence[bytes]) -> None:
    """Write ids, number columns, cards, and `texts`, which are encoded already."""
    records: dict[str, Iterable[bytes]] = {
        "ids": (article.id.encode("utf-8") for article in articles),
        "cards": map(encode_card, articles),
        "texts": texts,
    }
    for name, column in records.items():
        bounds = write_records(directory / f"articles.{name}.bin", column)
        write_array(directory / f"articles.{name}.bounds.npy", bounds)
    views = [MISSING if a.views is None else a.views for a in articles]
    write_array(directory / "articles.published.npy", published_seconds(articles))
    write_array(directory / "articles.modified.npy", modified_seconds(articles))
    write_array(directory / "articles.views.npy", np.asarray(views, dtype=np.int64))


def published_seconds(articles: Sequence[Article]) -> npt.NDArray[np.int64]:
    """Return publication times in seconds since 1970, int64 [articles], `MISSING` where not given."""
    return _seconds(article.published_at for article in articles)


def modified_seconds(articles: Sequence[Article]) -> npt.NDArray[np.int64]:
    """Return the times of the last change, of publication where that is all that is known."""
    return _seconds(article.updated_at or article.published_at for article in articles)


def _seconds(moments: Iterable[datetime | None]) -> npt.NDArray[np.int64]:
    seconds = [MISSING if moment is None else int(moment.timestamp()) for moment in moments]
    return np.asarray(seconds, dtype=np.int64)


def category_numbers(
    articles: Sequence[Article],
) -> tuple[Sequence[tuple[str, ...]], npt.NDArray[np.int32]]:
    """Return the distinct category paths, ascending, and the place of each article's among them.

    The places are int32 [articles], `NO_CATEGORY` where an article is filed nowhere.
    """
    paths = sorted({article.category for article in articles if article.category})
    numbers = {path: number for number, path in enumerate(paths)}
    filed = [numbers.get(article.category, NO_CATEGORY) for article in articles]
    return paths, np.asarray(filed, dtype=np.int32)


def write_taxonomy(
    directory: Path, articles: Sequence[Article], normalize: Callable[[str], str]
) -> int:
    """Write categories and tags in both directions; return the number of distinct tags."""
    paths, filed = category_numbers(articles)
    (directory / "categories.json").write_bytes(dump_json([list(path) for path in paths]))
    write_array(directory / "articles.category.npy", filed)

    spellings: dict[str, str] = {}
    tagged: list[list[str]] = []
    for article in articles:
        written = {normalize(tag).strip(): tag for tag in article.tags}
        written.pop("", None)
        tagged.append(list(written))
        for key, spelling in written.items():
            spellings[key] = min(spelling, spellings.get(key, spelling))
    keys_in_order = sorted(spellings)
    number_of = {key: number for number, key in enumerate(keys_in_order)}
    content = {"keys": keys_in_order, "tags": [spellings[key] for key in keys_in_order]}
    (directory / "tags.json").write_bytes(dump_json(content))
    rows = [[number_of[key] for key in keys] for keys in tagged]
    by_tag: list[list[int]] = [[] for _ in keys_in_order]
    for article_number, row in enumerate(rows):
        for tag in row:
            by_tag[tag].append(article_number)
    _write_lists(directory, "articles.tags", rows)
    _write_lists(directory, "tags.articles", by_tag)
    return len(keys_in_order)


def _write_lists(directory: Path, name: str, lists: Sequence[Sequence[int]]) -> None:
    lengths = np.fromiter((len(row) for row in lists), dtype=np.uint64, count=len(lists))
    offsets = np.zeros(len(lists) + 1, dtype=np.uint64)
    np.cumsum(lengths, out=offsets[1:])
    flat = np.fromiter((number for row in lists for number in row), dtype=np.uint32)
    write_array(directory / f"{name}.offsets.npy", offsets)
    write_array(directory / f"{name}.npy", flat)
