from __future__ import annotations

from pathlib import Path

import pytest

from engine.index.hot_searches import HotSearch, HotSearches
from engine.index.snapshot import Snapshot, open_snapshot
from functions import runtime

KNOWN = HotSearches(
    1,
    1_777_777_777,
    (HotSearch("直通车 降价", 12), HotSearch("代开 发票", 9), HotSearch("京小仓", 5)),
)


class WithSearches(Snapshot):
    @property
    def hot_searches(self) -> HotSearches:
        return KNOWN


@pytest.fixture
def searched(served_index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = open_snapshot(served_index)
    snapshot = WithSearches(whole.directory, whole.manifest, whole.generated_at)
    monkeypatch.setattr(runtime, "current_snapshot", lambda: snapshot)


@pytest.mark.usefixtures("searched")
def test_hot_searches_are_ranked_and_blocked_ones_left_out(get) -> None:
    answer = get("/v1/hot-searches")
    assert answer.body["items"] == [
        {"query": "直通车 降价", "count": 12, "rank": 1},
        {"query": "京小仓", "count": 5, "rank": 2},
    ]
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert len(get("/v1/hot-searches", "size=1").body["items"]) == 1


def test_before_anyone_has_searched_the_list_is_empty(get) -> None:
    answer = get("/v1/hot-searches")
    assert (answer.status, answer.body["items"]) == (200, [])


@pytest.mark.parametrize("query", ["size=0", "size=51", "size=x", "window=day"])
def test_a_bad_size_is_refused(get, query: str) -> None:
    assert get("/v1/hot-searches", query).status == 400
