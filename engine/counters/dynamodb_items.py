"""Which items of a DynamoDB table hold the counts?

    pk                                sk                              attributes
    seen#<key>                        -                               writer, expires_at
    source#<key>                      -                               events, expires_at
    hour#article#<day>#<shard>        <start>#<article id>            views, clicks, expires_at
    day#article#<month>#<shard>       <start>#<article id>            views, clicks, expires_at
    total#article#<shard>             <article id>                    views, clicks
    hour#search#<day>#<shard>         <start>#<query>                 searches, zero_hits, ...
    day#search#<month>#<shard>        <start>#<query>                 searches, zero_hits, ...
    day#click#<month>#<shard>         <start>#<position>#<query>      clicks, expires_at

(... stands for last_total, last_second, expires_at.)

Invariant: an event goes to a shard by who sent it, so readers of one article do not get into each
other's way: transactions that touch the same item cancel each other. A reader adds the shards up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from engine.counters.buckets import Bucket, days_between, site_day, start_of_bucket
from engine.counters.protocol import Click, Event, Search, View, Visitor
from engine.counters.subjects import seen_key, source_key

SHARDS = 4

EXPIRY = "expires_at"
"""The attribute that the table's TTL names: epoch seconds."""

ARTICLE, SEARCH, CLICK = "article", "search", "click"

Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Now:
    """When an event happened, and which shard takes it."""

    second: int
    shard: int


@dataclass(frozen=True, slots=True)
class _Addition:
    """What moves in one item: numbers to add, and numbers to put in their place."""

    partition: str
    sort: str
    added: dict[str, int]
    put: dict[str, int]


def transaction(
    event: Event,
    visitor: Visitor,
    *,
    table: str,
    second: int,
    window_seconds: int,
    source_cap: int,
    writer: str,
) -> list[Item]:
    """Return the TransactItems that count `event` whole; the first de-duplicates, the second caps.

    TTL may leave an expired item for days, so the condition compares the expiry that is stored.
    """
    seen = seen_key(event, visitor)
    now = _Now(second, int(seen[:8], 16) % SHARDS)
    remember_visitor = {
        "TableName": table,
        "Item": {
            **_key(f"seen#{seen}", "-"),
            "writer": {"S": writer},
            EXPIRY: _number(second + window_seconds),
        },
        "ConditionExpression": "attribute_not_exists(pk) OR #expiry <= :now",
        "ExpressionAttributeNames": {"#expiry": EXPIRY},
        "ExpressionAttributeValues": {":now": _number(second)},
        # Whose it is tells a repeated attempt of our own from another visit.
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    source = f"source#{source_key(event, visitor, site_day(second))}"
    expiry = second + 2 * Bucket.DAY.seconds
    remember_source = _update(table, _Addition(source, "-", {"events": 1}, {EXPIRY: expiry}))
    remember_source["ConditionExpression"] = "attribute_not_exists(pk) OR #add0 < :cap"
    remember_source["ExpressionAttributeValues"][":cap"] = _number(source_cap)
    additions = [_update(table, addition) for addition in _additions(event, now)]
    return [
        {"Put": remember_visitor},
        *({"Update": item} for item in (remember_source, *additions)),
    ]


def partitions(bucket: Bucket, kind: str, span: tuple[int, int]) -> Iterator[str]:
    """Return the pk of every partition that may hold buckets of `kind` in `span`."""
    days = days_between(*span)
    stretches: Iterable[str] = (
        days if bucket is Bucket.HOUR else dict.fromkeys(day[:7] for day in days)
    )
    for stretch in stretches:
        for shard in range(SHARDS):
            yield f"{bucket}#{kind}#{stretch}#{shard}"


def total_partitions() -> Iterator[str]:
    """Return the pk of every partition that holds totals."""
    return (f"total#{ARTICLE}#{shard}" for shard in range(SHARDS))


def sort_key_bounds(span: tuple[int, int]) -> tuple[str, str]:
    """Return between which sort keys the buckets of the half-open `span` lie."""
    return _start_text(span[0]), _start_text(span[1])


def split_sort_key(sort_key: str) -> tuple[int, str]:
    """Return the start of the bucket and the subject that a sort key holds."""
    start, _, subject = sort_key.partition("#")
    return int(start), subject


def split_click_subject(subject: str) -> tuple[int, str]:
    """Return the position and the query of a click's subject."""
    position, _, query = subject.partition("#")
    return int(position), query


def _additions(event: Event, now: _Now) -> Iterator[_Addition]:
    match event:
        case View(article_id):
            yield from _article_additions(article_id, {"views": 1}, now)
        case Click(article_id, query, position):
            yield from _article_additions(article_id, {"clicks": 1}, now)
            if position is not None:
                yield _in_bucket(Bucket.DAY, CLICK, f"{position:04}#{query}", {"clicks": 1}, now)
        case Search(query, total):
            latest = {"last_total": total, "last_second": now.second}
            for bucket in Bucket:
                amounts = {"searches": 1, "zero_hits": int(total == 0)}
                addition = _in_bucket(bucket, SEARCH, query, amounts, now)
                yield replace(addition, put=addition.put | latest)


def _article_additions(article_id: str, amounts: dict[str, int], now: _Now) -> Iterator[_Addition]:
    for bucket in Bucket:
        yield _in_bucket(bucket, ARTICLE, article_id, amounts, now)
    yield _Addition(f"total#{ARTICLE}#{now.shard}", article_id, amounts, {})


def _in_bucket(
    bucket: Bucket, kind: str, subject: str, amounts: dict[str, int], now: _Now
) -> _Addition:
    start = start_of_bucket(bucket, now.second)
    day = site_day(now.second)
    stretch = day if bucket is Bucket.HOUR else day[:7]
    expiry = start + bucket.seconds + (bucket.kept_days + 1) * Bucket.DAY.seconds
    return _Addition(
        f"{bucket}#{kind}#{stretch}#{now.shard}",
        f"{_start_text(start)}#{subject}",
        amounts,
        {EXPIRY: expiry},
    )


def _update(table: str, addition: _Addition) -> Item:
    """Return an Update that adds to some attributes, absent ones counting as 0, and sets others."""
    # Placeholders throughout: `views` and others are reserved words.
    names, values = {}, {}
    for verb, numbers in (("add", addition.added), ("put", addition.put)):
        for n, (name, number) in enumerate(numbers.items()):
            names[f"#{verb}{n}"] = name
            values[f":{verb}{n}"] = _number(number)
    expression = "ADD " + ", ".join(f"#add{n} :add{n}" for n in range(len(addition.added)))
    if addition.put:
        expression += " SET " + ", ".join(f"#put{n} = :put{n}" for n in range(len(addition.put)))
    return {
        "TableName": table,
        "Key": _key(addition.partition, addition.sort),
        "UpdateExpression": expression,
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": values,
    }


def _key(partition: str, sort: str) -> Item:
    return {"pk": {"S": partition}, "sk": {"S": sort}}


def _number(value: int) -> Item:
    return {"N": str(value)}


def _start_text(second: int) -> str:
    # As many digits for all, so that text sorts as time does.
    return f"{second:012}"
