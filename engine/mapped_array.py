"""How does a .npy file become an array that is read where it lies?

`numpy.load` does it, by way of a parser of Python and a class of its own: some 0.3 ms a file, and a first
answer opens thirty of them. What our own writer writes is read here, anything else is left to numpy.
Invariant: the array has the type, shape and elements that `numpy.load` gives, is read-only, and nothing in
the file can execute.
"""

from __future__ import annotations

import mmap
import re
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

_MAGIC = b"\x93NUMPY\x01\x00"
_HEADER = re.compile(
    rb"\{'descr': '([<|][a-z][0-9]+)', 'fortran_order': False, 'shape': \(([0-9]+),?(?: ([0-9]+))?\), \} *\n"
)
_PREFIX_BYTES = len(_MAGIC) + 2


def open_array(path: Path) -> npt.NDArray[Any]:
    """Map the .npy file at `path` read-only, as a plain ndarray.

    Raises `OSError` when it cannot be read, `ValueError`, `EOFError` or `SyntaxError` when it is no array.
    """
    with path.open("rb") as file:
        prefix = file.read(_PREFIX_BYTES)
        start = _PREFIX_BYTES + int.from_bytes(prefix[len(_MAGIC) :], "little")
        found = _HEADER.fullmatch(file.read(start - _PREFIX_BYTES))
        if prefix.startswith(_MAGIC) and found:
            shape = tuple(int(size) for size in found.groups()[1:] if size is not None)
            array = _map(file.fileno(), start, np.dtype(found[1].decode("ascii")), shape)
            if array is not None:
                return array
    # mmap refuses empty views; an array without elements has nothing to map anyway.
    return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False)).view(np.ndarray)


def _map(
    descriptor: int, start: int, dtype: np.dtype[Any], shape: tuple[int, ...]
) -> npt.NDArray[Any] | None:
    count = 1
    for size in shape:
        count *= size
    if not count or dtype.hasobject:
        return None
    mapped = mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ)
    # Raises `ValueError` when the file is shorter than that.
    return np.frombuffer(mapped, dtype, count, start).reshape(shape)
