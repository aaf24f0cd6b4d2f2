"""How do related articles become the files that a reader maps?

Invariant: see `engine.index.neighbours`; this is its writing half.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.index.codec import write_array, write_records
from engine.index.neighbours import BETWEEN_NEIGHBOURS, BETWEEN_TERMS, NOBODY
from index_builder.duplicates_writer import write_duplicates
from index_builder.related_pairs import RelatedPairs
from index_builder.related_stage import ComparedArticles, relate


def relate_and_write(
    directory: Path, compared: ComparedArticles, words: Sequence[str]
) -> tuple[RelatedPairs, int]:
    """Write which articles go together; return the related ones, and how many repeat another.

    words: the columns of `compared.words`. One piece of work, for a process of its own.
    """
    related = relate(compared)
    write_related(directory, related.pairs, words)
    return related.pairs, write_duplicates(directory, related.originals)


def write_related(directory: Path, pairs: RelatedPairs, words: Sequence[str]) -> None:
    """Write `pairs`, whose shared terms are places in `words`."""
    write_array(directory / "related.articles.npy", pairs.articles)
    write_array(directory / "related.similarities.npy", pairs.similarities)
    # As text, ready to show: restoring each word from a number took most of a request.
    bounds = write_records(
        directory / "related.shared_terms.bin", _spelled(pairs.shared_terms, words)
    )
    write_array(directory / "related.shared_terms.bounds.npy", bounds)


def _spelled(shared: npt.NDArray[np.uint32], words: Sequence[str]) -> Iterator[bytes]:
    for lists in shared.tolist():
        told = [
            BETWEEN_TERMS.join(words[term] for term in terms if term != NOBODY) for terms in lists
        ]
        yield BETWEEN_NEIGHBOURS.join(told).encode("utf-8")
