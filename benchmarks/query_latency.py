"""How long does it take from a query to its ten best articles, and which stage takes it?

Asks the queries of a file of every kind in one process and thread, several rounds over all of them so that no
query finds its own lists still warm, and takes the median round of each query. Times are thread time, which
waiting for a busy machine does not lengthen (though a shared cache does). `ranked` is what `wenmai batch
search` times; `handled` is the whole handler, event in, response out, with a page of ten.

    python -m benchmarks.query_latency INDEX QUERIES.jsonl[.gz] [--rounds 3] [--most 1000] [--handler]

Queries are {"id", "type", "query"} a line, or plain lines.
"""

from __future__ import annotations

import argparse
import gzip
import json
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from engine.index.snapshot import Snapshot, open_snapshot
from engine.search.matcher import Matcher
from engine.search.query_plan import plan_query
from engine.search.ranking import rank_best
from engine.search.scorer import Scorer
from engine.search.searcher import rank_articles
from engine.search.term_reader import TermReader
from local.http_events import make_event
from local.lambda_context import LambdaContext

SIZE = 10


def main() -> None:
    """Print a table of milliseconds by type of query and stage."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("index", type=Path)
    parser.add_argument("queries", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--most", type=int, default=1_000)
    parser.add_argument("--handler", action="store_true")
    arguments = parser.parse_args()
    snapshot = open_snapshot(arguments.index)
    queries = read_queries(arguments.queries)
    queries = queries[:: max(1, len(queries) // arguments.most)]
    stages = stages_of(snapshot, arguments.index if arguments.handler else None)
    articles = snapshot.manifest.counts["articles"]
    print(f"{articles:,} articles, {len(queries):,} queries, median of {arguments.rounds} rounds\n")
    print(f"{'milliseconds':24}{'p50':>8}{'p90':>8}{'p99':>8}")
    for stage, ask in stages.items():
        spent = measure(ask, [text for _, text in queries], arguments.rounds)
        by_kind: dict[str, list[float]] = defaultdict(list)
        for (kind, _), milliseconds in zip(queries, spent, strict=True):
            by_kind[kind].append(milliseconds)
        if len(by_kind) > 1:
            by_kind["all"] = spent
        for kind, each in by_kind.items():
            report(f"{stage}, {kind}", each)


def measure(ask: Callable[[str], object], texts: Sequence[str], rounds: int) -> list[float]:
    """Return the median milliseconds of each text over `rounds`, after one that warms up."""
    spent: list[list[float]] = [[] for _ in texts]
    for _ in range(rounds + 1):
        for each, text in zip(spent, texts, strict=True):
            begun = time.thread_time()
            ask(text)
            each.append((time.thread_time() - begun) * 1e3)
    return [statistics.median(each[1:]) for each in spent]


def report(name: str, milliseconds: Sequence[float]) -> None:
    """Print one line."""
    ordered = sorted(milliseconds)
    shares = (
        ordered[min(len(ordered) - 1, int(len(ordered) * share))] for share in (0.5, 0.9, 0.99)
    )
    print(f"{name:24}" + "".join(f"{one:>8.3f}" for one in shares))


def read_queries(path: Path) -> list[tuple[str, str]]:
    """Return (type, query) of each line."""
    content = path.read_bytes()
    text = gzip.decompress(content) if path.suffix == ".gz" else content
    found = []
    for line in text.decode("utf-8").splitlines():
        record = json.loads(line) if line.startswith("{") else {"query": line.strip()}
        found.append((str(record.get("type", "query")), str(record["query"])))
    return found


def stages_of(snapshot: Snapshot, served: Path | None) -> dict[str, Callable[[str], object]]:
    """Return the stages by name; each is asked with a query and does all of its work anew."""
    analyzer = snapshot.analyzer

    def score(text: str) -> object:
        reader, plan = TermReader(snapshot), plan_query(analyzer, text)
        return Scorer(reader, plan).score_all()

    def match(text: str) -> object:
        return Matcher(TermReader(snapshot), plan_query(analyzer, text)).complete_articles()

    stages: dict[str, Callable[[str], object]] = {
        "cut": lambda text: list(analyzer.segmenter.cut(analyzer.normalize(text))),
        "planned": lambda text: plan_query(analyzer, text),
        "planned, scored": score,
        "planned, matched": match,
        "ranked as typed": lambda text: rank_best(
            TermReader(snapshot), plan_query(analyzer, text), SIZE
        ),
        "ranked": lambda text: rank_articles(snapshot, text, SIZE),
    }
    if served is not None:
        stages["handled"] = _handler(served)
    return stages


def _handler(index: Path) -> Callable[[str], object]:
    # Reads the environment when it is imported.
    from functions import runtime, search  # noqa: PLC0415
    from functions.settings import Settings  # noqa: PLC0415
    from functions.warm_snapshot import WarmSnapshot  # noqa: PLC0415

    runtime.warm_snapshot = WarmSnapshot(Settings(str(index)))

    def handle(text: str) -> object:
        environment = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": "/v1/search",
            "QUERY_STRING": f"q={quote(text)}&size={SIZE}",
        }
        event = make_event(
            environment,
            route_key="GET /v1/search",
            path_parameters={},
            body=b"",
            request_id="0",
            now=datetime.now(UTC),
        )
        return search.handler(event, LambdaContext("search", "0"))

    return handle


if __name__ == "__main__":
    main()
