"""One of several near-duplicates is shown, and it is the right one."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from engine.index.articles import MISSING
from engine.index.snapshot import Snapshot
from engine.search.folding_hits import fold_duplicates
from engine.search.ranking import Ranking


def _fold(hits: list[int], originals: list[int], published: list[int]) -> list[int]:
    snapshot = SimpleNamespace(
        duplicates=SimpleNamespace(originals=np.array(originals, dtype=np.int32)),
        articles=_Articles(published),
    )
    # As much of a snapshot as folding sees; a real one is folded in test_searcher.
    articles = np.array(hits, dtype=np.intp)
    scores = np.arange(len(hits), 0, -1).astype(np.float32)
    ranking = Ranking(articles, scores, np.ones(len(hits), dtype=bool))
    folded = fold_duplicates(cast(Snapshot, snapshot), ranking)
    assert len(folded.scores) == len(folded.complete) == len(folded.articles)
    kept: list[int] = folded.articles.tolist()
    return kept


class _Articles:
    def __init__(self, published: list[int]) -> None:
        self.published = np.array(published, dtype=np.int64)

    def __len__(self) -> int:
        return len(self.published)


@pytest.mark.parametrize(
    ("hits", "originals", "published", "kept"),
    [
        # 2 is the earliest of 0 and 2: it stands in its own place, although 0 ranks higher
        ([0, 1, 2], [2, 1, 2], [300, 100, 200], [1, 2]),
        # the original is no hit: the best of its copies stands for the group
        ([3, 1, 0], [2, 1, 2, 2], [300, 100, 200, 400], [3, 1]),
        # no dates: nobody knows which came first, so the best hit stands
        ([2, 0, 1], [0, 1, 0], [MISSING, MISSING, MISSING], [2, 1]),
        ([1, 0], [0, 1], [100, 200], [1, 0]),
        ([], [0, 1], [100, 200], []),
    ],
)
def test_the_earliest_stands_for_the_others_where_it_is_known(
    hits: list[int], originals: list[int], published: list[int], kept: list[int]
) -> None:
    assert _fold(hits, originals, published) == kept
