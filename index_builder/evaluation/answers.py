"""What does an index answer, as the ids that judgements speak of?"""

from __future__ import annotations

from engine.index.snapshot import Snapshot
from engine.search.searcher import rank_articles


def search_ids(snapshot: Snapshot, text: str, size: int, *, freshness: float = 0.0) -> list[str]:
    """Return the ids of the best hits for `text`, best first."""
    found = rank_articles(snapshot, text, size, freshness=freshness)
    return [snapshot.articles.article_id(number) for number in found]
