"""Which articles must not be shown, whoever brings them back?

Stronger than a deletion: putting the article again is refused, and a rebuild leaves it out whatever its
source says. Invariant: only lifting the takedown itself brings an article back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.documents import isoformat
from engine.errors import LiveObjectFullError
from engine.live.live_object import LiveObject

TAKEDOWNS_KEY = "live/takedowns.json"

MOST_TAKEDOWNS = 20_000
MAX_REASON_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class Takedown:
    """When an article was taken down, and why, for whoever asks later."""

    taken_down_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Takedowns:
    """The takedowns by article id."""

    by_id: Mapping[str, Takedown] = field(default_factory=dict)

    def with_article(self, article_id: str, takedown: Takedown) -> Takedowns:
        """Return these and one more; taking down again keeps the first time and reason.

        Raises `LiveObjectFullError` when there are too many.
        """
        if article_id in self.by_id:
            return self
        if len(self.by_id) >= MOST_TAKEDOWNS:
            raise LiveObjectFullError(
                TAKEDOWNS_KEY, len(self.by_id) + 1, MOST_TAKEDOWNS, "takedowns"
            )
        return Takedowns({**self.by_id, article_id: takedown})

    def without(self, article_id: str) -> Takedowns:
        """Return these without the takedown of `article_id`."""
        if article_id not in self.by_id:
            return self
        return Takedowns({key: value for key, value in self.by_id.items() if key != article_id})


def _to_json(takedowns: Takedowns) -> dict[str, Any]:
    return {
        key: {"taken_down_at": isoformat(value.taken_down_at), "reason": value.reason}
        for key, value in takedowns.by_id.items()
    }


def _from_json(content: Any) -> Takedowns:
    return Takedowns(
        {
            str(key): Takedown(datetime.fromisoformat(value["taken_down_at"]), str(value["reason"]))
            for key, value in content.items()
        }
    )


TAKEDOWNS: LiveObject[Takedowns] = LiveObject(TAKEDOWNS_KEY, Takedowns(), _to_json, _from_json)
