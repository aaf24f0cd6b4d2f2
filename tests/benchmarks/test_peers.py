"""One contract for every engine that is compared, ours included."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from benchmarks.comparison.documents import read_build_input
from benchmarks.peers.protocol import PEERS, Peer, make_peer

FOUND = [
    # What no other article of the sample is about: every engine has it among its first three.
    ("极限词替换对照表", "58"),
    ("电子面单账户余额", "48"),
    ("京东快车关键词出价", "12"),
]


@pytest.fixture(params=[name for name in PEERS if not name.startswith("wenmai")])
def peer(request: pytest.FixtureRequest, prepared: Path, tmp_path: Path) -> Peer:
    package = PEERS[request.param].requires
    if package is not None and find_spec(package) is None:
        pytest.skip(f"{package} is not installed here; requirements/bench.txt has it (make bench)")
    given = read_build_input(prepared)
    assert make_peer(request.param).build(given, tmp_path) is None
    opened = make_peer(request.param)
    assert opened.index_bytes(tmp_path).search > 10_000
    opened.open(tmp_path)
    return opened


def test_a_peer_finds_what_only_one_article_is_about(peer: Peer) -> None:
    for query, article_id in FOUND:
        assert article_id in peer.search(query, 10)[:3], query


def test_a_peer_takes_whatever_people_type(peer: Peer) -> None:
    for query in ["!!!", '"', "a\\b", "AND OR NOT", "-店铺", "title:店铺", "店铺*", "(", "'; --"]:
        assert len(peer.search(query, 10)) <= 10, query
    assert peer.search("!!!", 10) == []
    assert peer.search("鹩哥虢氍", 10) == []


def test_a_peer_returns_as_many_as_were_asked_for(peer: Peer) -> None:
    assert len(peer.search("淘宝店铺流量怎么提升", 3)) == 3


def test_our_engine_and_our_handler_answer_alike(
    built_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from functions import runtime  # noqa: PLC0415 - reads the environment when it is imported

    # The handler's peer exchanges it for its process; this process goes on.
    monkeypatch.setattr(runtime, "warm_snapshot", runtime.warm_snapshot)
    engine, handler = make_peer("wenmai"), make_peer("wenmai-handler")
    engine.open(built_index)
    handler.open(built_index)
    for query, article_id in FOUND:
        assert article_id in engine.search(query, 10)[:3]
        assert article_id in handler.search(query, 10)[:3]
    size = engine.index_bytes(built_index)
    assert min(size.search, size.texts, size.other) > 10_000
    files = (path for path in (built_index / "index").iterdir() if path.name != "manifest.json")
    assert size.search + size.texts + size.other == sum(path.stat().st_size for path in files)
