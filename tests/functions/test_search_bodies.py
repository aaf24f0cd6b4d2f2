"""Hits are written as JSON without being read first."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from engine.documents import Article
from engine.index.card_records import record_of
from engine.search.requests import (
    Highlights,
    QueryReading,
    ScorePart,
    SearchHit,
    SearchResult,
    Tier,
)
from functions.bodies import hit_body, search_body
from functions.json_text import to_json

TEXTS = st.text(max_size=20)

HITS = st.builds(
    SearchHit,
    record=st.just(record_of(Article(id="1", title='店"铺\\', body="正文", tags=("a", "b")))),
    score=st.floats(0, 1e6),
    tier=st.sampled_from(Tier),
    highlights=st.builds(Highlights, TEXTS, TEXTS),
    duplicates=st.lists(TEXTS, max_size=2).map(tuple),
    explain=st.one_of(
        st.none(), st.lists(st.builds(ScorePart, TEXTS, TEXTS, st.floats(0, 9))).map(tuple)
    ),
)


@given(hit=HITS)
def test_a_hit_is_the_json_of_its_body(hit: SearchHit) -> None:
    result = SearchResult(QueryReading("店", "店", ("店",), hit.tier), 1, 1, 10, (hit, hit))
    body = json.loads(to_json(search_body(result)))
    assert body["items"] == [json.loads(to_json(hit_body(hit)))] * 2
    assert body["query"]["text"] == "店"
