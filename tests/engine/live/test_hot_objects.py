"""The two hot objects: what was written comes back, and nothing malformed gets in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from engine.errors import ArtifactDamagedError
from engine.index.hot_searches import HotSearch, HotSearches
from engine.live.hot_list import HOT_LIST, HotEvidence
from engine.live.hot_searches import HOT_SEARCHES
from engine.live.live_object import LiveObject

EVIDENCE = HotEvidence(7, 1_700_000_000, {"41": (20_001.5, 2_860.0, 670.25, 5.0)})
SEARCHES = HotSearches(2, 1_700_000_000, (HotSearch("直通车", 12), HotSearch("ztc", 3)))


def test_what_was_written_comes_back() -> None:
    assert HOT_LIST.decode(HOT_LIST.encode(EVIDENCE)) == EVIDENCE
    assert HOT_SEARCHES.decode(HOT_SEARCHES.encode(SEARCHES)) == SEARCHES
    assert HOT_LIST.decode(HOT_LIST.encode(HotEvidence())) == HotEvidence()


def refuse(live_object: LiveObject[Any], content: Any) -> None:
    # Sealed as if it had been written on purpose: the shape itself must be refused.
    sealed = replace(live_object, to_json=lambda _: content).encode(live_object.empty)
    with pytest.raises(ArtifactDamagedError):
        live_object.decode(sealed)


@pytest.mark.parametrize(
    "change",
    [
        {"scores": {"41": [1.0, 2.0, 3.0]}},
        {"scores": {"41": [1.0, 2.0, 3.0, "4"]}},
        {"scores": {"41": [1.0, 2.0, 3.0, True]}},
        {"scores": {"41": [1.0, 2.0, 3.0, 1e300]}},
        {"scores": {"41": 5}},
        {"scores": ["41"]},
        {"windows": ["day", "week"]},
        {"generation": -1},
        {"generation": 1.5},
        {"counted_at_seconds": None},
    ],
)
def test_a_malformed_hot_list_is_refused(change: dict[str, Any]) -> None:
    content = HOT_LIST.to_json(EVIDENCE)
    refuse(HOT_LIST, {**content, **change})
    refuse(HOT_LIST, {key: value for key, value in content.items() if key not in change})


@pytest.mark.parametrize(
    "change",
    [
        {"searches": [["直通车"]]},
        {"searches": [["直通车", -1]]},
        {"searches": [["直通车", "3"]]},
        {"searches": [["", 3]]},
        {"searches": [["车" * 201, 3]]},
        {"searches": [[3, 3]]},
        {"searches": [["车", 3]] * 501},
        {"generation": "1"},
    ],
)
def test_malformed_hot_searches_are_refused(change: dict[str, Any]) -> None:
    refuse(HOT_SEARCHES, {**HOT_SEARCHES.to_json(SEARCHES), **change})
    refuse(HOT_SEARCHES, None)
