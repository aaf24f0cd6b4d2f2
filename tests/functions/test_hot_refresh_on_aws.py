"""The scheduled function over a bucket and a table; moto stands in for S3 and DynamoDB."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from moto_server import S3Server

from engine.counters.protocol import Search, View, Visitor
from engine.index.blocked_words import BLOCKED_WORDS_NAME, encode_blocked_words
from engine.live.change import read_live
from engine.live.hot_list import HOT_LIST
from engine.live.hot_searches import HOT_SEARCHES
from engine.store.locations import open_store
from functions import hot_refresh, runtime
from functions.counters_location import open_counters
from functions.settings import Settings
from functions.warm_counters import WarmCounters


def test_counts_in_a_table_become_objects_in_a_bucket(
    s3_server: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in s3_server.environment.items():
        monkeypatch.setenv(name, value)
    settings = Settings(
        f"s3://{s3_server.create_bucket()}/index",
        counters_url=f"dynamodb://{s3_server.create_counters_table()}",
    )
    monkeypatch.setattr(runtime, "settings", settings)
    monkeypatch.setattr(runtime, "warm_counters", WarmCounters(settings))
    assert settings.index_url is not None
    assert settings.counters_url is not None
    store = open_store(settings.index_url)
    store.put_if_absent(BLOCKED_WORDS_NAME, encode_blocked_words(["代开发票"], []))
    counters = open_counters(settings.counters_url)
    now = datetime.now(UTC)
    for number in range(3):
        visitor = Visitor(f"v{number}", f"s{number}")
        assert counters.count(View("41"), visitor, now)
        assert counters.count(Search("直通车", 7), visitor, now)
        assert counters.count(Search("代开发票", 7), visitor, now)
    counters.close()
    first = hot_refresh.handler({"source": "aws.events"}, None)
    assert (first["articles"], first["searches"]) == (1, 1)
    assert set(read_live(store, HOT_LIST).scores) == {"41"}
    assert [s.query for s in read_live(store, HOT_SEARCHES).searches] == ["直通车"]
    assert hot_refresh.handler({"source": "aws.events"}, None) == first
