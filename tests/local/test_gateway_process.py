"""The gateway as a process of its own: that it answers, what it loads and what it prints."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from published_place import PublishedPlace

# A shell that runs the tests in the background lets them, and so the gateway, ignore interrupts.
SERVE = """
import json, signal, sys
from local.gateway import serve
signal.signal(signal.SIGINT, signal.default_int_handler)
unwanted = ("sklearn", "scipy", "pypinyin", "opencc", "boto3", "index_builder")
serve(sys.argv[1], port=0, on_ready=lambda url: print(
    json.dumps([url, [name for name in unwanted if name in sys.modules]]), flush=True))
"""


def started(index: str) -> Iterator[tuple[subprocess.Popen[str], str, list[str]]]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("WENMAI_")}
    with subprocess.Popen(
        [sys.executable, "-c", SERVE, index],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    ) as process:
        assert process.stdout is not None
        try:
            url, loaded = json.loads(process.stdout.readline())
            yield process, url, loaded
        finally:
            # Also where a test failed: leaving the block waits for the process.
            process.kill()


@pytest.fixture(scope="module")
def gateway(sample_index: Path) -> Iterator[tuple[subprocess.Popen[str], str, list[str]]]:
    yield from started(str(sample_index))


def test_nothing_of_the_offline_side_is_loaded(gateway) -> None:
    assert gateway[2] == []


def test_it_answers_the_moment_it_says_that_it_is_ready(sample_index: Path) -> None:
    for _, url, _ in started(str(sample_index)):
        with urlopen(f"{url}/v1/status") as response:  # noqa: S310 - http on this machine
            assert response.status == 200


def test_it_prints_nothing_while_it_answers_and_leaves_on_interrupt(sample_index: Path) -> None:
    for process, url, _ in started(str(sample_index)):
        for path in ("/v1/status", "/v1/search?q=a", "/v1/hot"):
            urlopen(url + path).close()  # noqa: S310
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        assert (out, err) == ("", "")
        assert process.returncode == 0


def test_it_runs_without_an_index_and_says_so(tmp_path: Path) -> None:
    for _, url, _ in started(str(tmp_path / "nothing")):
        with pytest.raises(HTTPError) as caught:
            urlopen(f"{url}/v1/status")  # noqa: S310
        with caught.value as response:
            assert response.status == 503
            assert response.headers["Retry-After"] == "5"
            assert json.loads(response.read())["status"] == 503


def test_a_published_index_is_followed_while_it_is_served(
    sample_index: Path, small_index: Path, local_place: PublishedPlace
) -> None:
    def status(url: str) -> dict[str, object]:
        with urlopen(f"{url}/v1/status") as response:  # noqa: S310
            found: dict[str, object] = json.loads(response.read())
            return found

    local_place.publish(sample_index)
    for _, url, _ in started(local_place.url):
        assert (status(url)["generation"], status(url)["documents"]) == (1, 126)
        local_place.publish(small_index)
        give_up_at = time.monotonic() + 30
        # The pointer is followed at once, the version when it is open.
        while status(url)["documents"] != 40:
            assert time.monotonic() < give_up_at
            time.sleep(0.1)
        assert (status(url)["generation"], status(url)["degraded"]) == (2, False)
