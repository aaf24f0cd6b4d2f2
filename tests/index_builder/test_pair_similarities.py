"""Similarities of chosen pairs are those of the whole product, whatever the length of the rows."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
import scipy.sparse as sp

from index_builder.pair_similarities import pair_similarities

NOBODY = -1


def vectors(rows: int, columns: int, share: float) -> sp.csr_matrix:
    draw = np.random.default_rng(5)
    return sp.random(rows, columns, share, format="csr", dtype=np.float32, random_state=draw)


def pairs(rows: int, width: int) -> npt.NDArray[np.int32]:
    draw = np.random.default_rng(6)
    others = draw.integers(0, rows, (rows, width), dtype=np.int32)
    others[draw.random((rows, width)) < 0.3] = NOBODY
    return others


@pytest.mark.parametrize("share", [0.02, 0.5], ids=["short rows", "long rows"])
def test_each_pair_has_the_product_of_its_rows(share: float) -> None:
    matrix, others = vectors(40, 300, share), pairs(40, 7)
    exact = (matrix @ matrix.T).toarray()
    found = pair_similarities(matrix, others)
    for row, other in np.argwhere(others >= 0):
        expected = exact[row, others[row, other]]
        assert found[row, other] == pytest.approx(expected, rel=1e-5, abs=1e-7)
    assert (found[others == NOBODY] == 0).all()


@pytest.mark.parametrize("share", [0.02, 0.5], ids=["short rows", "long rows"])
def test_both_articles_of_a_pair_get_the_same_number_to_the_last_bit(share: float) -> None:
    everyone = np.tile(np.arange(30, dtype=np.int32), (30, 1))
    found = pair_similarities(vectors(30, 400, share), everyone)
    assert np.array_equal(found, found.T)


def test_nobody_and_empty_rows_have_no_similarity() -> None:
    empty = sp.csr_matrix((3, 5), dtype=np.float32)
    assert not pair_similarities(empty, np.array([[1], [0], [NOBODY]], dtype=np.int32)).any()
    assert pair_similarities(empty[:0], np.empty((0, 2), dtype=np.int32)).shape == (0, 2)
