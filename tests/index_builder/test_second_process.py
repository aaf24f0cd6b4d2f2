"""Work beside the main process: the same result and the same errors as in place."""

from __future__ import annotations

import os

import pytest

from index_builder.second_process import beside


def test_the_work_is_done_in_a_process_of_its_own() -> None:
    with beside(2, os.getpid) as wait:
        assert wait() != os.getpid()


def test_with_one_job_it_is_done_in_place() -> None:
    with beside(1, os.getpid) as wait:
        assert wait() == os.getpid()


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_error_comes_out_where_the_result_is_waited_for(jobs: int) -> None:
    with beside(jobs, int, "直通车") as wait, pytest.raises(ValueError, match="直通车"):
        wait()
