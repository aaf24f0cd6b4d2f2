"""The cost model follows its own parameters, and says so of what nobody asks, too."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.cost_model import (
    MOST_FETCHED_SECONDS,
    SITES,
    Measured,
    Prices,
    Site,
    clusters,
    first_answer_bytes,
    index_bytes,
    main,
    month,
)

PRICES, MEASURED = Prices(), Measured()
SMALL = Site(10_000, 1_000, 1_000_000)


def test_an_idle_site_pays_for_its_schedules_storage_and_alarms_alone() -> None:
    costs = month(replace(SMALL, queries=0), PRICES, MEASURED)
    for part in ("API", "logs", "traces", "transfer"):
        assert costs[part] == 0.0
    # 8,760 five-minute runs of a gigabyte for a second, and 20 metrics under alarms.
    assert costs["Lambda"] == pytest.approx(8_760 * (0.2e-6 + 0.0000133334))
    assert costs["metrics and alarms"] == pytest.approx(3.00 + 20 * 0.10 + 0.30)


def test_what_is_paid_by_the_request_doubles_with_requests() -> None:
    one = month(SMALL, PRICES, MEASURED)
    two = month(replace(SMALL, queries=2 * SMALL.queries), PRICES, MEASURED)
    for part in ("API", "logs", "transfer"):
        assert two[part] == pytest.approx(2 * one[part])
    # 1.5 million requests at a dollar, half a million views of ten write units.
    assert one["API"] == pytest.approx(1.5)
    assert one["DynamoDB"] == pytest.approx(0.5 * 10 * 0.625 + 8_760 * 40 / 1e6 * 0.125)


def test_every_price_moves_the_bill_of_somebody() -> None:
    big = Site(1_000_000, 300, 100_000_000)
    before = sum(month(big, PRICES, MEASURED).values()) + sum(clusters(PRICES).values())
    for name in Prices.__dataclass_fields__:
        dearer = replace(PRICES, **{name: 2 * getattr(PRICES, name)})
        after = sum(month(big, dearer, MEASURED).values()) + sum(clusters(dearer).values())
        assert after > before, name


def test_every_site_of_the_table_can_be_fetched_in_time() -> None:
    for site in SITES:
        seconds = index_bytes(site, MEASURED) / 1e6 / MEASURED.fetch_mb_per_second
        assert seconds < MOST_FETCHED_SECONDS, site


def test_a_larger_index_makes_a_cold_start_dearer_by_what_its_first_answer_needs() -> None:
    small, large = replace(SMALL, articles=5_996), replace(SMALL, articles=59_945)
    # As `make cold-start` measured it: 10.8 MB of 105, and 4.7 more of 430.
    assert first_answer_bytes(small, MEASURED) == pytest.approx(10.8e6, rel=0.01)
    assert first_answer_bytes(large, MEASURED) == pytest.approx(15.5e6, rel=0.01)
    warm = replace(MEASURED, cold_share=0.0)
    extra = [
        month(site, PRICES, MEASURED)["Lambda"] - month(site, PRICES, warm)["Lambda"]
        for site in (small, large)
    ]
    assert 0 < extra[0] < extra[1] < 1.5 * extra[0]


def test_the_table_has_a_line_for_every_site(capsys: pytest.CaptureFixture[str]) -> None:
    main([])
    lines = capsys.readouterr().out.splitlines()
    assert sum(line.startswith(f"| {SITES[0].articles:,} |") for line in lines) == 4
    assert sum("OpenSearch" in line for line in lines) == len(clusters(PRICES))
