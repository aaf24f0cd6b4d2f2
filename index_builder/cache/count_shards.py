"""How do counted terms and signatures become the arrays of a shard, and come back?

Invariant: what comes back is equal to what went in, cell by cell; counts are stored in the narrowest type
that holds them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from engine.errors import ArtifactDamagedError
from engine.index.codec import AnyArray
from index_builder.cache.sealed_file import SealedFile
from index_builder.shingle_signatures import SignatureArray
from index_builder.token_chunks import FIELDS, TermCounts
from index_builder.views import UNITS, Unit


@dataclass(frozen=True, slots=True)
class CountedArticles:
    """What is counted in some articles: terms by unit, and signatures, uint32 [articles, k]."""

    counts: Mapping[Unit, TermCounts]
    signatures: SignatureArray


def to_arrays(counted: CountedArticles) -> dict[str, AnyArray]:
    """Return `counted` as arrays of numbers."""
    arrays: dict[str, AnyArray] = {"signatures": counted.signatures}
    for unit, counts in counted.counts.items():
        arrays[f"{unit}.terms"] = _join(counts.terms)
        for field, matrix in counts.fields.items():
            arrays[f"{unit}.{field}.starts"] = matrix.indptr.astype(np.int64)
            arrays[f"{unit}.{field}.columns"] = matrix.indices.astype(np.int32)
            arrays[f"{unit}.{field}.counts"] = _narrow(matrix.data)
    return arrays


def from_file(file: SealedFile) -> CountedArticles:
    """Return what `to_arrays` was given.

    Raises `ArtifactDamagedError` when a section is damaged, or the sections do not fit together.
    """
    signatures = file.array("signatures")
    counts: dict[Unit, TermCounts] = {}
    for unit in UNITS:
        terms = _split(file.array(f"{unit}.terms"))
        fields = {}
        for field in FIELDS:
            starts = file.array(f"{unit}.{field}.starts")
            columns = file.array(f"{unit}.{field}.columns")
            numbers = file.array(f"{unit}.{field}.counts")
            if not len(starts) == len(signatures) + 1 or not (
                int(starts[-1]) == len(columns) == len(numbers)
            ):
                raise ArtifactDamagedError(f"{unit}.{field}: the sections do not fit together")
            fields[field] = sp.csr_matrix(
                (numbers.astype(np.int32), columns, starts),
                shape=(len(signatures), len(terms)),
                copy=False,
            )
        counts[unit] = TermCounts(terms, fields)
    return CountedArticles(counts, signatures)


def _join(terms: Sequence[str]) -> npt.NDArray[np.uint8]:
    if any("\n" in term for term in terms):
        raise ValueError("a term holds a line end, which separates terms here")
    return np.frombuffer("\n".join(terms).encode("utf-8"), dtype=np.uint8)


def _split(joined: AnyArray) -> list[str]:
    text = joined.tobytes().decode("utf-8")
    return text.split("\n") if text else []


def _narrow(numbers: AnyArray) -> AnyArray:
    return numbers.astype(np.min_scalar_type(int(numbers.max(initial=0))))
