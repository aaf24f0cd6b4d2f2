"""A sealed file gives back what was written, or says that it cannot."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from engine.errors import ArtifactDamagedError
from index_builder.cache.sealed_file import SealedFile, write_sealed


def read_all(path: Path, names: list[str]) -> dict[str, bytes]:
    file = SealedFile(path)
    return {name: file.array(name).tobytes() for name in names}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(
    st.dictionaries(
        st.text(min_size=1, max_size=9),
        arrays.arrays(
            st.sampled_from(["u1", "i4", "i8", "f4", "?"]), arrays.array_shapes(min_side=0)
        ),
        max_size=4,
    )
)
def test_arrays_come_back_as_they_were(
    tmp_path: Path, given_arrays: dict[str, np.ndarray[tuple[int, ...], np.dtype[np.generic]]]
) -> None:
    write_sealed(tmp_path / "a.shard", given_arrays)
    file = SealedFile(tmp_path / "a.shard")
    for name, array in given_arrays.items():
        found = file.array(name)
        assert (found.dtype, found.shape) == (array.dtype, array.shape)
        assert found.tobytes() == array.tobytes()


def test_every_flipped_byte_and_every_truncation_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "a.shard"
    content = {"numbers": np.arange(7, dtype=np.int32), "flags": np.ones(5, dtype=np.uint8)}
    write_sealed(path, content)
    whole = path.read_bytes()
    expected = read_all(path, list(content))
    flipped = [
        (whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :], whole[place : place + 1])
        for place in range(len(whole))
    ]
    cut = [(whole[:length], whole[length:]) for length in range(len(whole))]
    for damaged, touched in flipped + cut:
        path.write_bytes(damaged)
        try:
            found = read_all(path, list(content))
        except ArtifactDamagedError:
            continue
        # Only the filling between sections may change unnoticed: nobody reads it.
        assert found == expected
        assert set(touched) == {0}


def test_section_that_was_not_written_is_named(tmp_path: Path) -> None:
    write_sealed(tmp_path / "a.shard", {})
    with pytest.raises(ArtifactDamagedError, match="no section 'terms'"):
        SealedFile(tmp_path / "a.shard").array("terms")


def test_objects_are_never_written(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="only numbers"):
        write_sealed(tmp_path / "a.shard", {"x": np.asarray([object()])})
    assert list(tmp_path.iterdir()) == []
