"""A reader frozen in the middle of a refresh, as Lambda does it, and one whose disk is full."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fault_proxy import FaultProxy, fault_proxy
from moto_server import S3Server
from published_place import PublishedPlace
from reading_process import TIMING, reading
from thorough import some
from tiny_artifact import version_of, write_artifact


@pytest.fixture
def proxy(s3_server: S3Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultProxy]:
    with fault_proxy(s3_server.endpoint_url) as proxy:
        for name, value in {**s3_server.environment, "AWS_ENDPOINT_URL": proxy.url}.items():
            monkeypatch.setenv(name, value)
        yield proxy


def answers(process: subprocess.Popen[str]) -> Iterator[dict[str, Any]]:
    assert process.stdout is not None
    for line in process.stdout:
        yield json.loads(line)


def read_until(
    process: subprocess.Popen[str], true: Callable[[dict[str, Any]], bool]
) -> list[dict[str, Any]]:
    # A version that could not be opened in its second, on a machine that does ten things at once, is
    # tried again after pauses of five seconds and more: several of them are no failure.
    give_up_at = time.monotonic() + 120
    seen = []
    for answer in answers(process):
        seen.append(answer)
        if true(answer):
            return seen
        assert time.monotonic() < give_up_at, seen[-3:]
    raise AssertionError(f"the reader ended: {seen[-3:]}")


def test_a_reader_frozen_at_any_moment_of_a_refresh_shows_whole_versions_and_never_goes_back(
    proxy: FaultProxy, s3_place: PublishedPlace, tmp_path: Path
) -> None:
    versions: dict[int, str] = {}

    def publish(label: int) -> None:
        folder = tmp_path / "built" / str(label)
        versions[label] = write_artifact(folder, label, padding=300_000)
        s3_place.publish(folder)

    publish(1)
    with reading(s3_place.url, s3_place.cache) as process:
        seen = read_until(process, lambda answer: answer.get("label") == 1)
        for turn in range(some(4, 40)):
            label = 2 + 2 * turn
            # Slow enough that the next instant is in the middle of something.
            proxy.mode = ("drip", "hang", "pass", "drip")[turn % 4]
            publish(label)
            time.sleep(0.03 * (turn % 7))
            process.send_signal(signal.SIGSTOP)
            publish(label + 1)
            time.sleep(TIMING.open_at_most + 0.2)
            proxy.mode = "pass"
            process.send_signal(signal.SIGCONT)
            newest = label + 1
            seen += read_until(process, lambda answer, n=newest: answer.get("label") == n)  # type: ignore[misc]
    assert all(answer["version"] == versions[answer["label"]] for answer in seen)
    labels = [answer["label"] for answer in seen]
    assert labels == sorted(labels)
    generations = [answer["generation"] for answer in seen]
    assert generations == sorted(generations)


def test_a_reader_frozen_while_its_first_version_arrives_goes_on_when_it_wakes(
    proxy: FaultProxy, s3_place: PublishedPlace, tmp_path: Path
) -> None:
    version = write_artifact(tmp_path / "1", 1, padding=900_000)
    s3_place.publish(tmp_path / "1")
    for turn in range(some(4, 24)):
        cache = tmp_path / f"cache-{turn}"
        proxy.mode = ("drip", "hang", "pass", "drip")[turn % 4]
        with reading(s3_place.url, cache) as process:
            time.sleep(0.5 + 0.15 * (turn % 6))
            process.send_signal(signal.SIGSTOP)
            # Longer than anything that was on its way may take.
            time.sleep(TIMING.open_at_most + 0.2)
            proxy.mode = "pass"
            process.send_signal(signal.SIGCONT)
            seen = read_until(process, lambda answer: answer.get("label") == 1)
            # Until then nobody was told anything but that it is not there yet.
            assert {answer.get("version", version) for answer in seen} == {version}
            assert seen[-1]["reason"] is None
            whole = cache / version / "manifest.json"
            read_until(process, lambda _, path=whole: path.is_file())  # type: ignore[misc]


def test_a_reader_whose_disk_is_full_keeps_its_version_and_says_so(
    proxy: FaultProxy, s3_place: PublishedPlace, tmp_path: Path
) -> None:
    assert proxy.mode == "pass"
    write_artifact(tmp_path / "1", 1)
    write_artifact(tmp_path / "2", 2, padding=100_000)
    s3_place.publish(tmp_path / "1")
    with reading(s3_place.url, s3_place.cache, 50_000) as process:
        read_until(process, lambda answer: answer.get("label") == 1)
        s3_place.publish(tmp_path / "2")
        # On a busy machine the version may first be late: that is another reason.
        seen = read_until(process, lambda answer: answer["reason"] == "version-unusable")
        assert {answer["label"] for answer in seen} == {1}
        # Nothing is left of the attempt, and what fits is taken at once.
        second = version_of(tmp_path / "2")
        assert [path.name for path in s3_place.cache.glob(f"{second}.*")] == []
        write_artifact(tmp_path / "3", 3)
        s3_place.publish(tmp_path / "3")
        seen = read_until(process, lambda answer: answer.get("label") == 3)
        assert seen[-1]["reason"] is None
