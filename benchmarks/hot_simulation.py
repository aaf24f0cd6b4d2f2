"""How far can one source push an article up the hot list, and how fast does an honest success rise?

Two weeks of a site in simulated hours: articles are read at lognormal paces that fall with age and follow
the day; then, in the last day, one article is attacked. The counts go through the real scores
(`engine.recommend.hot_evidence`), and the table tells where the article stands afterwards. "One source" is
what the counters let through of it (`DEFAULT_SOURCE_CAP`); the other rows take the counters to have been
deceived altogether.

    python benchmarks/hot_simulation.py [--articles 2000] [--views-a-day 20000] [--seed 1]
"""

from __future__ import annotations

import argparse
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.counters.protocol import DEFAULT_SOURCE_CAP
from engine.index.hotness import HOT_WINDOWS
from engine.recommend.decayed_counts import Count
from engine.recommend.hot_evidence import Credit, article_scores
from engine.recommend.velocity import credited, usual_pace

HOURS = 14 * 24
HOUR_SECONDS = 3_600
FIRST_HOUR = 490_000
"""Hours since 1970; any will do."""

PLACES = (1, 5, 10, 20, 50, 100, 300, 1_000)
"""Where the attacked article stands without the attack, in the list of the window."""

Views = npt.NDArray[np.int64]
Attack = Mapping[int, int]


def simulated_site(articles: int, views_a_day: float, seed: int) -> Views:
    """Return honest views, int64 [articles, hours]: few articles are read much, new ones more."""
    chance = np.random.default_rng(seed)
    appeal = chance.lognormal(0.0, 1.5, articles)
    born = chance.uniform(-120 * 24, HOURS, articles)
    hour = np.arange(HOURS)
    age_days = (hour[np.newaxis, :] - born[:, np.newaxis]) / 24
    fresh = np.where(age_days >= 0, 0.3 + np.exp2(-np.maximum(age_days, 0) / 7), 0.0)
    day = 1.0 + 0.8 * np.sin((hour % 24 - 8) / 24 * 2 * np.pi)
    pace = appeal[:, np.newaxis] * fresh * day[np.newaxis, :]
    pace *= views_a_day / 24 * HOURS / pace.sum()
    return chance.poisson(pace).astype(np.int64)


def burst(count: int) -> Attack:
    """Return `count` views within the last full hour."""
    return {HOURS - 2: count}


def drip(count: int) -> Attack:
    """Return `count` views spread evenly over the last day."""
    return dict.fromkeys(range(HOURS - 24, HOURS), count // 24)


ATTACKS: Mapping[str, Attack] = {
    f"10,000 hits, one source: {DEFAULT_SOURCE_CAP} are counted": burst(DEFAULT_SOURCE_CAP),
    "10,000 hits in an hour, all of them counted": burst(10_000),
    "10,000 hits over a day, all of them counted": drip(10_000),
}


def counts_of(views: Views) -> list[Count]:
    """Return one article's hours with views, int64 [hours], as the counters give them."""
    return [
        Count((FIRST_HOUR + hour) * HOUR_SECONDS, HOUR_SECONDS, float(views[hour]))
        for hour in np.flatnonzero(views).tolist()
    ]


def uncapped(counts: Sequence[Count], _pace: float) -> list[float]:
    """Return the counts as they are: what the scores would believe without the velocity cap."""
    return [count.amount for count in counts]


@dataclass(frozen=True, slots=True)
class Ranking:
    """The articles of one site as one window has them."""

    views: Views
    window: int
    credit: Credit
    pace: float
    scores: Mapping[int, float]

    def order(self) -> list[int]:
        """Return the articles, hottest first."""
        return sorted(self.scores, key=lambda article: (-self.scores[article], article))

    def place_after(self, article: int, attack: Attack) -> int:
        """Return the place, from 1, that `article` takes when it is attacked."""
        attacked = self.views[article].copy()
        for hour, count in attack.items():
            attacked[hour] += count
        score = article_scores(counts_of(attacked), self.pace, 0.0, self.credit)[self.window]
        others = sorted(-other for number, other in self.scores.items() if number != article)
        return bisect_left(others, -score) + 1


def rank(views: Views, window: str, credit: Credit = credited) -> Ranking:
    """Return the ranking of a site by the hot scores of `window`."""
    counts = {article: counts_of(row) for article, row in enumerate(views)}
    # One attacked article among thousands of article-hours leaves the site's pace where it was.
    pace = usual_pace(count for article in counts.values() for count in article)
    at = HOT_WINDOWS.index(window)
    scores = {n: article_scores(c, pace, 0.0, credit)[at] for n, c in counts.items() if c}
    return Ranking(views, at, credit, pace, scores)


def places_of_success(views: Views, window: str) -> list[str]:
    """Return where a new article stands that everybody reads from now on, hour by hour."""
    start = HOURS - 12
    places = []
    for hours in (1, 2, 3, 4, 6, 12):
        until_now = views.copy()
        until_now[:, start + hours :] = 0
        until_now[0] = 0
        until_now[0, start : start + hours] = 100
        places.append(f"after {hours} h: {rank(until_now, window).order().index(0) + 1}")
    return places


def main() -> None:
    """Print one table per window, and how an honest success rises."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=2_000)
    parser.add_argument("--views-a-day", type=float, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    views = simulated_site(given.articles, given.views_a_day, given.seed)
    print(f"{given.articles:,} articles, {views.sum() / 14:,.0f} views a day, seed {given.seed}")
    for window in ("day", "week"):
        rankings = {"capped": rank(views, window), "no cap": rank(views, window, uncapped)}
        print(f"\nwindow {window}: place after the attack, by place before it")
        print(f"{'':<55}" + "".join(f"{place:>7,}" for place in PLACES))
        for name, attack in ATTACKS.items():
            for label, ranking in rankings.items():
                order = ranking.order()
                after = [
                    ranking.place_after(order[p - 1], attack) for p in PLACES if p <= len(order)
                ]
                print(f"{name + ', ' + label:<55}" + "".join(f"{place:>7,}" for place in after))
        success = ", ".join(places_of_success(views, window))
        print(f"a new article, 100 views an hour: {success}")


if __name__ == "__main__":
    main()
