"""Which articles are filed where: category paths and tags.

Invariant: categories and tags are numbered in ascending order of their normalised text; both directions
(article -> tags, tag -> articles) are stored and agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from engine.folder import Folder
from engine.index.codec import load_json, map_array

NO_CATEGORY = -1


@dataclass(frozen=True, slots=True)
class CategoryTree:
    """Every category path and what is above it.

    paths: joined by "/", each once; nodes_of: by category number, the places in `paths` of its path and of
    all above.
    """

    paths: tuple[str, ...]
    nodes_of: tuple[tuple[int, ...], ...]


class Taxonomy:
    """The category tree and the tags of one index, memory-mapped."""

    def __init__(self, directory: Folder) -> None:
        self._directory = directory

    @cached_property
    def category_paths(self) -> list[tuple[str, ...]]:
        """The distinct category paths, root first; index = category number."""
        return [tuple(path) for path in load_json(self._directory / "categories.json")]

    @cached_property
    def category_of(self) -> npt.NDArray[np.int32]:
        """The category number of each article, int32 [n], `NO_CATEGORY` where none."""
        return map_array(self._directory / "articles.category.npy")

    @cached_property
    def category_tree(self) -> CategoryTree:
        """The category paths with all that is above them, as facets count them."""
        places: dict[str, int] = {}
        nodes_of = [
            tuple(
                places.setdefault("/".join(path[:depth]), len(places))
                for depth in range(1, len(path) + 1)
            )
            for path in self.category_paths
        ]
        return CategoryTree(tuple(places), tuple(nodes_of))

    def categories_below(self, names: Sequence[str]) -> list[int]:
        """Return the categories whose path starts with `names`, or else that hold them anywhere.

        The second reading lets a reader filter by a leaf's bare name.
        """
        wanted = tuple(names)
        starts = [i for i, path in enumerate(self.category_paths) if path[: len(wanted)] == wanted]
        if starts or len(wanted) != 1:
            return starts
        return [i for i, path in enumerate(self.category_paths) if wanted[0] in path]

    def articles_in(self, categories: Sequence[int]) -> npt.NDArray[np.intp]:
        """Return the articles filed in any of `categories`, ascending."""
        return np.flatnonzero(self.category_mask(categories))

    def category_mask(self, categories: Sequence[int]) -> npt.NDArray[np.bool_]:
        """Return which articles are filed in any of `categories`, bool [n]."""
        # One slot more than there are categories, so that NO_CATEGORY (-1) lands on a False of its own.
        allowed = np.zeros(len(self.category_paths) + 1, dtype=bool)
        allowed[list(categories)] = True
        mask: npt.NDArray[np.bool_] = allowed[self.category_of]
        return mask

    @cached_property
    def tags(self) -> list[str]:
        """The distinct tags as their authors wrote them; index = tag number."""
        return list(load_json(self._directory / "tags.json")["tags"])

    @cached_property
    def tag_ranks(self) -> npt.NDArray[np.intp]:
        """The place of each tag when all are sorted as they are written, intp [tags]."""
        ranks = np.empty(len(self.tags), dtype=np.intp)
        ranks[sorted(range(len(self.tags)), key=self.tags.__getitem__)] = np.arange(len(self.tags))
        return ranks

    @cached_property
    def _tag_numbers(self) -> dict[str, int]:
        keys = load_json(self._directory / "tags.json")["keys"]
        return {key: number for number, key in enumerate(keys)}

    def tag_number(self, normalized_tag: str) -> int | None:
        """Return the number of the tag with this normalised text, or None."""
        return self._tag_numbers.get(normalized_tag)

    def tag_articles(self, tag: int) -> npt.NDArray[np.uint32]:
        """Return the articles that carry tag `tag`, ascending."""
        offsets, articles = self._tag_postings
        return articles[int(offsets[tag]) : int(offsets[tag + 1])]

    def tags_of(self, article: int) -> npt.NDArray[np.uint32]:
        """Return the tags of `article`, in its author's order."""
        offsets, tags = self._article_tags
        return tags[int(offsets[article]) : int(offsets[article + 1])]

    def tags_of_all(
        self, articles: npt.NDArray[np.integer]
    ) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.intp]]:
        """Return the tags of all `articles` in a row, and how many of them each article has."""
        offsets, tags = self._article_tags
        starts = offsets[articles].astype(np.intp)
        counts = offsets[articles + 1].astype(np.intp) - starts
        # The n-th tag in the row is that many places behind the first tag of its article.
        begun = np.cumsum(counts) - counts
        places = np.repeat(starts - begun, counts) + np.arange(int(counts.sum()))
        return tags[places], counts

    @cached_property
    def _tag_postings(self) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint32]]:
        return (
            map_array(self._directory / "tags.articles.offsets.npy"),
            map_array(self._directory / "tags.articles.npy"),
        )

    @cached_property
    def _article_tags(self) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint32]]:
        return (
            map_array(self._directory / "articles.tags.offsets.npy"),
            map_array(self._directory / "articles.tags.npy"),
        )
