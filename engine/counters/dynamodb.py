"""How does a DynamoDB table keep the counts?

Invariant: an event is one TransactWriteItems that de-duplicates and adds together. A repeated attempt
cannot count again: if the first had landed, its own mark on the visitor's item says so.
"""

from __future__ import annotations

import random
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from engine.counters.buckets import Bucket, covered_span
from engine.counters.dynamodb_attempts import Attempts, cancellation_reasons
from engine.counters.dynamodb_items import (
    ARTICLE,
    CLICK,
    SEARCH,
    Item,
    partitions,
    sort_key_bounds,
    split_click_subject,
    split_sort_key,
    total_partitions,
    transaction,
)
from engine.counters.protocol import (
    DEFAULT_SOURCE_CAP,
    DEFAULT_WINDOW_SECONDS,
    ArticleCount,
    ArticleTotal,
    ClickCount,
    Event,
    SearchCount,
    Visitor,
)

_FAILED = "ConditionalCheckFailed"


class DynamoDbCounters:
    """Counters in one table with the string keys pk and sk and TTL on expires_at.

    `client` is boto3's for DynamoDB, set to make one attempt a call; `failures` are the exceptions
    that it raises. Writing needs dynamodb:PutItem and UpdateItem, reading dynamodb:Query.
    """

    def __init__(
        self,
        client: Any,
        table: str,
        *,
        failures: tuple[type[Exception], ...],
        window_seconds: int = DEFAULT_WINDOW_SECONDS,
        source_cap: int = DEFAULT_SOURCE_CAP,
        deadline_seconds: float = 4.0,
        randomness: random.Random | None = None,
        new_writer: Callable[[], str] = lambda: uuid.uuid4().hex,
    ) -> None:
        self._client = client
        self._table = table
        self._window_seconds = window_seconds
        self._source_cap = source_cap
        self._new_writer = new_writer
        self._attempts = Attempts(
            f"dynamodb://{table}",
            failures,
            deadline_seconds,
            randomness or random.Random(),  # noqa: S311 - spreads retries, keeps no secret
        )

    def __repr__(self) -> str:
        return f"DynamoDbCounters({self._table!r})"

    def count(self, event: Event, visitor: Visitor, now: datetime) -> bool:
        """Count `event` in one transaction."""
        writer = self._new_writer()
        items = transaction(
            event,
            visitor,
            table=self._table,
            second=int(now.timestamp()),
            window_seconds=self._window_seconds,
            source_cap=self._source_cap,
            writer=writer,
        )

        def write() -> bool:
            # The token makes DynamoDB itself answer a repeated attempt as it answered the first.
            self._client.transact_write_items(TransactItems=items, ClientRequestToken=writer)
            return True

        return self._attempts.make(write, lambda error: _decided(error, writer))

    def article_counts(
        self, bucket: Bucket, since: datetime, until: datetime
    ) -> Iterator[ArticleCount]:
        """Read what articles got."""
        for start, article_id, sums in self._buckets(bucket, ARTICLE, since, until):
            yield ArticleCount(article_id, start, bucket.seconds, sums["views"], sums["clicks"])

    def article_totals(self) -> Iterator[ArticleTotal]:
        """Read what each article got since counting began."""
        sums: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for item in self._items(total_partitions(), None):
            sums[item["sk"]["S"]].update(_numbers(item))
        for article_id in sorted(sums):
            yield ArticleTotal(article_id, sums[article_id]["views"], sums[article_id]["clicks"])

    def search_counts(
        self, bucket: Bucket, since: datetime, until: datetime
    ) -> Iterator[SearchCount]:
        """Read what was searched for."""
        for start, query, sums in self._buckets(bucket, SEARCH, since, until):
            yield SearchCount(
                query,
                start,
                bucket.seconds,
                sums["searches"],
                sums["zero_hits"],
                sums["last_total"],
            )

    def click_counts(self, since: datetime, until: datetime) -> Iterator[ClickCount]:
        """Read which positions were chosen each day."""
        counts = (
            ClickCount(
                query=split_click_subject(subject)[1],
                position=split_click_subject(subject)[0],
                start_seconds=start,
                length_seconds=Bucket.DAY.seconds,
                clicks=sums["clicks"],
            )
            for start, subject, sums in self._buckets(Bucket.DAY, CLICK, since, until)
        )
        return iter(sorted(counts, key=lambda c: (c.start_seconds, c.query, c.position)))

    def close(self) -> None:
        """Close the client's connections."""
        self._client.close()

    def _buckets(
        self, bucket: Bucket, kind: str, since: datetime, until: datetime
    ) -> Iterator[tuple[int, str, Counter[str]]]:
        """Read start, subject and the sums over all shards, in that order."""
        span = covered_span(bucket, since, until)
        sums: defaultdict[tuple[int, str], Counter[str]] = defaultdict(Counter)
        for item in self._items(partitions(bucket, kind, span), sort_key_bounds(span)):
            _merge(sums[split_sort_key(item["sk"]["S"])], _numbers(item))
        for (start, subject), numbers in sorted(sums.items()):
            yield start, subject, numbers

    def _items(
        self, partition_keys: Iterable[str], bounds: tuple[str, str] | None
    ) -> Iterator[Item]:
        for partition in partition_keys:
            query: dict[str, Any] = {
                "TableName": self._table,
                "KeyConditionExpression": "pk = :pk",
                "ExpressionAttributeValues": {":pk": {"S": partition}},
            }
            if bounds is not None:
                query["KeyConditionExpression"] += " AND sk BETWEEN :first AND :last"
                query["ExpressionAttributeValues"] |= {
                    ":first": {"S": bounds[0]},
                    ":last": {"S": bounds[1]},
                }
            yield from self._pages(query)

    def _pages(self, query: dict[str, Any]) -> Iterator[Item]:
        while True:
            page = self._attempts.make(lambda: self._client.query(**query))  # noqa: B023 - called at once
            yield from page["Items"]
            if not page.get("LastEvaluatedKey"):
                return
            query = query | {"ExclusiveStartKey": page["LastEvaluatedKey"]}


def _decided(error: Exception, writer: str) -> bool | None:
    """Return whether the event is counted, None where the failure leaves that open."""
    codes = [reason.get("Code") for reason in cancellation_reasons(error)[:2]]
    if codes[:1] == [_FAILED]:
        # Counted before; by an earlier attempt of this very call, if its mark is there.
        mark: str | None = cancellation_reasons(error)[0].get("Item", {}).get("writer", {}).get("S")
        return mark == writer
    if codes == ["None", _FAILED]:
        return False
    return None


def _numbers(item: Item) -> dict[str, int]:
    return {name: int(value["N"]) for name, value in item.items() if "N" in value}


def _merge(sums: Counter[str], numbers: dict[str, int]) -> None:
    """Add the numbers of one shard, but for those that tell of the latest event only."""
    latest = max(sums["last_second"], numbers.get("last_second", 0))
    if latest > sums["last_second"]:
        sums["last_second"], sums["last_total"] = latest, numbers["last_total"]
    for name, number in numbers.items():
        if name not in {"last_second", "last_total"}:
            sums[name] += number
