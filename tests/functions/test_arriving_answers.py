"""A process whose index is still arriving answers as one that has all of it, or says 503; never otherwise."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from arriving_places import BentStore, cut, fail, flip, zero
from handler_calls import Answer, event_for, invoke
from published_place import NOON, PublishedPlace
from thorough import some

from engine.index.arriving_lists import ArrivingSegment
from engine.index.cache_folder import CacheFolder
from engine.index.follower import IndexFollower
from engine.index.index_place import IndexPlace
from engine.index.manifest import read_manifest
from engine.index.opening import BLOCK_BYTES, OPENING_NAME, Opening
from engine.index.publication import publish_artifact
from engine.index.served import LiveView
from engine.index.snapshot import open_snapshot
from engine.live.overlay import LIVE_KEYS, compose
from functions import first_files, runtime, warm_snapshot
from functions.settings import Settings
from functions.warm_snapshot import RefreshTiming, WarmSnapshot

Bend = Callable[[str, Callable[[], bytes]], bytes]

UNSTABLE = ("request_id", "generated_at", "age_s", "event_token", "degraded", "index_version")
REQUESTS = [
    *(
        ("/v1/search", f"q={quote(query)}&size=5")
        for query in (
            "直通车",
            "扣费公式",
            "发货 超时",
            "zhitongche",
            "花呗分期",
            "犇犇",
            "直通車",
            "",
        )
        if query
    ),
    ("/v1/search", f"q={quote('直通车')}&explain=1&freshness=0.5"),
    ("/v1/suggest", f"q={quote('直通')}"),
    ("/v1/hot", "size=5"),
    (f"/v1/tags/{quote('直通车')}", ""),
    ("/v1/articles", "size=5"),
    ("/v1/categories", ""),
    ("/sitemap.xml", ""),
]


def ask(request: tuple[str, str]) -> Answer:
    return invoke(*event_for(*request))


def stable(body: Any) -> Any:
    if not isinstance(body, dict):
        return body
    return {name: value for name, value in body.items() if name not in UNSTABLE}


@dataclass(frozen=True)
class Site:
    """Two versions, the older first, and what each answers from a folder."""

    folders: tuple[Path, Path]
    requests: list[tuple[str, str]]
    expected: dict[str, dict[tuple[str, str], tuple[int, Any]]]

    @property
    def newest(self) -> str:
        return read_manifest(self.folders[1]).index_version

    @property
    def large_files(self) -> list[str]:
        """The files that are fetched by part."""
        files = read_manifest(self.folders[1]).files
        names = [name for name, file in files.items() if file.size > BLOCK_BYTES]
        return [name for name in names if name != OPENING_NAME]

    @property
    def related(self) -> tuple[str, str]:
        return next(request for request in self.requests if request[0].endswith("/related"))


@pytest.fixture
def site(sample_index: Path, small_index: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    table = open_snapshot(sample_index).articles
    known = [table.article_id(number) for number in (0, len(table) // 2, len(table) - 1)]
    requests = [
        *REQUESTS,
        *((f"/v1/articles/{article}/related", "size=5") for article in known),
        *((f"/v1/articles/{article}", "") for article in known),
        (f"/v1/articles/{known[1]}/blocks", ""),
    ]
    expected = {}
    for folder in (small_index, sample_index):
        monkeypatch.setattr(runtime, "warm_snapshot", WarmSnapshot(Settings(str(folder))))
        found = {request: ask(request) for request in requests}
        expected[read_manifest(folder).index_version] = {
            request: (answer.status, stable(answer.body)) for request, answer in found.items()
        }
    return Site((small_index, sample_index), requests, expected)


class Arriving:
    """Cold processes of a service whose index lies in a store that is bent."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.store = BentStore(folder / "site")
        self._folder = folder
        self._patch = monkeypatch
        self._processes = 0

    def publish(self, folder: Path) -> None:
        publish_artifact(self.store, folder, NOON)

    def start(self, *, wait_seconds: float = 30.0) -> WarmSnapshot:
        """Begin as a new process does, with an empty cache."""
        self._processes += 1
        cache = CacheFolder(self._folder / f"cache-{self._processes}")
        place = IndexPlace(self.store, self.store, cache, wait_seconds=wait_seconds)
        self._patch.setattr(warm_snapshot, "find_place", lambda *_, **__: place)
        timing = RefreshTiming(look_after=0.0, wait_at_most=0.1)
        live = LiveView(LIVE_KEYS, compose)
        warm = WarmSnapshot(Settings("s3://bucket"), live=live, timing=timing)
        self._patch.setattr(runtime, "warm_snapshot", warm)
        return warm


@pytest.fixture
def arriving(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Arriving:
    return Arriving(tmp_path, monkeypatch)


def check_every_first_answer(arriving: Arriving, site: Site) -> None:
    arriving.publish(site.folders[1])
    for request, expected in site.expected[site.newest].items():
        warm = arriving.start()
        for turn in range(2):
            answer = ask(request)
            assert (answer.status, stable(answer.body)) == expected, (request, turn)
        assert not warm.freshness().degraded


def test_the_first_answer_of_a_process_is_the_one_of_a_folder(
    arriving: Arriving, site: Site
) -> None:
    check_every_first_answer(arriving, site)


def test_over_http_too(
    s3_place: PublishedPlace, s3_environment: None, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    s3_place.publish(site.folders[1])
    timing = RefreshTiming(look_at_most=30, call_at_most=30, parts_at_most=60)
    for turn, request in enumerate(site.requests[:: some(5, 1)]):
        settings = Settings(s3_place.url, s3_place.cache / str(turn))
        monkeypatch.setattr(runtime, "warm_snapshot", WarmSnapshot(settings, timing=timing))
        answer = ask(request)
        assert (answer.status, stable(answer.body)) == site.expected[site.newest][request], request


def test_a_first_answer_reads_a_part_of_the_index(arriving: Arriving, site: Site) -> None:
    arriving.publish(site.folders[1])
    files = read_manifest(site.folders[1]).files
    every = sum(-(-files[name].size // BLOCK_BYTES) for name in site.large_files)
    lexicon = sum(-(-files[name].size // BLOCK_BYTES) for name in first_files.LEXICON_FILES)
    for request, most in ((site.related, (every - lexicon) // 4), (REQUESTS[0], every - 3)):
        arriving.store.ranges.clear()
        arriving.start()
        assert ask(request).status == 200
        # Of a sample as small as this, hardly anything is larger than a block but for the lexicon.
        assert arriving.store.blocks < most, request


def test_what_a_first_answer_reads_whole_is_asked_for_at_the_same_time(
    arriving: Arriving, sample_index: Path
) -> None:
    arriving.publish(sample_index)
    files = read_manifest(sample_index).files
    for name in (*first_files.SEARCH_FILES, *first_files.RELATED_FILES, *first_files.HOT_FILES):
        assert name in files, name
    waiting, most, now = threading.Lock(), 0, 0

    def count(_name: str, read: Callable[[], bytes]) -> bytes:
        nonlocal most, now
        with waiting:
            now += 1
            most = max(most, now)
        time.sleep(0.05)
        with waiting:
            now -= 1
        return read()

    arriving.store.bend = count
    arriving.start()
    assert ask(REQUESTS[0]).status == 200
    assert most >= len(first_files.LEXICON_FILES)


def test_an_index_is_opened_early_where_its_handler_is_known(
    arriving: Arriving, sample_index: Path
) -> None:
    arriving.publish(sample_index)
    warm = arriving.start()
    warm.open_early(first_files.SEARCH_FILES)
    give_up_at = time.monotonic() + 20
    while len(arriving.store.ranges) < len(first_files.LEXICON_FILES):
        assert time.monotonic() < give_up_at
        time.sleep(0.01)
    assert ask(REQUESTS[0]).status == 200
    names = [name for name, _, _ in arriving.store.ranges]
    assert all(names.count(name) <= 1 for name in first_files.LEXICON_FILES)


def test_an_early_failure_is_left_to_the_first_request(arriving: Arriving) -> None:
    arriving.start().open_early(first_files.SEARCH_FILES)
    time.sleep(0.05)
    assert ask(REQUESTS[0]).status == 503


def bent(wanted: str, bend: Bend, key: str, read: Callable[[], bytes]) -> bytes:
    return bend(key, read) if re.fullmatch(wanted, key) else read()


def check_late_faults(arriving: Arriving, site: Site, bend: Bend, names: Sequence[str]) -> int:
    """Bend each of these files of the newest version in turn; return how many requests got no answer."""
    refused = 0
    request = REQUESTS[0]  # it needs texts, lexicon and lists
    for name in names:
        arriving.start(wait_seconds=5.0)
        arriving.store.bend = partial(
            bent, f"versions/{site.newest}/[0-9]+/{re.escape(name)}", bend
        )
        answers = []
        for _ in range(4):
            answers.append(ask(request))
            if answers[-1].status == 503:
                assert answers[-1].headers["Retry-After"]
                continue
            found = answers[-1].status, stable(answers[-1].body)
            version = answers[-1].body["index_version"]
            assert found == site.expected[version][request], name
        refused += sum(answer.status == 503 for answer in answers)
        # Whoever asks next gets the version before.
        assert answers[-1].status != 503, name
    return refused


@pytest.mark.parametrize("bend", [flip, cut, zero, fail])
def test_a_fault_in_any_file_after_the_opening_costs_one_503_and_no_wrong_answer(
    arriving: Arriving, site: Site, bend: Bend
) -> None:
    for folder in site.folders:
        arriving.publish(folder)
    large = site.large_files[:: some(2, 1)]
    assert 2 <= check_late_faults(arriving, site, bend, large) <= len(large)


# Planted defects.


def test_lists_that_are_read_before_they_came_are_caught(
    arriving: Arriving, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ArrivingSegment, "need", lambda *_: None)
    with pytest.raises(AssertionError):
        check_every_first_answer(arriving, site)


def test_parts_that_nobody_compares_are_caught(
    arriving: Arriving, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Opening, "require_blocks", lambda *_: None)
    with pytest.raises(Exception):  # noqa: B017, PT011 - a wrong answer, or a crash on nonsense
        test_a_fault_in_any_file_after_the_opening_costs_one_503_and_no_wrong_answer(
            arriving, site, zero
        )


def test_a_process_that_does_not_leave_a_damaged_version_is_caught(
    arriving: Arriving, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(IndexFollower, "leave", lambda _self, lost: lost)
    with pytest.raises(AssertionError):
        test_a_fault_in_any_file_after_the_opening_costs_one_503_and_no_wrong_answer(
            arriving, site, flip
        )
