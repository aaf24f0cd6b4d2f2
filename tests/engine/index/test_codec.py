"""What is written comes back equal, mapped, and never as code."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import ArtifactDamagedError
from engine.index.codec import (
    dump_json,
    load_json,
    map_array,
    write_array,
    write_records,
)
from engine.index.record_file import RecordFile


@pytest.mark.parametrize("dtype", ["u1", "<u2", ">u4", "<i8", "<f4", ">f8", "?"])
def test_an_array_comes_back_equal_little_endian_and_read_only(tmp_path: Path, dtype: str) -> None:
    array = np.arange(12).reshape(3, 4).astype(dtype)
    write_array(tmp_path / "a.npy", array[:, ::2])
    mapped = map_array(tmp_path / "a.npy")
    assert np.array_equal(mapped, array[:, ::2])
    assert mapped.dtype.byteorder in "<|="
    assert type(mapped) is np.ndarray
    assert not mapped.flags.writeable


def test_an_empty_array_is_an_array(tmp_path: Path) -> None:
    write_array(tmp_path / "a.npy", np.empty(0, dtype=np.uint32))
    assert len(map_array(tmp_path / "a.npy")) == 0


def test_a_pickle_in_an_array_file_is_refused_unread(tmp_path: Path) -> None:
    canary = tmp_path / "canary"

    class Bomb:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return (Path.touch, (canary,))  # type: ignore[return-value]

    np.save(tmp_path / "a.npy", np.array([Bomb()], dtype=object), allow_pickle=True)
    (tmp_path / "b.npy").write_bytes(pickle.dumps(Bomb()))
    for name in ("a.npy", "b.npy"):
        with pytest.raises(ArtifactDamagedError, match=name):
            map_array(tmp_path / name)
    assert not canary.exists()


@pytest.mark.parametrize("content", [b"", b"\x93NUMPY", b"\x93NUMPY\x01\x00\xff\xff{", b"text"])
def test_a_damaged_array_names_its_file(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.npy").write_bytes(content)
    with pytest.raises(ArtifactDamagedError, match=r"a\.npy"):
        map_array(tmp_path / "a.npy")


def test_json_bytes_do_not_depend_on_key_order(tmp_path: Path) -> None:
    assert dump_json({"乙": 1, "甲": [1, None]}) == dump_json({"甲": [1, None], "乙": 1})
    (tmp_path / "a.json").write_bytes(dump_json({"标签": "盗图"}))
    assert load_json(tmp_path / "a.json") == {"标签": "盗图"}


@given(records=st.lists(st.binary(max_size=20)))
def test_records_come_back_by_number(
    tmp_path_factory: pytest.TempPathFactory, records: list[bytes]
) -> None:
    folder = tmp_path_factory.mktemp("records")
    write_array(folder / "data.bounds.npy", write_records(folder / "data.bin", records))
    file = RecordFile(folder, "data")
    assert [file[number] for number in range(len(file))] == records


def test_records_that_do_not_fit_their_bounds_are_refused(tmp_path: Path) -> None:
    write_array(tmp_path / "data.bounds.npy", write_records(tmp_path / "data.bin", [b"abc"]))
    (tmp_path / "data.bin").write_bytes(b"ab")
    with pytest.raises(ArtifactDamagedError, match="holds 2 bytes, its bounds end at 3"):
        RecordFile(tmp_path, "data")
