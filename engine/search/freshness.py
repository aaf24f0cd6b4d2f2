"""How much does it help an article to be new?

relevance * (1 + most * 2^(-age / half-life)): the newest article gains `most` of its relevance, one that is a
half-life older gains half of that, and an old one loses nothing. So the factor stays within 1..1 + most, and
whatever is clearly more relevant stays ahead: without a bound it would become a sort by date. Invariant: there
is no clock in it; age counts from the newest article, so the same index always gives the same answer.
"""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from engine.index.articles import MISSING
from engine.index.snapshot import Snapshot

FRESHNESS_HALF_LIFE_DAYS = 180.0
"""Half a year: rules and prices of a marketplace change within one, methods hold for several."""

_SECONDS_PER_DAY = 86_400.0


def newest_publication(snapshot: Snapshot) -> datetime | None:
    """Return when the newest article was published, None when none bears a date."""
    published = snapshot.articles.published
    newest = int(published.max()) if len(published) else MISSING
    return None if newest == MISSING else datetime.fromtimestamp(newest, tz=UTC)


def freshness_bonus(snapshot: Snapshot, most: float) -> npt.NDArray[np.float64]:
    """Return what share of its relevance each article gains, float64 [articles] within 0..`most`.

    Articles without a date gain nothing.
    """
    published = snapshot.articles.published
    newest = newest_publication(snapshot)
    if newest is None or most == 0.0:
        return np.zeros(len(published))
    days = (newest.timestamp() - published) / _SECONDS_PER_DAY
    bonus = most * np.exp2(-days / FRESHNESS_HALF_LIFE_DAYS)
    return np.where(published == MISSING, 0.0, bonus)
