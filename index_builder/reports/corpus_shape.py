"""How are articles spread over categories, and how does the vocabulary grow with them?

Worked out from a written index, so that any published version can be looked at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.analysis.grams import unit_bigrams
from engine.index.postings import open_trie
from engine.index.segments import TERMS_NAME
from engine.index.snapshot import Snapshot

NO_CATEGORY = "(none)"
_STEPS = 60


def count_categories(snapshot: Snapshot) -> dict[str, int]:
    """Return the number of articles by category path, the most frequent first."""
    paths = ["/".join(path) for path in snapshot.taxonomy.category_paths]
    counts = Counter(
        paths[number] if number >= 0 else NO_CATEGORY
        for number in snapshot.taxonomy.category_of.tolist()
    )
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


@dataclass(frozen=True, slots=True)
class VocabularyGrowth:
    """How many different words the first occurrences bring, and the law of Heaps through it.

    occurrences, words: int64 [steps], both growing; a word counts once per article. The fit is
    words = factor * occurrences ** exponent.
    """

    occurrences: npt.NDArray[np.int64]
    words: npt.NDArray[np.int64]
    factor: float
    exponent: float


def measure_growth(snapshot: Snapshot) -> VocabularyGrowth:
    """Walk through the articles in a drawn order and count the words met so far.

    Articles of one time resemble each other, and ids mostly follow time: in their own order the curve
    would show the site's history and not its vocabulary.
    """
    segment = snapshot.segments[0]
    articles = segment.size
    place = np.random.default_rng(20260101).permutation(articles)
    occurrences_at = np.zeros(articles, dtype=np.int64)
    words_at = np.zeros(articles, dtype=np.int64)
    for number in _word_lists(snapshot):
        places = place[segment.lists.documents_of(number)]
        occurrences_at[places] += 1
        words_at[places.min()] += 1
    steps = np.unique(np.linspace(1, articles, min(_STEPS, articles)).astype(np.int64)) - 1
    occurrences = occurrences_at.cumsum()[steps]
    words = words_at.cumsum()[steps]
    factor, exponent = _fit(occurrences, words)
    return VocabularyGrowth(occurrences, words, factor, exponent)


def _word_lists(snapshot: Snapshot) -> Iterator[int]:
    """Yield the lists of words: of terms that are no pairs, and of pairs that the dictionary has."""
    words = snapshot.analyzer.segmenter.words
    for term, number in open_trie(snapshot.directory / f"{TERMS_NAME}.marisa").items():
        if term in words or unit_bigrams(term) != [term]:
            yield number


def _fit(occurrences: npt.NDArray[np.int64], words: npt.NDArray[np.int64]) -> tuple[float, float]:
    seen = (occurrences > 0) & (words > 0)
    if seen.sum() < 2:
        return float(words[-1]), 0.0
    x, y = np.log(occurrences[seen]), np.log(words[seen])
    # Least squares by hand: a matrix solver's last bits depend on the machine.
    spread = x - x.mean()
    exponent = float((spread * (y - y.mean())).sum() / max((spread**2).sum(), 1e-12))
    return float(np.exp(y.mean() - exponent * x.mean())), exponent
