"""Which of several near-duplicates is shown?

A matter of showing, not of ranking: evaluation and batch runs see every article. Invariant: folding keeps
the order of what it keeps, and drops an article only in favour of a near-duplicate that is kept.
"""

from __future__ import annotations

import numpy as np

from engine.index.articles import MISSING
from engine.index.snapshot import Snapshot
from engine.search.ranking import Ranking


def fold_duplicates(snapshot: Snapshot, ranking: Ranking) -> Ranking:
    """Return `ranking` with one article of each group of near-duplicates.

    The earliest published stands for the others. Where it is no hit itself, or nobody knows which came
    first because it bears no date, the best hit of the group does.
    """
    articles = ranking.articles
    originals = snapshot.duplicates.originals[articles]
    if (originals == articles).all():
        return ranking
    stands = np.zeros(len(snapshot.articles), dtype=bool)
    stands[articles] = snapshot.articles.published[articles] != MISSING
    places = np.arange(len(articles))
    best = np.empty(len(snapshot.articles), dtype=np.intp)
    # Backwards, so that of each group the best hit is what stays.
    best[originals[::-1]] = places[::-1]
    kept = np.where(stands[originals], originals == articles, best[originals] == places)
    return Ranking(articles[kept], ranking.scores[kept], ranking.complete[kept])
