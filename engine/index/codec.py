"""How do arrays, JSON and text become bytes on disk, and come back without copying?

Invariant: the same value always gives the same bytes (little-endian, C order, sorted JSON keys), and
nothing that is read can execute: no pickle, no archive. Reading maps memory; a value that is never
touched is never loaded.
"""

from __future__ import annotations

import json
import mmap
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.errors import ArtifactDamagedError
from engine.mapped_array import open_array

AnyArray = npt.NDArray[Any]


def write_array(path: Path, array: AnyArray) -> None:
    """Write `array` as a little-endian, C-contiguous .npy file."""
    little = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
    with path.open("wb") as file:
        np.lib.format.write_array(file, little, version=(1, 0), allow_pickle=False)


def map_array(path: Path) -> AnyArray:
    """Map the .npy file at `path` read-only.

    Returns a plain ndarray, not a memmap: each slice of a memmap costs a Python-level
    `__array_finalize__`, which is most of the time of a small query.
    Raises `ArtifactDamagedError` when the file is missing or is no .npy array.
    """
    try:
        return open_array(path)
    except FileNotFoundError as error:
        raise ArtifactDamagedError(
            f"{path.name}: the file is missing; rebuild the index"
        ) from error
    except (ValueError, OSError, EOFError, SyntaxError) as error:
        raise ArtifactDamagedError(
            f"{path.name}: not a readable .npy array ({error}); rebuild the index"
        ) from error


# Made once: json.dumps makes another for every call that is not of the default form.
_encode_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def dump_json(value: object) -> bytes:
    """Return `value` as canonical JSON: UTF-8, sorted keys, no spaces, one trailing newline."""
    return _encode_json(value).encode("utf-8") + b"\n"


def load_json(path: Path) -> Any:
    """Return the JSON value in the file at `path`.

    Raises `ArtifactDamagedError` when the file is missing or is no JSON.
    """
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError as error:
        raise ArtifactDamagedError(
            f"{path.name}: the file is missing; rebuild the index"
        ) from error
    except ValueError as error:
        raise ArtifactDamagedError(f"{path.name}: not JSON ({error}); rebuild the index") from error


def map_bytes(path: Path) -> memoryview:
    """Map the file at `path` read-only and return its bytes.

    Raises `ArtifactDamagedError` when the file is missing.
    """
    try:
        with path.open("rb") as file:
            if path.stat().st_size == 0:
                return memoryview(b"")
            return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    except FileNotFoundError as error:
        raise ArtifactDamagedError(
            f"{path.name}: the file is missing; rebuild the index"
        ) from error


def write_records(path: Path, records: Iterable[bytes]) -> AnyArray:
    """Write `records` end to end to `path`; return their bounds, uint64 [n + 1]."""
    bounds = [0]
    with path.open("wb") as file:
        for record in records:
            file.write(record)
            bounds.append(bounds[-1] + len(record))
    return np.asarray(bounds, dtype=np.uint64)
