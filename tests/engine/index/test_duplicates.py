"""Both directions of the near-duplicates come back as they were written."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import ArtifactDamagedError
from engine.index.duplicates import DuplicateTable
from index_builder.duplicates_writer import write_duplicates


def test_a_copy_names_its_original_and_an_original_its_copies(tmp_path: Path) -> None:
    assert write_duplicates(tmp_path, np.array([0, 4, 2, 0, 4, 0], dtype=np.int32)) == 3
    table = DuplicateTable(tmp_path)
    assert [table.original_of(article) for article in range(6)] == [0, 4, 2, 0, 4, 0]
    assert table.copies_of(0) == (3, 5)
    assert table.copies_of(4) == (1,)
    assert table.copies_of(2) == ()
    assert table.copies_of(5) == ()


@given(data=st.data(), count=st.integers(0, 12))
def test_both_directions_agree(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, count: int
) -> None:
    folder = tmp_path_factory.mktemp("duplicates")
    firsts = data.draw(st.lists(st.booleans(), min_size=count, max_size=count))
    originals = np.arange(count, dtype=np.int32)
    if any(firsts):
        kept = np.flatnonzero(firsts)
        originals = np.array(
            [n if firsts[n] else data.draw(st.sampled_from(kept.tolist())) for n in range(count)],
            dtype=np.int32,
        )
    write_duplicates(folder, originals)
    table = DuplicateTable(folder)
    for article in range(count):
        copies = np.flatnonzero(originals == article)
        assert table.copies_of(article) == tuple(copies[copies != article].tolist())


def test_a_missing_file_is_damage(tmp_path: Path) -> None:
    with pytest.raises(ArtifactDamagedError, match=r"duplicates\.originals\.npy"):
        DuplicateTable(tmp_path).original_of(0)
