"""The calls for some blocks cover these blocks, each once, and nothing else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.index.block_runs import LONGEST_RUN_BLOCKS, calls_for
from engine.index.opening import BLOCK_BYTES


@given(blocks=st.sets(st.integers(0, 700)), long=st.integers(0, 400))
def test_every_block_is_in_one_run(blocks: set[int], long: int) -> None:
    wanted = sorted(blocks | set(range(1_000, 1_000 + long)))
    calls = list(calls_for("texts.bin", wanted))
    assert sorted(block for call in calls for _, block in call.blocks) == wanted
    assert all(count <= LONGEST_RUN_BLOCKS for call in calls for _, count in call.runs)
    # Neighbours are one run, unless it would be too long.
    for call in calls:
        for (first, count), (following, _) in zip(call.runs, call.runs[1:], strict=False):
            assert first + count < following


def test_the_last_run_ends_with_the_file() -> None:
    (call,) = calls_for("texts.bin", [0, 2])
    assert call.ranges(2 * BLOCK_BYTES + 5) == [(0, BLOCK_BYTES), (2 * BLOCK_BYTES, 5)]
