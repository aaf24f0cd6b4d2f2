"""Which articles may be shown at all?

Invariant: what a site took down is treated as if it had never been: it is not found, listed or counted.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.errors import ArticleNotFoundError
from engine.index.snapshot import Snapshot


def visible_article(snapshot: Snapshot, article_id: str) -> int:
    """Return the number of the article with `article_id`.

    Raises `ArticleNotFoundError` when there is none or it is hidden.
    """
    number = snapshot.articles.find(article_id)
    if number is None or (snapshot.hidden is not None and snapshot.hidden[number]):
        raise ArticleNotFoundError(article_id)
    return number


def visible_among(snapshot: Snapshot, numbers: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """Return those of `numbers` that may be shown, in their order."""
    return numbers if snapshot.hidden is None else numbers[~snapshot.hidden[numbers]]


def visible_count(snapshot: Snapshot) -> int:
    """Return how many articles may be shown."""
    hidden = 0 if snapshot.hidden is None else int(np.count_nonzero(snapshot.hidden))
    return len(snapshot.articles) - hidden
