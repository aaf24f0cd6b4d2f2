"""The thread that keeps the hot lists fresh on one machine."""

from __future__ import annotations

from threading import Event

import pytest

from local.hot_refresher import refreshing


def test_it_refreshes_at_once_and_again_and_ends_with_the_block() -> None:
    called: list[int] = []
    twice = Event()

    def refresh() -> None:
        called.append(1)
        if len(called) >= 2:
            twice.set()

    with refreshing(refresh, every_seconds=0.01):
        assert twice.wait(10)
    count = len(called)
    assert not Event().wait(0.05)
    assert len(called) == count


def test_a_refresh_that_fails_is_logged_and_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    recovered = Event()
    outcomes = [OSError("the disk is full")]

    def refresh() -> None:
        if outcomes:
            raise outcomes.pop()
        recovered.set()

    with refreshing(refresh, every_seconds=0.01):
        assert recovered.wait(10)
    assert "the hot lists were not refreshed" in caplog.text
