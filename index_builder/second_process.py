"""What is worked out beside the main process?

One process that is begun early, so that it has imported what it needs when the long work comes. Invariant: the
result is the same with one job, where the work is done in place by who waits for it.
"""

from __future__ import annotations

import gc
import mmap
import pickle
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")


class SecondProcess:
    """Does one piece of work after the other; without a pool, when it is waited for."""

    def __init__(self, pool: ProcessPoolExecutor | None, folder: Path) -> None:
        self._pool = pool
        self._folder = folder

    def start(self, work: Callable[..., T], *args: Any) -> Callable[[], T]:
        """Start `work`; return what waits for its result, and raises what `work` raised."""
        if self._pool is None:
            return lambda: work(*args)
        return self._pool.submit(_work_on, work, _hand_over(args, self._folder)).result


@contextmanager
def second_process(jobs: int, room: str) -> Iterator[SecondProcess]:
    """Yield a process that imports the module `room` meanwhile.

    When the block is left early, what was not begun is not begun any more.
    """
    if jobs == 1:
        # Also the path inside Lambda, where the semaphores of a process pool do not exist.
        yield SecondProcess(None, Path())
        return
    with tempfile.TemporaryDirectory(prefix="wenmai-beside-") as name:
        pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
        try:
            pool.submit(_import, room)
            yield SecondProcess(pool, Path(name))
        finally:
            pool.shutdown(cancel_futures=True)


@dataclass(frozen=True, slots=True)
class _HandedOver:
    """Arguments: their pickle, and the bounds of the arrays that it leaves to the file at `path`."""

    pickled: bytes
    path: Path
    bounds: tuple[int, ...]


def _hand_over(args: tuple[Any, ...], folder: Path) -> _HandedOver:
    """Write the arrays among `args` to a file: through the pipe they would be copied three times."""
    arrays: list[pickle.PickleBuffer] = []
    pickled = pickle.dumps(args, protocol=5, buffer_callback=arrays.append)
    bounds = [0]
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
        for array in arrays:
            file.seek(bounds[-1])
            raw = array.raw()
            file.write(raw)
            bounds += [bounds[-1] + raw.nbytes, -(-(bounds[-1] + raw.nbytes) // 64) * 64]
    return _HandedOver(pickled, Path(file.name), tuple(bounds))


def _work_on(work: Callable[..., T], handed: _HandedOver) -> T:
    try:
        with handed.path.open("rb") as file:
            # A file of no bytes cannot be mapped; a private mapping may be written to.
            mapped = (
                memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY))
                if handed.bounds[-1]
                else memoryview(b"")
            )
    finally:
        # Gone by name at once: what is mapped stays until nobody uses it.
        handed.path.unlink()
    arrays = [
        mapped[low:high]
        for low, high in zip(handed.bounds[:-1:2], handed.bounds[1::2], strict=True)
    ]
    return work(*pickle.loads(handed.pickled, buffers=arrays))  # noqa: S301 - our own, of this minute


def _import(room: str) -> None:
    # Here for good: the process lives for one build (`index_builder.garbage_collection`).
    gc.disable()
    import_module(room)
