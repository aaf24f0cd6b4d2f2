"""What do the counters say about how hot articles are?

Each bucket's views and clicks, velocity-capped, decayed from its middle by each window's half-life; for the
window without decay, all that was ever counted. Invariant: a pure function of the rows, whatever their
order.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from engine.counters.protocol import ArticleCount, ArticleTotal
from engine.index.hot_formula import CLICK_WEIGHT
from engine.index.hotness import HOT_WINDOW_HALF_LIFE_DAYS, HOT_WINDOWS
from engine.live.hot_list import MOST_ARTICLES
from engine.recommend.decayed_counts import Count, decayed_score
from engine.recommend.velocity import credited, usual_pace

Credit = Callable[[Sequence[Count], float], list[float]]

_DIGITS = 4


def live_scores(
    rows: Iterable[ArticleCount], totals: Iterable[ArticleTotal]
) -> dict[str, tuple[float, ...]]:
    """Return scores as `HotEvidence` has them for the `MOST_ARTICLES` hottest of each window."""
    counts = _counts_by_article(rows)
    pace = usual_pace(count for article in counts.values() for count in article)
    ever = {total.article_id: _views(total) for total in totals}
    scores = {
        article_id: article_scores(article, pace, ever.get(article_id, 0.0))
        for article_id, article in counts.items()
    }
    return _hottest(scores)


def _counts_by_article(rows: Iterable[ArticleCount]) -> dict[str, list[Count]]:
    found: dict[str, list[Count]] = defaultdict(list)
    for row in rows:
        if (views := _views(row)) > 0:
            found[row.article_id].append(Count(row.start_seconds, row.length_seconds, views))
    return {
        article_id: sorted(found[article_id], key=lambda count: count.start_seconds)
        for article_id in sorted(found)
    }


def _views(row: ArticleCount | ArticleTotal) -> float:
    return row.views + CLICK_WEIGHT * row.clicks


def article_scores(
    counts: Sequence[Count], pace: float, ever: float, credit: Credit = credited
) -> tuple[float, ...]:
    """Return the scores by window of one article with `counts`, in order of time.

    `pace` is the site's `usual_pace`, `ever` what was counted since counting began; `credit` says how
    much of each count to believe.
    """
    amounts = credit(counts, pace)
    return tuple(
        round(
            _score_without_decay(counts, amounts, ever)
            if half_life is None
            else decayed_score(counts, amounts, half_life),
            _DIGITS,
        )
        for half_life in HOT_WINDOW_HALF_LIFE_DAYS.values()
    )


def _score_without_decay(counts: Sequence[Count], amounts: Sequence[float], ever: float) -> float:
    # What is older than the rows was damped then as much as now, as far as anyone can still tell.
    counted = sum(count.amount for count in counts)
    return math.log2(sum(amounts) * max(1.0, ever / counted))


def _hottest(scores: Mapping[str, tuple[float, ...]]) -> dict[str, tuple[float, ...]]:
    kept: set[str] = set()
    for window in range(len(HOT_WINDOWS)):
        hottest = sorted(scores, key=lambda article_id: (-scores[article_id][window], article_id))
        kept.update(hottest[:MOST_ARTICLES])
    return {article_id: scores[article_id] for article_id in sorted(kept)}
