"""How long does the first answer of a fresh Lambda environment take?

The real runtime client under AWS's interface emulator, on the unzipped bundle: from the start of the
process to the first correct answer, as a ratio to a handler that does nothing, in the same round. Run by
`make cold-start`; `--index` names an index folder or a published store (file:///.., s3://..). With
`--latency-ms` the published folder that it names is served as a bucket, each answer after so long.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import quote

from benchmarks.object_server import Traffic, serving
from infra.bundling.platforms import find_runtime_python
from local.lambda_emulator import EmulatorTools, LambdaEmulator, find_tools
from local.template_routes import read_template

_BARE = 'def handler(event, context):\n    return {"statusCode": 200, "body": "{}"}\n'
_SHOWN_IMPORTS = 14


@dataclass(frozen=True, slots=True)
class Case:
    """One function and the event that it is asked first."""

    name: str
    folder: Path
    handler: str
    event: Mapping[str, Any]


def event_for(route: str, path: str, query: str = "", **path_parameters: str) -> dict[str, Any]:
    """Return what API Gateway sends for a GET request."""
    return {
        "version": "2.0",
        "routeKey": f"GET {route}",
        "rawPath": path,
        "rawQueryString": query,
        "headers": {},
        "pathParameters": path_parameters,
        "requestContext": {
            "http": {"method": "GET", "path": path},
            "requestId": "cold-start",
            "stage": "$default",
        },
        "isBase64Encoded": False,
    }


def cases(bundle: Path, bare: Path, query: str, article: str) -> list[Case]:
    """Return the functions to start."""
    related = f"/v1/articles/{article}/related"
    return [
        Case("bare handler", bare, "bare.handler", {}),
        Case(
            "search",
            bundle,
            "functions.search.handler",
            event_for("/v1/search", "/v1/search", f"q={quote(query)}"),
        ),
        Case(
            "related",
            bundle,
            "functions.recommend.handler",
            event_for("/v1/articles/{id}/related", related, id=article),
        ),
        Case(
            "hot", bundle, "functions.recommend.handler", event_for("/v1/hot", "/v1/hot", "size=10")
        ),
    ]


@dataclass(frozen=True, slots=True)
class Start:
    """Milliseconds to the first answer of a fresh process, on the clock and on the processor; the second's.

    requests, fetched_bytes: what the first answer asked of a store that is served here.
    """

    first: float
    processor: float
    warm: float
    requests: int = 0
    fetched_bytes: int = 0


def start_once(
    tools: EmulatorTools, case: Case, environment: Mapping[str, str], traffic: Traffic
) -> Start:
    """Start a process and ask it twice; its cache is empty unless the environment names one."""
    before = copy(traffic)
    # What runs beside requests may still write when the process is ended.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as cache:
        begun = time.perf_counter()
        with LambdaEmulator(
            tools, case.folder, case.handler, {"WENMAI_CACHE": cache, **environment}
        ) as emulator:
            answer = emulator.invoke(case.event)
            first = time.perf_counter() - begun
            processor = emulator.processor_seconds()
            asked = copy(traffic)
            if answer.get("statusCode") != 200 or '"items":[]' in answer["body"]:
                raise SystemExit(f"{case.name}: no good answer: {str(answer)[:300]}")
            begun = time.perf_counter()
            emulator.invoke(case.event)
            warm = time.perf_counter() - begun
            return Start(
                first * 1000,
                processor * 1000,
                warm * 1000,
                asked.requests - before.requests,
                asked.sent_bytes - before.sent_bytes,
            )


def print_starts(starts: Mapping[str, Sequence[Start]]) -> None:
    """Print a line for each function; ratios are taken within each round, then their median."""
    bare = starts["bare handler"]
    print(f"{len(bare)} rounds, medians; processor: the emulator's and the runtime's")
    print("function       first ms  x bare  processor ms  x bare  warm ms  requests    MB")
    for name, rounds in starts.items():
        print(
            f"{name:14} {median(one.first for one in rounds):8.0f}"
            f" {median(one.first / alone.first for one, alone in zip(rounds, bare, strict=True)):7.2f}"
            f" {median(one.processor for one in rounds):13.0f}"
            f" {median(one.processor / alone.processor for one, alone in zip(rounds, bare, strict=True)):7.2f}"
            f" {median(one.warm for one in rounds):8.1f} {median(one.requests for one in rounds):9.0f}"
            f" {median(one.fetched_bytes for one in rounds) / 1e6:5.1f}"
        )


def import_shares(
    python: Path, bundle: Path, module: str, environment: Mapping[str, str]
) -> list[tuple[str, float]]:
    """Return the modules whose own import takes longest, with milliseconds, modules below included."""
    result = subprocess.run(
        [str(python), "-X", "importtime", "-c", f"import {module}"],
        capture_output=True,
        text=True,
        check=True,
        cwd=bundle,
        env={**environment, "PYTHONPATH": str(bundle)},
    )
    rows: list[tuple[str, float]] = []
    for line in result.stderr.splitlines():
        _, _, rest = line.partition("import time:")
        parts = rest.split("|")
        if len(parts) == 3 and parts[1].strip().isdigit():
            rows.append((parts[2].rstrip(), int(parts[1]) / 1000))
    wanted = ("numpy", "jieba", "aws_lambda_powertools.event_handler.api_gateway", "marisa_trie",
              "obstore", "aws_lambda_powertools.logging", "aws_lambda_powertools.metrics", "json",
              "engine.search.searcher", "functions.runtime", "functions.entry_point", "re",
              "engine.index.snapshot", "functions.powertools", module)  # fmt: skip
    best = {name.strip(): took for name, took in rows if name.strip() in wanted}
    return sorted(best.items(), key=lambda item: -item[1])[:_SHOWN_IMPORTS]


def _bucket_at(endpoint: str) -> dict[str, str]:
    return {
        "WENMAI_INDEX": "s3://bucket",
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "nobody",
        "AWS_SECRET_ACCESS_KEY": "nothing",
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundle", type=Path, required=True, help="built for this machine")
    parser.add_argument("--index", required=True)
    parser.add_argument("--tools", type=Path, required=True, help="python of the aws-tools venv")
    parser.add_argument("--query", default="用户增长")
    parser.add_argument("--article", required=True)
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--environment", type=json.loads, default={})
    parser.add_argument("--latency-ms", type=float, help="serve --index, a published folder")
    given = parser.parse_args(arguments)
    template = read_template()["Globals"]["Function"]["Environment"]["Variables"]
    threads = "OPENBLAS_NUM_THREADS"  # set as the template sets it
    environment = {threads: template[threads], "WENMAI_INDEX": given.index, **given.environment}
    tools = find_tools(given.tools)
    with ExitStack() as stack:
        traffic = Traffic()
        if given.latency_ms is not None:
            served = serving(Path(given.index), given.latency_ms)
            endpoint, traffic = stack.enter_context(served)
            environment |= _bucket_at(endpoint)
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        Path(folder, "bare.py").write_text(_BARE, encoding="utf-8")
        shown = cases(given.bundle, Path(folder), given.query, given.article)
        starts: dict[str, list[Start]] = {case.name: [] for case in shown}
        for _ in range(given.rounds):
            # One after the other within a round, so that a busy moment touches all of them.
            for case in shown:
                starts[case.name].append(start_once(tools, case, environment, traffic))
    print_starts(starts)
    print("\nimport of functions.search: milliseconds, what it imports in turn included")
    shares = import_shares(find_runtime_python(), given.bundle, "functions.search", environment)
    for name, took in shares:
        print(f"{took:8.1f}  {name}")


if __name__ == "__main__":
    main()
