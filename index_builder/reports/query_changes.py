"""For which queries did the first ten hits change from one index to another?

Invariant: both indexes are asked the same queries in the same way, and articles are compared by their ids.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.errors import InputError
from engine.index.snapshot import Snapshot
from index_builder.evaluation.answers import search_ids
from index_builder.evaluation.judgements import read_records

DEPTH = 10


@dataclass(frozen=True, slots=True)
class QueryChange:
    """One query's first hits in the old and in the new index, as article ids, best first."""

    query: str
    old: tuple[str, ...]
    new: tuple[str, ...]

    @property
    def entered(self) -> tuple[str, ...]:
        """Return what was not among the old hits."""
        return tuple(article_id for article_id in self.new if article_id not in self.old)

    @property
    def left(self) -> tuple[str, ...]:
        """Return what is not among the new hits."""
        return tuple(article_id for article_id in self.old if article_id not in self.new)

    @property
    def first_changed(self) -> bool:
        """Say whether another article comes first."""
        return self.old[:1] != self.new[:1]


def read_query_texts(path: Path) -> list[str]:
    """Read the `query` of each line of a .jsonl file, each text once.

    Raises `InputError` naming the file and line.
    """
    texts: dict[str, None] = {}
    for number, record in read_records(path):
        if not isinstance(record.get("query"), str):
            raise InputError(f"{path}:{number}: query: expected a string")
        texts[record["query"]] = None
    if not texts:
        raise InputError(f"{path}: no query in it")
    return list(texts)


def find_changes(old: Snapshot, new: Snapshot, queries: Sequence[str]) -> list[QueryChange]:
    """Return the queries whose first hits differ, those that lost most first."""
    changes = []
    for query in queries:
        change = QueryChange(
            query, tuple(search_ids(old, query, DEPTH)), tuple(search_ids(new, query, DEPTH))
        )
        if change.old != change.new:
            changes.append(change)
    return sorted(changes, key=lambda c: (-len(c.left), -len(c.entered), c.query))
