"""How often does each word occur in each text?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import chain

import numpy as np
import scipy.sparse as sp

from index_builder.cell_counts import count_cells, in_order


def count_words(texts: Sequence[Sequence[str]]) -> tuple[list[str], sp.csr_matrix]:
    """Return the words of `texts`, ascending, and their counts, int32 [texts, words]."""
    numbers: defaultdict[str, int] = defaultdict()
    numbers.default_factory = numbers.__len__
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    words = np.fromiter(
        map(numbers.__getitem__, chain.from_iterable(texts)), dtype=np.uint64, count=lengths.sum()
    )
    rows = np.repeat(np.arange(len(texts)), lengths)
    # Every number occurs, so columns are numbered as words are.
    _, counts = count_cells(words, rows, len(texts))
    ascending = sorted(numbers)
    order = np.fromiter(map(numbers.__getitem__, ascending), dtype=np.int64, count=len(numbers))
    return ascending, in_order(counts, order)
