"""What is not shown, and why?

Invariant: a report that leaves something out says how much.
"""

from __future__ import annotations

from engine.counters.figures import Analytics


def held_back_note(analytics: Analytics) -> str:
    """Return one sentence on how many queries are not shown, and why."""
    if not analytics.held_back:
        return "No query is held back."
    queries = "query is" if analytics.held_back == 1 else "queries are"
    return (
        f"{analytics.held_back:,} {queries} held back: made by fewer than "
        f"{analytics.least_visitors} visitors on any one day, or with a blocked word in it."
    )
