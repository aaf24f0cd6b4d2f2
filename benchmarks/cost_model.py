"""What does a month cost? `python -m benchmarks.cost_model [--index DIR]`

Prices are AWS's list prices for us-east-1, in dollars, without free tiers, taxes and discounts; measured
figures stand beside where they come from. Change either here and run it again. `--index` prints how many
bytes a character of an index of yours takes, which is what its size follows.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

HOURS = 730.0
SECONDS = HOURS * 3600
LOOKED_UP = "2026-11-26"


@dataclass(frozen=True, slots=True)
class Prices:
    """List prices; each name says what one unit is. Pages: aws.amazon.com/<service>/pricing."""

    api_million_requests: float = 1.00  # API Gateway, HTTP API, first 300 million
    lambda_million_requests: float = 0.20
    arm_gb_second: float = 0.0000133334
    x86_gb_second: float = 0.0000166667
    ephemeral_gb_second: float = 0.0000000309  # above 512 MB
    s3_gb_month: float = 0.023
    s3_thousand_gets: float = 0.0004
    s3_thousand_puts: float = 0.005
    dynamodb_million_writes: float = 0.625  # on demand; a transaction takes two units an item
    dynamodb_million_reads: float = 0.125
    logs_gb: float = 0.50
    metric_month: float = 0.30  # each series, by the hours in which it is written
    alarm_metric_month: float = 0.10
    dashboard_month: float = 3.00
    traces_million: float = 5.00
    transfer_gb: float = 0.09  # to the internet
    opensearch_t3_small_hour: float = 0.036
    opensearch_r6g_large_hour: float = 0.167
    opensearch_gp3_gb_month: float = 0.122
    serverless_ocu_hour: float = 0.24


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured, on docs/benchmarks.md's machine unless it says otherwise."""

    fixed_index_bytes: float = 6.6e6  # an index of 126 short articles: the dictionary, mostly
    bytes_per_character: float = 3.8  # (104.8 - 6.6) MB / 26.0 million characters of woshipm
    handler_ms: float = 3.2  # a page of ten at 5,996 articles, highlights and JSON included
    search_ms_per_million_articles: float = (
        7.8  # ranking: 0.52 ms at 5,996 and 4.3 ms at half a million
    )
    cold_ms: float = 530.0  # a search, 15 ms a GET, idle: 500 to 555, 7.5 times a bare handler's
    first_answer_bytes: float = 10.3e6  # of a search, beyond what follows: lexicon and terms
    first_answer_bytes_per_article: float = 87.0  # 10.8 MB at 5,996; 4.7 MB more at 59,945
    first_answer_gets: float = 60.0
    rest_bytes_per_get: float = 2_000_000.0  # the rest of a version, beside later requests
    fetch_mb_per_second: float = 80.0  # S3 to a function; an assumption, no account at hand
    full_cpu_mb: float = 1769.0  # where a function gets a whole vCPU
    answer_bytes: float = 9_000.0  # ten hits with excerpts
    log_bytes: float = 1_400.0  # our line 300, metrics 500, Lambda's three 430, access log 170
    writes_per_event: float = 10.0  # a view: five items in one transaction
    looked_at_objects: float = 5.0  # pointer and four live objects, one conditional GET each
    look_seconds: float = 2.0
    cold_share: float = 0.01  # requests that start a process, when there are some a minute
    build_ms_per_character: float = (
        0.006  # whole rebuild, one process: 110 s for 18 million characters
    )
    series: float = 62.0  # 17 routes with two metrics, search with four tiers, and the index's
    alarm_metrics: float = 20.0


@dataclass(frozen=True, slots=True)
class Site:
    """A site: articles of so many characters on average, queries and events a month."""

    articles: int
    characters: int
    queries: int

    @property
    def events(self) -> int:
        """A view for every second query."""
        return self.queries // 2


SITES = tuple(
    Site(articles, characters, queries)
    for articles, characters in ((10_000, 1_000), (100_000, 1_000), (1_000_000, 300))
    for queries in (0, 30_000, 1_000_000, 100_000_000)
)

MOST_FETCHED_SECONDS = 15.0
"""A version must be here by then: functions.warm_snapshot.RefreshTiming.open_at_most."""


def index_bytes(site: Site, measured: Measured) -> float:
    """Return the bytes of one version of the index."""
    return (
        measured.fixed_index_bytes + measured.bytes_per_character * site.articles * site.characters
    )


def first_answer_bytes(site: Site, measured: Measured) -> float:
    """Return what a new process fetches before its first answer, a search."""
    return measured.first_answer_bytes + measured.first_answer_bytes_per_article * site.articles


def memory_mb(site: Site, measured: Measured) -> float:
    """Return the memory that a query function needs: the mapped index, and room for the process."""
    return max(1024.0, index_bytes(site, measured) / 1e6 * 1.1 + 400)


def month(site: Site, prices: Prices, measured: Measured) -> dict[str, float]:
    """Return dollars a month by what they are paid for."""
    size = index_bytes(site, measured)
    memory = memory_mb(site, measured)
    slowness = max(1.0, measured.full_cpu_mb / memory)
    requests = site.queries + site.events
    warm_ms = slowness * (
        measured.handler_ms + measured.search_ms_per_million_articles * site.articles / 1e6
    )
    first = min(size, first_answer_bytes(site, measured))
    cold_ms = slowness * measured.cold_ms + first / 1e6 / measured.fetch_mb_per_second * 1_000
    cold_gets = measured.first_answer_gets + size / measured.rest_bytes_per_get
    cold = requests * measured.cold_share if site.queries < 50_000_000 else requests * 1e-5
    seconds = (requests * warm_ms + cold * cold_ms) / 1_000
    refreshes = SECONDS / 300
    looks = min(
        requests, SECONDS / measured.look_seconds * max(1.0, requests * warm_ms / 1e3 / SECONDS)
    )
    build_seconds = measured.build_ms_per_character * site.articles * site.characters / 1_000
    active = min(1.0, requests / HOURS / 1.0)
    storage_gb = 2 * size / 1e9
    return {
        "API": requests / 1e6 * prices.api_million_requests,
        "Lambda": (requests + refreshes) / 1e6 * prices.lambda_million_requests
        + seconds * memory / 1024 * prices.arm_gb_second
        + seconds * max(0.0, 2 * size / 1e9 - 0.5) * prices.ephemeral_gb_second
        + refreshes * prices.arm_gb_second,
        "rebuild": 30 * min(900.0, build_seconds + 30) * 3.0 * prices.x86_gb_second,
        "DynamoDB": site.events * measured.writes_per_event / 1e6 * prices.dynamodb_million_writes
        + refreshes * 40 / 1e6 * prices.dynamodb_million_reads,
        "S3": storage_gb * 6 / 2 * prices.s3_gb_month
        + (looks * measured.looked_at_objects + cold * cold_gets + refreshes * 6)
        / 1e3
        * prices.s3_thousand_gets
        + (30 * 90 + (refreshes if site.events else 0)) / 1e3 * prices.s3_thousand_puts,
        "logs": requests * measured.log_bytes / 1e9 * prices.logs_gb,
        "metrics and alarms": prices.dashboard_month
        + measured.alarm_metrics * prices.alarm_metric_month
        + (1 + (measured.series - 1) * active) * prices.metric_month,
        "traces": min(requests, SECONDS + 0.05 * requests) / 1e6 * prices.traces_million,
        "transfer": site.queries * measured.answer_bytes / 1e9 * prices.transfer_gb,
    }


def clusters(prices: Prices) -> dict[str, float]:
    """Return dollars a month of managed search clusters, whatever is asked of them."""
    return {
        "OpenSearch, one t3.small with 10 GB: no replica, for trying out": (
            HOURS * prices.opensearch_t3_small_hour + 10 * prices.opensearch_gp3_gb_month
        ),
        "OpenSearch, two r6g.large with 2 x 20 GB": (
            2 * HOURS * prices.opensearch_r6g_large_hour + 40 * prices.opensearch_gp3_gb_month
        ),
        "OpenSearch Serverless, least: 0.5 + 0.5 OCU, not redundant": (
            HOURS * prices.serverless_ocu_hour
        ),
        "OpenSearch Serverless, least redundant: 1 + 1 OCU": 2 * HOURS * prices.serverless_ocu_hour,
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="Print what a month costs.")
    parser.add_argument("--index", type=Path, help="an index, to see its bytes a character")
    given = parser.parse_args(arguments)
    prices, measured = Prices(), Measured()
    if given.index:
        print_index(given.index, measured)
        return
    print(f"us-east-1, list prices as of {LOOKED_UP}, dollars a month, no free tier\n")
    parts = list(month(SITES[0], prices, measured))
    print(f"| articles | queries | index MB | memory MB | {' | '.join(parts)} | **all** |")
    print("|---" * (len(parts) + 5) + "|")
    for site in SITES:
        costs = month(site, prices, measured)
        size = index_bytes(site, measured) / 1e6
        figures = " | ".join(f"{costs[part]:,.2f}" for part in parts)
        print(
            f"| {site.articles:,} | {site.queries:,} | {size:,.0f} | "
            f"{memory_mb(site, measured):,.0f} | {figures} | **{sum(costs.values()):,.2f}** |"
        )
    print("\n| a managed cluster, idle or not | dollars |\n|---|---|")
    for name, dollars in clusters(prices).items():
        print(f"| {name} | {dollars:,.2f} |")


def print_index(folder: Path, measured: Measured) -> None:
    """Print the size of an index beside what the model would take it for."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    counts = manifest["counts"]
    size = sum(path.stat().st_size for path in folder.iterdir() if path.is_file())
    each = (size - measured.fixed_index_bytes) / counts["characters"]
    print(
        f"{counts['articles']:,} articles, {counts['characters']:,} characters, {size:,} bytes: "
        f"{each:.2f} bytes a character above the {measured.fixed_index_bytes:,.0f} of every index"
    )


if __name__ == "__main__":
    main()
