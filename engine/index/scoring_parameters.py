"""What does an index say about how its impacts are to be added up?

Read from the manifest once for every snapshot, not for every query.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class ScoringParameters(NamedTuple):
    """What the builder chose (`index_builder.views`).

    word_gain: how often a pair of units counts once more where the query has it as a word;
    long_query_gain and short_query_gain: how the weight of titles grows with queries of many or few units.
    """

    word_gain: float
    long_query_gain: float
    short_query_gain: float


def scoring_parameters(parameters: Mapping[str, Any]) -> ScoringParameters:
    """Return what the `parameters` of a manifest say."""
    views = parameters["views"].values()
    return ScoringParameters(
        word_gain=float(parameters["word_gain"]),
        long_query_gain=max(float(view["long_query_gain"]) for view in views),
        # An index that was built before this was found out has none.
        short_query_gain=max(float(view.get("short_query_gain", 0.0)) for view in views),
    )
