"""Throttling, conflicts and answers that get lost, in front of a table that works (moto).

The faults are injected between client and table: what DynamoDB would answer is written out as its
error documents have it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError, ReadTimeoutError
from counters_fixtures import at
from moto_server import S3Server

from engine.counters.dynamodb import DynamoDbCounters
from engine.counters.protocol import ArticleTotal, View, Visitor
from engine.errors import CountersUnavailableError

NOW = at("2026-05-04 08:30")
PERSON = Visitor("阿", "家")
VIEW = View("41")


class FaultyClient:
    """Passes requests on, but what `faults` says of the next ones: before or after they are done."""

    def __init__(self, client: Any, faults: list[tuple[str, Exception] | None]) -> None:
        self._client = client
        self._faults = faults
        self.tokens: list[str] = []

    def transact_write_items(self, **request: Any) -> Any:
        self.tokens.append(request["ClientRequestToken"])
        return self._pass_on(self._client.transact_write_items, request)

    def query(self, **request: Any) -> Any:
        return self._pass_on(self._client.query, request)

    def _pass_on(self, action: Callable[..., Any], request: dict[str, Any]) -> Any:
        fault = self._faults.pop(0) if self._faults else None
        if fault is None:
            return action(**request)
        moment, error = fault
        if moment == "after":
            action(**request)
        raise error


def refused(code: str, *reasons: str, status: int = 400) -> ClientError:
    response: Any = {
        "Error": {"Code": code, "Message": f"{code} of item 41"},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    if reasons:
        response["CancellationReasons"] = [{"Code": reason} for reason in reasons]
    return ClientError(response, "TransactWriteItems")


THROTTLED = refused("ProvisionedThroughputExceededException")
CONFLICT = refused("TransactionCanceledException", "None", "None", "TransactionConflict", "None")
CANCELLED_BY_THROTTLING = refused(
    "TransactionCanceledException", "None", "ThrottlingError", "None", "None"
)
BROKEN = refused("InternalServerError", status=500)
LOST = ReadTimeoutError(endpoint_url="http://localhost")


@pytest.fixture
def table(s3_server: S3Server) -> Iterator[tuple[Any, str]]:
    client = s3_server.client("dynamodb", retries={"total_max_attempts": 1})
    yield client, s3_server.create_counters_table()
    client.close()


def faulty(
    table: tuple[Any, str],
    *faults: tuple[str, Exception] | None,
    deadline_seconds: float = 5.0,
) -> tuple[DynamoDbCounters, FaultyClient]:
    client = FaultyClient(table[0], list(faults))
    counters = DynamoDbCounters(
        client,
        table[1],
        failures=(BotoCoreError, ClientError),
        deadline_seconds=deadline_seconds,
        randomness=random.Random(7),  # noqa: S311
    )
    return counters, client


@pytest.mark.parametrize(
    "error", [THROTTLED, CONFLICT, CANCELLED_BY_THROTTLING, BROKEN, LOST], ids=repr
)
def test_what_passes_is_repeated_and_counts_once(table: tuple[Any, str], error: Exception) -> None:
    counters, client = faulty(table, ("before", error), ("before", error))
    assert counters.count(VIEW, PERSON, NOW) is True
    assert len(client.tokens) == 3
    assert len(set(client.tokens)) == 1, "DynamoDB must know the repeated attempt by its token"
    assert not counters.count(VIEW, PERSON, NOW)
    assert list(counters.article_totals()) == [ArticleTotal("41", 1, 0)]


@pytest.mark.parametrize("error", [LOST, BROKEN, THROTTLED], ids=repr)
def test_an_attempt_that_had_landed_is_not_counted_again_and_known_for_ones_own(
    table: tuple[Any, str], error: Exception
) -> None:
    # moto does not know ClientRequestToken, so here the visitor's item alone must decide.
    counters, _ = faulty(table, ("after", error), ("after", error))
    assert counters.count(VIEW, PERSON, NOW) is True
    assert list(counters.article_totals()) == [ArticleTotal("41", 1, 0)]


def test_another_visit_is_not_taken_for_ones_own_attempt(table: tuple[Any, str]) -> None:
    counters, _ = faulty(table)
    assert counters.count(VIEW, PERSON, NOW) is True
    counters, _ = faulty(table, ("before", LOST))
    assert counters.count(VIEW, PERSON, NOW) is False


def test_throttling_past_the_deadline_is_unavailable_and_counts_nothing(
    table: tuple[Any, str],
) -> None:
    counters, _ = faulty(table, *[("before", THROTTLED)] * 1_000, deadline_seconds=0.2)
    with pytest.raises(CountersUnavailableError, match="ProvisionedThroughputExceeded"):
        counters.count(VIEW, PERSON, NOW)
    healthy, _ = faulty(table)
    assert list(healthy.article_totals()) == []
    assert healthy.count(VIEW, PERSON, NOW) is True


@pytest.mark.parametrize(
    "code", ["AccessDeniedException", "ResourceNotFoundException", "ValidationException"]
)
def test_what_never_passes_is_told_at_once_without_what_people_typed(
    table: tuple[Any, str], code: str
) -> None:
    counters, client = faulty(table, ("before", refused(code)))
    with pytest.raises(CountersUnavailableError, match=code) as caught:
        counters.count(VIEW, PERSON, NOW)
    assert len(client.tokens) == 1
    assert "item 41" not in str(caught.value)


def test_a_cap_that_is_reached_is_no_failure(table: tuple[Any, str]) -> None:
    capped = refused("TransactionCanceledException", "None", "ConditionalCheckFailed", "None")
    counters, client = faulty(table, ("before", capped))
    assert counters.count(VIEW, PERSON, NOW) is False
    assert len(client.tokens) == 1


def test_a_cap_beside_a_conflict_over_the_visitor_decides_nothing(table: tuple[Any, str]) -> None:
    # The attempt before may have landed: only the visitor's own item can tell.
    unclear = refused(
        "TransactionCanceledException", "TransactionConflict", "ConditionalCheckFailed"
    )
    counters, client = faulty(table, ("after", LOST), ("before", unclear))
    with pytest.raises(CountersUnavailableError):
        counters.count(VIEW, PERSON, NOW)
    assert len(client.tokens) == 2


def test_reading_waits_out_throttling_too(table: tuple[Any, str]) -> None:
    counters, _ = faulty(table)
    assert counters.count(VIEW, PERSON, NOW)
    counters, _ = faulty(table, ("before", THROTTLED), None, ("before", BROKEN))
    assert list(counters.article_totals()) == [ArticleTotal("41", 1, 0)]


def test_long_partitions_are_read_page_by_page(table: tuple[Any, str]) -> None:
    counters, client = faulty(table)
    for n in range(30):
        assert counters.count(View(f"{n:02}"), Visitor(str(n), str(n)), NOW)
    whole = client._client.query

    class SmallPages:
        def query(self, **request: Any) -> Any:
            return whole(**request, Limit=3)

    paged = DynamoDbCounters(SmallPages(), table[1], failures=(ClientError,))
    assert [row.article_id for row in paged.article_totals()] == [f"{n:02}" for n in range(30)]


def test_the_table_holds_neither_visitor_nor_source(table: tuple[Any, str]) -> None:
    counters, _ = faulty(table)
    assert counters.count(VIEW, Visitor("visitor-key", "source-key"), NOW)
    kept = repr(table[0].scan(TableName=table[1])["Items"])
    assert "41" in kept
    assert "visitor-key" not in kept
    assert "source-key" not in kept
    # What can expire says when, in the seconds that TTL counts.
    for item in table[0].scan(TableName=table[1])["Items"]:
        assert ("expires_at" in item) != item["pk"]["S"].startswith("total#")
