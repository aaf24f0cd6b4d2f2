"""A store that fails in every way networks know, seen from the service that reads it.

A proxy on a real socket stands between the reader and moto, which stands in for S3.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fault_proxy import MODES, FaultProxy, fault_proxy
from handler_calls import event_for, invoke
from moto_server import S3Server
from published_place import PublishedPlace
from thorough import some
from tiny_artifact import label_of, write_artifact

from engine.errors import StoreError
from engine.index import fetch
from engine.index.pointer import PublishedVersion
from engine.index.pointer_store import read_pointer
from engine.store.s3 import S3Store
from functions import runtime
from functions.settings import Settings
from functions.warm_snapshot import RefreshTiming, WarmSnapshot

FAULTS = tuple(mode for mode in MODES if mode != "pass")
QUICK = RefreshTiming(
    look_after=0.0,
    wait_after=0.3,
    wait_at_most=0.3,
    patient_at_most=0.5,
    look_at_most=0.3,
    call_at_most=0.5,
    open_at_most=1.5,
)
"""The deadlines of the service, a few times shorter, so that the suite need not wait for them."""

TOLERANCE_SECONDS = 1.0


@pytest.fixture
def proxy(s3_server: S3Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultProxy]:
    with fault_proxy(s3_server.endpoint_url) as proxy:
        for name, value in {**s3_server.environment, "AWS_ENDPOINT_URL": proxy.url}.items():
            monkeypatch.setenv(name, value)
        yield proxy


@pytest.fixture
def built(tmp_path: Path) -> Callable[[int], Path]:
    def make(label: int) -> Path:
        folder = tmp_path / "built" / str(label)
        if not folder.exists():
            write_artifact(folder, label)
        return folder

    return make


def within(seconds: float, action: Callable[[], object]) -> object:
    begun = time.monotonic()
    try:
        return action()
    finally:
        took = time.monotonic() - begun
        assert took < seconds + TOLERANCE_SECONDS, f"took {took:.2f} s, {seconds} were allowed"


def nothing_unfinished(cache: Path) -> bool:
    gc.collect()  # a snapshot that nobody uses takes the folder along in which it arrived
    return all("." not in path.name for path in cache.glob("[0-9a-f]*"))


def wait_for(true: Callable[[], bool]) -> None:
    give_up_at = time.monotonic() + 20
    while not true():
        assert time.monotonic() < give_up_at, "it never came true"
        time.sleep(0.01)


@pytest.mark.parametrize("mode", FAULTS)
def test_a_warm_service_answers_on_and_says_that_it_may_be_behind(
    proxy: FaultProxy, s3_place: PublishedPlace, built: Callable[[int], Path], mode: str
) -> None:
    s3_place.publish(built(1))
    warm = WarmSnapshot(Settings(s3_place.url, s3_place.cache), timing=QUICK)
    assert label_of(warm.current()) == 1
    proxy.mode = mode
    s3_place.publish(built(2))

    def asked_on_and_on() -> bool:
        assert label_of(within(QUICK.wait_at_most, warm.current)) == 1  # type: ignore[arg-type]
        return warm.freshness().degraded

    wait_for(asked_on_and_on)
    assert warm.freshness().reason == "store-unavailable"
    proxy.mode = "pass"
    wait_for(lambda: label_of(warm.current()) == 2)
    wait_for(lambda: not warm.freshness().degraded)


@pytest.mark.parametrize("mode", FAULTS)
def test_a_cold_service_says_503_and_when_to_come_back_within_its_deadline(
    proxy: FaultProxy,
    s3_place: PublishedPlace,
    built: Callable[[int], Path],
    mode: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    s3_place.publish(built(1))
    warm = WarmSnapshot(Settings(s3_place.url, s3_place.cache), timing=QUICK)
    monkeypatch.setattr(runtime, "warm_snapshot", warm)
    proxy.mode = mode
    answer = within(QUICK.open_at_most, lambda: invoke(*event_for("/v1/status")))
    assert answer.status == 503  # type: ignore[attr-defined]
    assert answer.headers["Retry-After"] == "5"  # type: ignore[attr-defined]
    proxy.mode = "pass"
    assert label_of(warm.current()) == 1


@pytest.mark.parametrize("mode", FAULTS)
def test_a_fault_in_the_middle_of_a_fetch_leaves_no_part_of_it(
    proxy: FaultProxy, s3_place: PublishedPlace, tmp_path: Path, mode: str
) -> None:
    # Large enough that the fault strikes between the first byte and the last.
    big = tmp_path / "big"
    write_artifact(big, 2, padding=2_000_000)
    small = tmp_path / "small"
    write_artifact(small, 1)
    s3_place.publish(small)
    warm = WarmSnapshot(Settings(s3_place.url, s3_place.cache), timing=QUICK)
    assert label_of(warm.current()) == 1
    s3_place.publish(big)
    for _ in range(some(1, 8)):
        warm.current()
        time.sleep(0.02)
        proxy.mode = mode
        wait_for(lambda: warm.freshness().degraded)
        assert label_of(warm.current()) in {1, 2}
    proxy.mode = "pass"
    # A failed opening is tried again after five seconds; a person would not wait in a test.
    follower = warm._follower
    assert follower is not None
    follower._opener.failure = None
    wait_for(lambda: label_of(warm.current()) == 2)
    folders = [path for path in s3_place.cache.iterdir() if path.is_dir()]
    wait_for(lambda: nothing_unfinished(s3_place.cache))
    assert folders


def test_a_fetch_has_a_deadline_of_its_own_beyond_that_of_each_call(
    s3_place: PublishedPlace, built: Callable[[int], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    slow_files(monkeypatch)
    s3_place.publish(built(1))
    place = s3_place.for_readers()
    entry = newest(s3_place)
    begun = time.monotonic()
    with pytest.raises(StoreError, match=r"longer than 0\.5 s|was given 0\.5 s"):
        place.open(entry, fetch.Deadline(0.5))
    assert time.monotonic() - begun < 1.0 + TOLERANCE_SECONDS


def test_a_fetch_without_a_deadline_of_its_own_is_caught(
    s3_place: PublishedPlace, built: Callable[[int], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    slow_files(monkeypatch)
    s3_place.publish(built(1))
    place, entry = s3_place.for_readers(), newest(s3_place)
    monkeypatch.setattr(fetch.Deadline, "remaining_seconds", property(lambda _: 1_000.0))
    with pytest.raises(pytest.fail.Exception), pytest.raises(StoreError):
        place.open(entry, fetch.Deadline(0.5))


def slow_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every range take a third of a second, one after the other."""
    real = S3Store.get_range

    def slowly(self: S3Store, key: str, start: int, length: int) -> bytes:
        time.sleep(0.3)
        return real(self, key, start, length)

    monkeypatch.setattr(S3Store, "get_range", slowly)
    monkeypatch.setattr(fetch, "PARALLEL_READS", 1)


def newest(place: PublishedPlace) -> PublishedVersion:
    seen = read_pointer(place.open())
    assert seen is not None
    return seen.pointer.current
