"""How alike are the articles of given pairs, exactly?

The product of two rows of a sparse matrix, for a few dozen pairs an article. Invariant: a pair is worked out
once, and both of its articles get the same number.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

_LONG_ROW = 64
"""Rows with more entries than this are multiplied one by one, shorter ones all at once: that copies them."""


def pair_similarities(
    vectors: sp.csr_matrix, others: npt.NDArray[np.int32]
) -> npt.NDArray[np.float32]:
    """Return the product of row n of `vectors` with each row in `others`[n], float32 [n, k].

    others: int32 [n, k], below 0 where there is nobody; the product is 0 there.
    """
    similarities = np.zeros(others.shape, dtype=np.float32)
    count = len(others)
    rows, places = np.nonzero(others >= 0)
    found = others[rows, places].astype(np.int64)
    # The longer row of a pair is laid out, the shorter one looked up: less to look up, by a third.
    rank = np.argsort(np.argsort(np.diff(vectors.indptr), kind="stable"))
    longer = np.where(rank[rows] > rank[found], rows, found)
    pairs, pair_of = np.unique(longer * count + (rows + found - longer), return_inverse=True)
    left, right = pairs // max(1, count), pairs % max(1, count)
    if vectors.nnz > _LONG_ROW * count:
        products = _long_products(vectors, left, right)
    else:
        products = np.asarray(vectors[left].multiply(vectors[right]).sum(axis=1)).ravel()
    similarities[rows, places] = products[pair_of]
    return similarities


def _long_products(
    vectors: sp.csr_matrix, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64]
) -> npt.NDArray[np.float32]:
    """Return the product of each row in `left`, which ascends, with the row beside it in `right`.

    One row laid out densely and looked up by the columns of the others: half the time of a sparse product
    of chosen rows, which copies them first and adds one number after the other.
    """
    products = np.empty(len(left), dtype=np.float32)
    bounds = vectors.indptr.tolist()
    spans = list(pairwise(bounds))
    columns = [vectors.indices[low:high] for low, high in spans]
    weights = [vectors.data[low:high] for low, high in spans]
    dense = np.zeros(vectors.shape[1], dtype=np.float32)
    ends = np.searchsorted(left, np.arange(len(spans) + 1)).tolist()
    others = right.tolist()
    for number, (low, high) in enumerate(pairwise(ends)):
        if low < high:
            dense[columns[number]] = weights[number]
            products[low:high] = [
                np.dot(dense.take(columns[other]), weights[other]) for other in others[low:high]
            ]
            dense[columns[number]] = 0.0
    return products
