"""The state machine of publication holds, and finds each defect that is planted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from publication_machine import PublicationMachine, remove_builds
from thorough import some

from engine.errors import WenmaiError
from engine.index import pointer, pointer_moves, publication, retention, rollback
from engine.index.follower import IndexFollower


@pytest.fixture(scope="module", autouse=True)
def _builds() -> Iterator[None]:
    yield
    remove_builds()


HOLDS = settings(
    max_examples=some(25, 2_000),
    stateful_step_count=some(40, 80),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
FINDS = settings(
    HOLDS,
    max_examples=300,
    # The defect need be found, not explained; and found in every run.
    phases=[Phase.generate],
    derandomize=True,
    database=None,
    report_multiple_bugs=False,
    print_blob=False,
)


def test_publication_rollback_retention_and_readers_agree_with_the_model() -> None:
    run_state_machine_as_test(PublicationMachine, settings=HOLDS)


def must_find_it() -> None:
    with pytest.raises(Exception) as caught:  # noqa: PT011 - whatever the defect leads to
        run_state_machine_as_test(PublicationMachine, settings=FINDS)
    assert not isinstance(caught.value, pytest.fail.Exception)


def test_naming_folders_by_content_alone_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    # The plan's first layout: a sweep that slept deletes what somebody published again meanwhile.
    by_content = property(lambda entry: f"versions/{entry.version}/1/")
    monkeypatch.setattr(pointer.PublishedVersion, "prefix", by_content)
    monkeypatch.setattr(pointer.RetiredVersion, "prefix", by_content)
    must_find_it()


def test_a_rollback_that_forgets_what_was_rejected_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = pointer_moves.after_rolling_back

    def forgets(*arguments):  # type: ignore[no-untyped-def]
        moved = real(*arguments)
        kept = tuple(replace(entry, rolled_back=False) for entry in moved.previous)
        return replace(moved, previous=kept)

    monkeypatch.setattr(rollback, "after_rolling_back", forgets)
    must_find_it()


def test_a_publication_that_keeps_too_little_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    real = publication.after_publishing
    monkeypatch.setattr(
        publication,
        "after_publishing",
        lambda before, new, keep, *more: real(before, new, max(keep - 1, 1), *more),
    )
    must_find_it()


# What random walks meet only once in thousands of steps is walked straight to.


def a_slow_reader_while_versions_are_dropped(machine: PublicationMachine) -> None:
    fetch = machine.a_slow_reader_reads_the_pointer()
    for label in (2, 3, 4):
        machine.publish(label, 2, 0)
    machine.a_slow_reader_fetches(fetch, 0)


def a_mapped_version_that_was_dropped_long_ago(machine: PublicationMachine) -> None:
    reader = machine.reader_starts()
    for label in (2, 3, 4, 5):
        machine.publish(label, 2, 0)
        machine.time_passes(30.0)
    machine.reader_answers(reader)


def a_reader_that_looks_after_a_move(machine: PublicationMachine) -> None:
    reader = machine.reader_starts()
    machine.publish(2, 3, 0)
    machine.reader_looks(reader)
    machine.go_back(0)
    machine.reader_looks(reader)


def no_grace(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(retention, "_is_due", lambda *_: True)


def no_leases(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(PublicationMachine, "unheld", lambda *_: nullcontext(enter_result=True))


def no_looks(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(IndexFollower, "check", lambda *_, **__: None)


@pytest.mark.parametrize(
    ("walk", "defect"),
    [
        (a_slow_reader_while_versions_are_dropped, no_grace),
        (a_mapped_version_that_was_dropped_long_ago, no_leases),
        (a_reader_that_looks_after_a_move, no_looks),
    ],
)
def test_a_walk_holds_and_finds_its_defect(
    walk: Callable[[PublicationMachine], None],
    defect: Callable[[pytest.MonkeyPatch], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def walk_once() -> None:
        machine = PublicationMachine()
        try:
            machine.first_publication(1)
            walk(machine)
        finally:
            machine.teardown()

    walk_once()
    defect(monkeypatch)
    with pytest.raises((AssertionError, WenmaiError, OSError)):
        walk_once()
