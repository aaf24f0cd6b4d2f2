"""Any history of events, repeats and passing time, against a model of a few dictionaries.

The model knows nothing of rows, transactions or expiry items: a visitor who was counted for something
is not counted for it again until the window is over, and a source adds no more than its cap a day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from counters_fixtures import at
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from moto_server import S3Server

from engine.counters.buckets import Bucket
from engine.counters.dynamodb import DynamoDbCounters
from engine.counters.protocol import Click, Counters, Event, Search, View, Visitor
from engine.counters.sqlite import SqliteCounters

WINDOW_SECONDS = 1_800
SOURCE_CAP = 3
FIRST = at("2026-05-04 22:00")
BEFORE = FIRST - timedelta(days=1)

VISITORS = st.builds(
    Visitor, st.sampled_from(["阿", "宝", "陈", "丁", "鄂"]), st.sampled_from(["家", "公司"])
)
EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.builds(View, st.sampled_from(["41", "42"])),
    st.builds(
        Click,
        st.sampled_from(["41", "42"]),
        st.sampled_from(["", "直通车"]),
        st.sampled_from([None, 1, 2]),
    ),
    st.builds(Search, st.sampled_from(["直通车", "拼多多"]), st.sampled_from([0, 7])),
)
PAUSES = st.sampled_from([-600, -1, 0, 1, 1_799, 1_800, 1_801, 3_600, 7_200, 50_000, 86_400])

Again = Callable[[], Counters]


@dataclass
class Model:
    """What ought to have been counted."""

    def __post_init__(self) -> None:
        self.expires_at: dict[tuple[Any, ...], datetime] = {}
        self.of_sources: Counter[tuple[Any, ...]] = Counter()
        self.hours: Counter[tuple[Any, ...]] = Counter()

    def count(self, event: Event, visitor: Visitor, now: datetime) -> bool:
        match event:
            case View(article_id):
                subject: tuple[str, ...] = ("view", article_id)
            case Click(article_id, query):
                subject = ("click", article_id, query)
            case Search(query):
                subject = ("search", query)
        seen = (*subject, visitor.key)
        source = (*subject[:2], visitor.source, now.date())
        if now < self.expires_at.get(seen, now) or self.of_sources[source] >= SOURCE_CAP:
            return False
        self.expires_at[seen] = now + timedelta(seconds=WINDOW_SECONDS)
        self.of_sources[source] += 1
        hour = now.replace(minute=0, second=0)
        match event:
            case View(article_id):
                self.hours["views", article_id, hour] += 1
            case Click(article_id, query, position):
                self.hours["clicks", article_id, hour] += 1
                if position is not None:
                    self.hours["position", query, position, hour] += 1
            case Search(query, total):
                self.hours["searches", query, hour] += 1
                self.hours["zero_hits", query, hour] += total == 0
        return True

    def sums(
        self, *names: str, start: Callable[[datetime], datetime]
    ) -> dict[tuple[Any, ...], int]:
        sums: Counter[tuple[Any, ...]] = Counter()
        for (name, *subject, hour), number in self.hours.items():
            if name in names and number:
                sums[name, *subject, int(start(hour).timestamp())] += number
        return dict(sums)


class CountersMachine(RuleBasedStateMachine):
    """What any counters must tell after any events."""

    open: Callable[[Any], Again]
    """Each subclass says where its counters are."""

    @initialize()
    def begin(self) -> None:
        self.now = self.latest = FIRST
        self.model = Model()
        self.again = self.open()
        self.counters = self.again()
        self.sent: list[tuple[Event, Visitor]] = []

    def teardown(self) -> None:
        if hasattr(self, "counters"):
            self.read()

    @rule(event=EVENTS, visitor=VISITORS)
    def send(self, event: Event, visitor: Visitor) -> None:
        self.sent.append((event, visitor))
        self.check(event, visitor)

    @rule(number=st.integers(0, 50))
    def replay(self, number: int) -> None:
        if self.sent:
            self.check(*self.sent[number % len(self.sent)])

    @rule(seconds=PAUSES)
    def wait(self, seconds: int) -> None:
        # Nothing is swept here: expired rows stay and must count as absent. Clocks of several
        # machines differ, so time may also seem to go back.
        self.now = min(self.now + timedelta(seconds=seconds), FIRST + timedelta(days=6))
        self.latest = max(self.now, self.latest)

    @rule()
    def reopen(self) -> None:
        self.counters = self.again()

    def check(self, event: Event, visitor: Visitor) -> None:
        expected = self.model.count(event, visitor, self.now)
        assert self.counters.count(event, visitor, self.now) == expected

    @rule()
    def read(self) -> None:
        """Hold what is read against what was counted."""
        until = self.latest + timedelta(seconds=1)
        hours = self.model.sums("views", "clicks", start=lambda hour: hour)
        days = self.model.sums("views", "clicks", start=lambda hour: hour.replace(hour=0))
        assert self.articles(Bucket.HOUR, until) == hours
        assert self.articles(Bucket.DAY, until) == days
        assert self.searches(Bucket.HOUR, until) == self.model.sums(
            "searches", "zero_hits", start=lambda hour: hour
        )
        clicks = {
            ("position", row.query, row.position, row.start_seconds): row.clicks
            for row in self.counters.click_counts(BEFORE, until)
        }
        assert clicks == self.model.sums("position", start=lambda hour: hour.replace(hour=0))
        totals: Counter[tuple[str, str]] = Counter()
        for (name, article_id, _), number in hours.items():
            totals[name, article_id] += number
        read = {
            (name, row.article_id): number
            for row in self.counters.article_totals()
            for name, number in (("views", row.views), ("clicks", row.clicks))
            if number
        }
        assert read == dict(totals)

    def articles(self, bucket: Bucket, until: datetime) -> dict[tuple[Any, ...], int]:
        return {
            (name, row.article_id, row.start_seconds): number
            for row in self.counters.article_counts(bucket, BEFORE, until)
            for name, number in (("views", row.views), ("clicks", row.clicks))
            if number
        }

    def searches(self, bucket: Bucket, until: datetime) -> dict[tuple[Any, ...], int]:
        return {
            (name, row.query, row.start_seconds): number
            for row in self.counters.search_counts(bucket, BEFORE, until)
            for name, number in (("searches", row.searches), ("zero_hits", row.zero_hits))
            if number
        }


def run(machine: type[CountersMachine], examples: int) -> None:
    case = machine.TestCase
    case.settings = settings(max_examples=examples, stateful_step_count=25, deadline=None)
    case("runTest").debug()


def test_sqlite_counts_as_the_model_does() -> None:
    with TemporaryDirectory() as folder:
        opened: list[SqliteCounters] = []

        class Machine(CountersMachine):
            def open(self) -> Again:
                path = Path(folder) / f"{len(opened)}.sqlite"

                def again() -> Counters:
                    opened.append(
                        SqliteCounters(path, window_seconds=WINDOW_SECONDS, source_cap=SOURCE_CAP)
                    )
                    return opened[-1]

                return again

            def teardown(self) -> None:
                super().teardown()
                for counters in opened:
                    counters.close()

        run(Machine, 40)


def test_dynamodb_counts_as_the_model_does(s3_server: S3Server) -> None:
    client = s3_server.client("dynamodb")

    class Machine(CountersMachine):
        def open(self) -> Again:
            self.table = s3_server.create_counters_table()

            def again() -> Counters:
                return DynamoDbCounters(
                    client,
                    self.table,
                    failures=(BotoCoreError, ClientError),
                    window_seconds=WINDOW_SECONDS,
                    source_cap=SOURCE_CAP,
                )

            return again

        def teardown(self) -> None:
            super().teardown()
            client.delete_table(TableName=self.table)

    run(Machine, 5)
    client.close()
