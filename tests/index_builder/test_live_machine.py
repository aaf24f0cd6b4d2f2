"""Puts, deletions, takedowns, rebuilds and rollbacks in any order: readers see what the model says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import live_machine
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from live_machine import LiveMachine
from thorough import THOROUGH, some

from engine.live.changes import LiveChanges
from engine.live.live_snapshot import LiveState, articles_put, changed_ids
from index_builder import rebuild as rebuild_module

SETTINGS = settings(
    max_examples=some(25, 500),
    stateful_step_count=some(25, 60),
    deadline=None,
    derandomize=not THOROUGH,
    suppress_health_check=list(HealthCheck),
)


def test_readers_see_every_change_whatever_happens_in_which_order() -> None:
    run_state_machine_as_test(LiveMachine, settings=SETTINGS)


def forget_all_that_is_there(machine: pytest.MonkeyPatch) -> None:
    machine.setattr(LiveChanges, "reached_by", lambda self, _folded: self.sequence)


def hide_no_deletion_that_is_folded(machine: pytest.MonkeyPatch) -> None:
    def not_in(self: LiveChanges, folded: Any) -> Any:
        reached = self.reached_by(folded)
        return {key: found for key, found in self.by_id.items() if found.sequence > reached}

    machine.setattr(LiveChanges, "not_in", not_in)
    machine.setattr(
        LiveChanges,
        "deleted",
        property(lambda _self: frozenset()),
    )


def show_what_was_taken_down(machine: pytest.MonkeyPatch) -> None:
    for name, real in (("changed_ids", changed_ids), ("articles_put", articles_put)):

        def forgetful(base: Any, state: LiveState, *more: Any, real: Any = real) -> Any:
            return real(base, LiveState(state.changes), *more)

        machine.setattr(live_machine, name, forgetful)


def need_nothing_again(machine: pytest.MonkeyPatch) -> None:
    forget = rebuild_module.forget_folded
    machine.setattr(
        rebuild_module, "forget_folded", lambda store, pointer, _needed: forget(store, pointer, ())
    )


@pytest.mark.parametrize(
    "plant",
    [
        forget_all_that_is_there,
        hide_no_deletion_that_is_folded,
        show_what_was_taken_down,
        need_nothing_again,
    ],
)
def test_planted_defect_is_found(
    plant: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(monkeypatch)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(
            # The first sequence that shows the defect will do: no shorter one is sought.
            LiveMachine,
            settings=settings(SETTINGS, max_examples=500, phases=[Phase.generate]),
        )
