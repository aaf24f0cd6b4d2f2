"""The golden queries of ../shared, asked of the sample corpus."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.index.snapshot import Snapshot, open_snapshot
from engine.search.requests import SearchRequest, Tier
from engine.search.searcher import search

GOLDEN = Path(__file__).resolve().parents[4] / "shared" / "golden" / "queries.jsonl"

ROWS = (
    [json.loads(line) for line in GOLDEN.read_text("utf-8").splitlines()]
    if GOLDEN.is_file()
    else []
)


@pytest.fixture(scope="module")
def snapshot(sample_index: Path) -> Snapshot:
    return open_snapshot(sample_index)


@pytest.mark.skipif(not ROWS, reason="../shared/golden/queries.jsonl is not there")
@pytest.mark.parametrize("row", ROWS, ids=[row["query"] for row in ROWS])
def test_a_golden_query_finds_its_articles_near_the_top(
    snapshot: Snapshot, row: dict[str, object]
) -> None:
    result = search(snapshot, SearchRequest(str(row["query"])))
    if not row["relevant"]:
        assert (result.total, result.query.tier) == (0, Tier.NONE)
        return
    top = [hit.card.id for hit in result.hits[: int(str(row["top"]))]]
    assert set(row["relevant"]) <= set(top)  # type: ignore[call-overload]
