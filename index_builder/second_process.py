"""What is worked out beside the main process?

One long piece of work that needs none of the main one's results. Invariant: the result is the same with one
job, where the work is done in place by who waits for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import TypeVar

T = TypeVar("T")


@contextmanager
def beside(jobs: int, work: Callable[..., T], *args: object) -> Iterator[Callable[[], T]]:
    """Start `work`; yield what waits for its result.

    What `work` raises is raised by the waiting. When the block is left early, what was not begun is not
    begun any more.
    """
    if jobs == 1:
        # Also the path inside Lambda, where the semaphores of a process pool do not exist.
        yield lambda: work(*args)
        return
    pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
    try:
        yield pool.submit(work, *args).result
    finally:
        pool.shutdown(cancel_futures=True)
