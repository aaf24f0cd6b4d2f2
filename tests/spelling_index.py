"""What re-reads queries by one index, for the tests of the lower tiers."""

from __future__ import annotations

from pathlib import Path

from engine.index.snapshot import Snapshot, open_snapshot
from engine.index.spellings import SpellingTable
from engine.search.correction import Reading, propose_readings
from engine.search.query_plan import plan_query
from engine.search.searcher import rank_articles
from engine.search.term_reader import TermReader


class Reader:
    """Reads queries by one index."""

    def __init__(self, directory: Path) -> None:
        self.snapshot: Snapshot = open_snapshot(directory)
        self.table = SpellingTable(directory)

    def readings(self, query: str) -> tuple[Reading, ...]:
        """Return what `query` may have meant."""
        plan = plan_query(self.snapshot.analyzer, query)
        return propose_readings(TermReader(self.snapshot), self.table, plan)

    def best(self, query: str) -> Reading | None:
        """Return what `query` meant most likely, None when it is taken as it is."""
        return next(iter(self.readings(query)), None)

    def hits(self, query: str, size: int) -> list[str]:
        """Return the ids of the best `size` articles for `query`, taken as it is."""
        return [
            self.snapshot.articles.article_id(n) for n in rank_articles(self.snapshot, query, size)
        ]
