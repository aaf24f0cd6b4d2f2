"""What is mapped is what numpy would load, and what is no array is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.mapped_array import open_array


@pytest.mark.parametrize(
    "array",
    [
        np.arange(7, dtype=np.uint32),
        np.arange(12, dtype=np.float64).reshape(3, 4),
        np.arange(24, dtype=np.int16).reshape(2, 3, 4),
        np.asarray([True, False]),
        np.asarray(3.5, dtype=np.float32),
        np.empty(0, dtype=np.uint8),
        np.empty((0, 5), dtype=np.uint16),
        np.asfortranarray(np.arange(6, dtype=np.int64).reshape(2, 3)),
        np.asarray(["开店", "运营"]),
        np.arange(3, dtype=">u4"),
    ],
)
def test_it_is_the_array_that_numpy_loads(tmp_path: Path, array: Any) -> None:
    path = tmp_path / "a.npy"
    np.save(path, array, allow_pickle=False)
    found = open_array(path)
    assert type(found) is np.ndarray
    assert (found.dtype, found.shape) == (array.dtype, array.shape)
    assert np.array_equal(found, array)
    assert not found.size or not found.flags.writeable


@pytest.mark.parametrize("kept", [0, 5, 9, 60, 127, 128, 155])
def test_a_file_that_was_cut_is_refused(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "a.npy"
    np.save(path, np.arange(7, dtype=np.uint32))
    assert path.stat().st_size == 156
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises((ValueError, EOFError, OSError, SyntaxError)):
        open_array(path)


@pytest.mark.parametrize("header", [b"{'descr': '|O8', 'fortran_order': False, 'shape': (1,), }\n"])
def test_objects_are_never_read(tmp_path: Path, header: bytes) -> None:
    path = tmp_path / "a.npy"
    path.write_bytes(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + bytes(8))
    with pytest.raises(ValueError, match="Python objects"):
        open_array(path)


def test_a_file_that_is_missing_is_no_array(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        open_array(tmp_path / "a.npy")
