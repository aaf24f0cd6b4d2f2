"""While versions come and go, every answer is wholly one version's, and none fails."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from handler_calls import event_for, invoke
from published_place import PublishedPlace
from thorough import some

from engine.index.snapshot import Snapshot, open_snapshot
from engine.search.requests import SearchRequest
from engine.search.searcher import search
from functions import runtime
from functions import search as search_routes
from functions.settings import Settings
from functions.warm_snapshot import RefreshTiming, WarmSnapshot

Answers = dict[str, dict[tuple[str, str], Any]]

UNSTABLE = ("request_id", "generated_at", "age_s")
QUERIES = ("直通车", "扣费公式", "发货 超时", "zhitongche", "花呗分期", "犇犇")
REQUESTS = [
    *(("/v1/search", f"q={quote(query)}&size=5") for query in QUERIES),
    ("/v1/suggest", f"q={quote('直通')}"),
    ("/v1/hot", "size=5"),
    (f"/v1/tags/{quote('直通车')}", ""),
]


def ask(request: tuple[str, str]) -> Any:
    answer = invoke(*event_for(*request))
    assert answer.status == 200, answer.body
    return answer.body


def stable(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name not in UNSTABLE}


@pytest.fixture
def expected(sample_index: Path, small_index: Path, monkeypatch: pytest.MonkeyPatch) -> Answers:
    """What each of the two versions answers when nothing else is going on."""
    answers: Answers = {}
    for folder in (sample_index, small_index):
        monkeypatch.setattr(runtime, "warm_snapshot", WarmSnapshot(Settings(str(folder))))
        version = open_snapshot(folder).version
        answers[version] = {request: stable(ask(request)) for request in REQUESTS}
    return answers


def check_answer(expected: Answers, request: tuple[str, str], body: dict[str, Any]) -> str:
    """Raise `AssertionError` unless this is, as a whole, the answer of the version that it names."""
    version = str(body["index_version"])
    assert stable(body) == expected[version][request], f"a wrong or mixed answer to {request}"
    return version


def swap_under_load(
    place: PublishedPlace, folders: list[Path], expected: Answers, swaps: int
) -> set[str]:
    """Ask without a pause from two threads while versions are swapped; return those that answered."""
    place.publish(folders[0])
    # moto shares this process with threads that hardly rest: its answers may take a while.
    timing = RefreshTiming(look_after=0.0, look_at_most=30.0, call_at_most=30.0, open_at_most=60.0)
    settings = Settings(place.url, place.cache)
    warm = WarmSnapshot(settings, timing=timing, prepare=Snapshot.open_parts)
    warm.current()
    hits = {
        open_snapshot(folder).version: {
            query: search(open_snapshot(folder), SearchRequest(query)).hits for query in QUERIES
        }
        for folder in folders
    }
    stop, failures, answered = threading.Event(), [], set()

    def ask_on_and_on(once: Callable[[int], str]) -> Callable[[], None]:
        def run() -> None:
            turn = 0
            while not stop.is_set():
                turn += 1
                time.sleep(0.001)  # or nobody else in this process gets to do anything
                try:
                    answered.add(once(turn))
                except Exception as error:  # noqa: BLE001 - every kind of failure counts
                    failures.append(error)
                    return

        return run

    def over_http(turn: int) -> str:
        request = REQUESTS[turn % len(REQUESTS)]
        return check_answer(expected, request, ask(request))

    def in_the_engine(turn: int) -> str:
        query, snapshot = QUERIES[turn % len(QUERIES)], warm.current()
        assert search(snapshot, SearchRequest(query)).hits == hits[snapshot.version][query]
        return snapshot.version

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runtime, "warm_snapshot", warm)
        threads = [
            threading.Thread(target=ask_on_and_on(once)) for once in (over_http, in_the_engine)
        ]
        for thread in threads:
            thread.start()
        for turn in range(swaps):
            place.publish(folders[(turn + 1) % 2])
            warm.refresh()
        stop.set()
        for thread in threads:
            thread.join()
    assert failures == []
    return answered


def test_fifty_swaps_and_not_one_wrong_mixed_or_failed_answer(
    local_place: PublishedPlace, sample_index: Path, small_index: Path, expected: Answers
) -> None:
    answered = swap_under_load(local_place, [sample_index, small_index], expected, some(50, 2_000))
    assert answered == set(expected)


def test_swaps_of_fetched_versions_are_as_clean(
    s3_place: PublishedPlace,
    s3_environment: None,
    sample_index: Path,
    small_index: Path,
    expected: Answers,
) -> None:
    answered = swap_under_load(s3_place, [sample_index, small_index], expected, some(4, 50))
    assert answered == set(expected)


def swap_within_a_request(
    place: PublishedPlace,
    folders: list[Path],
    expected: Answers,
    monkeypatch: pytest.MonkeyPatch,
    warm: WarmSnapshot,
) -> None:
    """Let the version change after the engine has answered and before the answer is sent."""
    place.publish(folders[0])
    monkeypatch.setattr(runtime, "warm_snapshot", warm)
    old = warm.current().version
    real = search_routes.search_body

    def swap_and_go_on(result: Any) -> Any:
        place.publish(folders[1])
        warm.refresh()
        return real(result)

    monkeypatch.setattr(search_routes, "search_body", swap_and_go_on)
    assert check_answer(expected, REQUESTS[0], ask(REQUESTS[0])) == old
    assert warm.current().version != old


def test_a_request_uses_one_snapshot_from_start_to_end(
    local_place: PublishedPlace,
    sample_index: Path,
    small_index: Path,
    expected: Answers,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    warm = WarmSnapshot(Settings(local_place.url))
    folders = [sample_index, small_index]
    swap_within_a_request(local_place, folders, expected, monkeypatch, warm)


class SwapsInPlace(WarmSnapshot):
    """The planted defect: one snapshot for ever, whose parts are exchanged."""

    _shared: Snapshot | None = None

    def current(self, files: Sequence[str] = ()) -> Snapshot:
        newest = super().current(files)
        if self._shared is None:
            self._shared = Snapshot.__new__(Snapshot)
        self._shared.__dict__.clear()
        self._shared.__dict__.update(newest.__dict__)
        return self._shared

    def refresh(self) -> None:
        super().refresh()
        self.current()


def test_a_reader_that_exchanges_parts_in_place_is_caught(
    local_place: PublishedPlace,
    sample_index: Path,
    small_index: Path,
    expected: Answers,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    warm = SwapsInPlace(Settings(local_place.url))
    with pytest.raises(AssertionError, match="a wrong or mixed answer"):
        swap_within_a_request(local_place, [sample_index, small_index], expected, monkeypatch, warm)
