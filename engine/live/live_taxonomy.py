"""Which articles are filed where, those put since the index was built included?

Invariant: categories and tags of the index keep their numbers, new ones follow; a tag lists visible articles
alone, so that one that only hidden articles carry lists none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from engine.documents import Article
from engine.index.taxonomy import NO_CATEGORY, Taxonomy


class LiveTaxonomy(Taxonomy):
    """The categories and tags of `base`, with those of the articles `put`, numbered from `first` on."""

    def __init__(
        self,
        base: Taxonomy,
        put: Sequence[Article],
        first: int,
        hidden: npt.NDArray[np.bool_],
        normalize: Callable[[str], str],
    ) -> None:
        self._base = base
        self._first = first
        self._hidden = hidden
        self._file(put)
        self._tag(put, normalize)

    def _file(self, put: Sequence[Article]) -> None:
        paths = list(self._base.category_paths)
        numbers = {path: number for number, path in enumerate(paths)}
        filed = []
        for article in put:
            if article.category and article.category not in numbers:
                numbers[article.category] = len(paths)
                paths.append(article.category)
            filed.append(numbers.get(article.category, NO_CATEGORY))
        self.category_paths = paths
        self.category_of = np.concatenate(
            [self._base.category_of, np.asarray(filed, dtype=np.int32)]
        )

    def _tag(self, put: Sequence[Article], normalize: Callable[[str], str]) -> None:
        self.tags = list(self._base.tags)
        self._new_numbers: dict[str, int] = {}
        tags_put: list[list[int]] = []
        self._articles_put: dict[int, list[int]] = {}
        for place, article in enumerate(put):
            written = {normalize(tag).strip(): tag for tag in article.tags}
            written.pop("", None)
            numbers = [self._number_or_new(key, tag) for key, tag in written.items()]
            tags_put.append(numbers)
            for number in numbers:
                self._articles_put.setdefault(number, []).append(self._first + place)
        offsets, tags = self._base._article_tags
        ends = np.cumsum([len(numbers) for numbers in tags_put], dtype=np.int64) + int(offsets[-1])
        flat = [number for numbers in tags_put for number in numbers]
        self._article_tags = (
            np.concatenate([offsets, ends.astype(np.uint64)]),
            np.concatenate([tags, np.asarray(flat, dtype=np.uint32)]),
        )

    def _number_or_new(self, key: str, tag: str) -> int:
        number = self.tag_number(key)
        if number is None:
            number = self._new_numbers[key] = len(self.tags)
            self.tags.append(tag)
        return number

    def tag_number(self, normalized_tag: str) -> int | None:
        """Return the number of the tag with this normalised text, or None."""
        number = self._base.tag_number(normalized_tag)
        return self._new_numbers.get(normalized_tag) if number is None else number

    def tag_articles(self, tag: int) -> npt.NDArray[np.uint32]:
        """Return the visible articles that carry tag `tag`, ascending."""
        known = tag < len(self._base.tags)
        before = self._base.tag_articles(tag) if known else np.empty(0, dtype=np.uint32)
        put = np.asarray(self._articles_put.get(tag, ()), dtype=np.uint32)
        articles: npt.NDArray[np.uint32] = np.concatenate([before[~self._hidden[before]], put])
        return articles
