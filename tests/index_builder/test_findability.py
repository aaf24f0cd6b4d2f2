"""Every title and tag is found, and an index in which one is not would be refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from engine.errors import GateRefusedError
from engine.index.codec import write_array
from engine.index.snapshot import Snapshot, open_snapshot
from engine.search.requests import SearchRequest
from engine.search.searcher import search
from index_builder.findability import measure_findability, require_findability


@pytest.fixture(scope="module")
def snapshot(sample_index: Path) -> Snapshot:
    return open_snapshot(sample_index)


def test_the_sample_corpus_is_wholly_findable(snapshot: Snapshot) -> None:
    findability = measure_findability(snapshot)
    assert findability.failures == ()
    assert findability.share == 1.0
    assert findability.title_pairs > 1_500
    assert findability.substrings > 100
    assert findability.tags > 100
    require_findability(findability)


def test_every_substring_of_a_title_finds_its_article(snapshot: Snapshot) -> None:
    # Not a sample: all of them, for a title that the dictionary cuts into long words.
    title = "七天无理由退货哪些类目可以不支持"
    article = "57"
    for start in range(len(title)):
        for end in range(start + 2, len(title) + 1):
            text = title[start:end]
            result = search(snapshot, SearchRequest(text, size=50))
            if result.query.terms:
                assert article in {hit.card.id for hit in result.hits}, text


@pytest.mark.parametrize(
    ("query", "article"),
    [("无理由", "57"), ("么救", "21"), ("京小", "") , ("車低", "41"), ("宝客", "45")],
)  # fmt: skip
def test_a_word_inside_a_word_is_found(snapshot: Snapshot, query: str, article: str) -> None:
    ids = [hit.card.id for hit in search(snapshot, SearchRequest(query, size=50)).hits]
    assert (article in ids) if article else (ids == [])


def test_a_lost_pair_is_named_and_refused(snapshot: Snapshot, tmp_path: Path) -> None:
    # The planted defect: the postings of one pair point to another article.
    broken = tmp_path / "index"
    shutil.copytree(snapshot.directory, broken)
    segment = snapshot.segments[0]
    number = segment.terms.get("级冲")
    assert number is not None
    documents = np.array(segment.lists.documents)
    documents[segment.lists.offsets[number]] ^= 1
    write_array(broken / "terms.documents.npy", documents)
    findability = measure_findability(open_snapshot(broken))
    assert "2: 级冲" in findability.failures
    with pytest.raises(GateRefusedError, match=r"findability: found .*级冲"):
        require_findability(findability)
