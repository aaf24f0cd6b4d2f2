"""Work beside the main process: elsewhere when there may be two, in place when there may be one."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import scipy.sparse as sp

from index_builder.second_process import second_process


def test_two_jobs_work_in_another_process() -> None:
    with second_process(2, "colorsys") as beside:
        assert beside.start(os.getpid)() != os.getpid()


def test_one_job_works_in_place_and_only_when_waited_for() -> None:
    done: list[int] = []
    with second_process(1, "colorsys") as beside:
        wait = beside.start(done.append, 1)
        assert done == []
        wait()
    assert done == [1]


def doubled(numbers: npt.NDArray[np.int32], matrix: sp.csr_matrix, text: str) -> Any:
    numbers *= 2  # what arrives may be written to, and is nobody else's
    return numbers, matrix.toarray(), text


@pytest.mark.parametrize("count", [0, 1, 1_000_003])
def test_arrays_arrive_whole_and_are_not_shared(count: int) -> None:
    numbers = np.arange(count, dtype=np.int32)
    matrix = sp.csr_matrix(np.eye(3, dtype=np.float32))
    with second_process(2, "colorsys") as beside:
        twice, dense, text = beside.start(doubled, numbers, matrix, "直通车")()
    assert np.array_equal(twice, np.arange(count) * 2)
    assert np.array_equal(numbers, np.arange(count))
    assert (dense == np.eye(3)).all()
    assert text == "直通车"


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with second_process(2, "colorsys") as beside:
        # The one is done, the other never waited for.
        beside.start(doubled, np.arange(9, dtype=np.int32), sp.csr_matrix((1, 1)), "")()
        beside.start(doubled, np.arange(9, dtype=np.int32), sp.csr_matrix((1, 1)), "")
    assert list(tmp_path.iterdir()) == []


def has_imported(name: str) -> bool:
    return name in sys.modules


def test_other_process_has_imported_the_room_before_any_work() -> None:
    with second_process(2, "colorsys") as beside:
        assert beside.start(has_imported, "colorsys")()


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_the_work_raises_is_raised_by_who_waits(jobs: int) -> None:
    with second_process(jobs, "colorsys") as beside:
        wait = beside.start(int, "直通车")
        with pytest.raises(ValueError, match="直通车"):
            wait()
