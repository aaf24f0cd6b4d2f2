"""Alarms see an index that is old, changed, or not what it should be."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from functions.index_metrics import IndexMetrics
from functions.powertools import Metrics
from functions.warm_snapshot import Freshness

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


@pytest.fixture
def metrics() -> IndexMetrics:
    found = Metrics(namespace="Wenmai", service="wenmai")
    found.clear_metrics()
    return IndexMetrics(found)


def values(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    found = []
    for line in map(json.loads, capsys.readouterr().out.splitlines()):
        (definition,) = line["_aws"]["CloudWatchMetrics"]
        # One series each: a dimension more, and the alarm would look at nothing.
        assert definition["Dimensions"] == [["service"]]
        assert line["service"] == "wenmai"
        found.append({metric["Name"]: line[metric["Name"]] for metric in definition["Metrics"]})
    return found


def test_what_is_usual_writes_nothing(
    metrics: IndexMetrics, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(3):
        metrics.record_freshness(Freshness(None, 4, 1))
    metrics.record_freshness(Freshness(None, None, None))
    metrics.record_freshness(Freshness(None, 4, 1))
    assert values(capsys) == []


def test_each_move_to_another_generation_counts_once(
    metrics: IndexMetrics, capsys: pytest.CaptureFixture[str]
) -> None:
    for generation in (4, 4, 5, 5, 6):
        metrics.record_freshness(Freshness(None, generation, 1))
    assert values(capsys) == [{"refreshed": [1.0]}] * 2


def test_every_request_that_is_answered_from_something_older_counts(
    metrics: IndexMetrics, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        metrics.record_freshness(Freshness("store-unavailable", 4, 900))
    assert values(capsys) == [{"degraded": [1.0]}] * 2


def test_age_is_seconds_since_publication_and_never_negative(
    metrics: IndexMetrics, capsys: pytest.CaptureFixture[str]
) -> None:
    metrics.record_age(NOW - timedelta(hours=2), NOW)
    metrics.record_age(NOW + timedelta(seconds=5), NOW)
    assert values(capsys) == [{"index_age_s": [7200.0]}, {"index_age_s": [0.0]}]
