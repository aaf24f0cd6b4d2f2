"""One day of a site on Lambda, without AWS: the bundles under the emulator, moto for S3 and DynamoDB."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from emulated_stack import SCHEDULED_EVENT, EmulatedStack
from moto_server import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY, S3Server

from engine.index.publication import publish_artifact
from engine.index.rollback import roll_back
from engine.store.locations import open_store
from engine.store.protocol import Store
from engine.store.s3_client import S3Options
from infra.bundle import Bundle
from local.lambda_emulator import EmulatorTools

SAMPLE = Path(__file__).resolve().parents[2] / "local" / "sample"
CANARY = "鹩鸲虢氍"
PARAMETERS = {
    "AllowedOrigin": "https://bbs.example.cn",
    "TokenKeys": "now:a-key-for-the-tests",
    "VisitorSecret": "a secret for the tests",
    "EventTokens": "required",
}
NEW = {
    "title": "螺蛳粉联名盲盒怎么做私域拉新",
    "body": "螺蛳粉联名款上线之前,私域社群先找种子用户,再谈裂变拉新,老客带新客。",
    "category": ["运营", "私域"],
    "tags": ["螺蛳粉", "私域"],
    "published_at": "2026-05-04T08:00:00+08:00",
}
PATIENCE_SECONDS = 30.0


@pytest.fixture(scope="module")
def stack(
    emulator_tools: EmulatorTools,
    bundle: Bundle,
    rebuild_bundle: Bundle,
    s3_server: S3Server,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[EmulatedStack]:
    folders = {"bundle": bundle.folder, "rebuild-bundle": rebuild_bundle.folder}
    work = tmp_path_factory.mktemp("stack")
    started = EmulatedStack(emulator_tools, folders, s3_server, work, PARAMETERS)
    yield started
    started.close()


@pytest.fixture(scope="module")
def store(stack: EmulatedStack) -> Store:
    options = S3Options(
        endpoint_url=stack.server.endpoint_url,
        region=REGION,
        access_key_id=ACCESS_KEY_ID,
        secret_access_key=SECRET_ACCESS_KEY,
    )
    url = stack.environment("SearchFunction")["WENMAI_INDEX"]
    return open_store(url, deadline_seconds=30.0, s3_options=options)


def eventually(seen: Callable[[], Any], *, what: str) -> Any:
    """Return the first true answer; readers look at the store every two seconds."""
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while not (answer := seen()):
        assert time.monotonic() < give_up_at, what
        time.sleep(0.2)
    return answer


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def test_a_day(stack: EmulatedStack, store: Store, sample_index: Path) -> None:
    def found(query: str) -> list[str]:
        return [hit["id"] for hit in stack.get("/v1/search", q=query)["items"]]

    def hottest() -> list[str]:
        return [item["id"] for item in stack.get("/v1/hot", window="day", size="3")["items"]]

    def status_of(article_id: str) -> int:
        return stack.request("GET", f"/v1/articles/{article_id}").status

    # Before anything is published: a clear answer, and a refresh that says what is missing.
    assert stack.request("GET", "/v1/search", "q=a").status == 503
    assert stack.invoke("HotRefreshFunction", SCHEDULED_EVENT)["errorType"]

    first = publish_artifact(store, sample_index, now()).pointer.current.version
    eventually(
        lambda: stack.request("GET", "/v1/status").body.get("index_version") == first,
        what="the published index is not served",
    )
    search = stack.get("/v1/search", q="直通车")
    assert search["items"]
    assert not search["degraded"]
    article, other = (hit["id"] for hit in search["items"][:2])
    assert stack.get("/v1/suggest", q="直通")["items"]
    related = stack.get(f"/v1/articles/{article}/related")
    assert article not in [hit["id"] for hit in related["items"]]

    # Readers look at an article that was not hot; the refresh, five minutes later, makes it so.
    cold = "60"
    assert cold not in hottest()
    for reader in range(6):
        shown = stack.get(f"/v1/articles/{cold}")
        event = {"type": "view", "article_id": cold, "token": shown["token"]}
        sent = stack.request(
            "POST", "/v1/events", "", event, ip=f"203.0.113.{reader}", browser=f"Browser/{reader}"
        )
        assert (sent.status, sent.body["counted"]) == (202, True)
    forged = {"type": "view", "article_id": cold, "token": "now:forged"}
    assert stack.request("POST", "/v1/events", "", forged).status == 400
    refreshed = stack.invoke("HotRefreshFunction", SCHEDULED_EVENT)
    assert refreshed["articles"] == 1, refreshed
    eventually(lambda: cold in hottest(), what="what was read is not hot")

    # The site puts an article and deletes another.
    assert found(CANARY) == []
    put = stack.request("PUT", "/v1/articles/n1", "", NEW)
    assert put.status == 200, put
    deleted = stack.request("DELETE", f"/v1/articles/{other}")
    assert deleted.status == 200, deleted
    eventually(lambda: "n1" in found("螺蛳粉联名"), what="what was put is not found")
    eventually(lambda: other not in found("直通车"), what="what was deleted is found")
    # Another function, which looks at the store by itself.
    eventually(lambda: status_of(other) == 404, what="what was deleted can be read")
    eventually(lambda: status_of("n1") == 200, what="what was put cannot be read")

    # Three o'clock: the index is built anew from the source, the changes in it.
    put_source(stack)
    rebuilt = stack.invoke("RebuildFunction", SCHEDULED_EVENT)
    assert rebuilt.get("generation") == 2, (rebuilt, stack.log("RebuildFunction")[-3000:])
    assert rebuilt["folded"]
    second = rebuilt["index_version"]
    assert second != first

    def version() -> str:
        return str(stack.get("/v1/status")["index_version"])

    eventually(lambda: version() == second, what="the rebuilt index is not served")
    assert "n1" in found("螺蛳粉联名")
    assert other not in found("直通车")
    eventually(lambda: cold in hottest(), what="the rebuild lost what is hot")

    # Somebody does not like it: back to the version before, without losing what was put.
    roll_back(store, now())
    eventually(lambda: version() == first, what="the version before is not served")
    assert stack.get("/v1/status")["generation"] == 3
    assert "n1" in found("螺蛳粉联名")
    assert other not in found("直通车")

    written = "".join(stack.log(name) for name in stack.functions)
    # What is not JSON is the runtime's own.
    assert all(line.isascii() for line in written.splitlines() if line.startswith("{"))
    assert ascii(CANARY)[1:-1] not in written
    assert "203.0.113." not in written
    metrics = {
        metric["Name"]
        for line in written.splitlines()
        if '"_aws"' in line
        for metric in json.loads(line)["_aws"]["CloudWatchMetrics"][0]["Metrics"]
    }
    assert {"latency_ms", "zero_hit", "not_modified", "index_age_s", "refreshed"} <= metrics


def put_source(stack: EmulatedStack) -> None:
    """Upload the sample as the site would export it every night."""
    bucket, _, key = (
        stack.environment("RebuildFunction")["WENMAI_SOURCE"].removeprefix("s3://").partition("/")
    )
    lines = b"".join(path.read_bytes() for path in sorted(SAMPLE.glob("*.jsonl")))
    client = stack.server.client("s3")
    client.put_object(Bucket=bucket, Key=key, Body=gzip.compress(lines))
    client.close()


def test_what_the_functions_get_is_what_the_template_says(stack: EmulatedStack) -> None:
    assert stack.environment("SearchFunction") == {
        "OPENBLAS_NUM_THREADS": "1",
        "WENMAI_INDEX": f"s3://{stack.bucket}/index",
        "WENMAI_METRICS": "on",
        "WENMAI_SITE_URL": "",
        "WENMAI_TOKEN_KEYS": PARAMETERS["TokenKeys"],
    }
    assert "WENMAI_TOKEN_KEYS" not in stack.environment("RebuildFunction")
    assert stack.environment("EventsFunction")["WENMAI_COUNTERS"] == f"dynamodb://{stack.table}"
