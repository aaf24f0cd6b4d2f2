"""How is a whole comparison run?

One engine after the other, each in processes of its own with one thread. Invariant: an engine that fails or
runs out of time becomes a line that says so; the others are measured all the same.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.comparison.documents import folding, prepare, read_facts
from benchmarks.comparison.measurement import percentile
from benchmarks.comparison.scenarios import REPOSITORY, Scenario
from benchmarks.peers.protocol import PEERS
from index_builder.evaluation.figures import evaluate
from index_builder.evaluation.judgements import JudgedQuery

SEED = 20_261_126
LAST_LINES = 3

PATIENCE = 20
"""How much longer than its processor time an answering engine may take on a busy machine."""

_THREAD_VARIABLES = (
    *("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"),
    *("NUMBA_NUM_THREADS", "RAYON_NUM_THREADS"),
)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long an engine may take; `passes` over the queries, the first of which is not counted.

    build_seconds: by the clock on the wall; ask_seconds: of the processor.
    """

    build_seconds: float = 3_600.0
    ask_seconds: float = 300.0
    passes: int = 4


class UnfinishedError(Exception):
    """An engine did not get through; the message says why, for the table."""


def compare(
    scenario: Scenario,
    engines: Sequence[str],
    work: Path,
    limits: Limits,
    tell: Callable[[str], None],
) -> dict[str, Any]:
    """Measure `engines` on `scenario`; return everything as plain JSON values."""
    tell(f"preparing {scenario.name} ...")
    prepared = prepare(scenario, work)
    # A fair sample at every length: an engine may be too slow for all of them.
    queries = list(scenario.queries)
    if scenario.judgements:
        queries = [query for query in queries if scenario.judgements.get(query.id)]
    random.Random(SEED).shuffle(queries)  # noqa: S311
    asked_file = prepared / "queries.json"
    normalize = folding(prepared)
    asked_file.write_text(
        json.dumps(
            [{"typed": query.text, "normalized": normalize(query.text)} for query in queries],
            ensure_ascii=False,
        ),
        encoding="utf-8",
    )
    rows: list[dict[str, Any]] = []
    for name in engines:
        tell(f"{PEERS[name].title} ...")
        try:
            figures = _measure(name, prepared, asked_file, limits)
        except UnfinishedError as error:
            rows.append({"engine": name, "title": PEERS[name].title, "unfinished": str(error)})
            continue
        answers, milliseconds = figures.pop("answers"), figures.pop("milliseconds")
        rows.append(
            {
                "engine": name,
                "title": PEERS[name].title,
                **figures,
                "p50_ms": percentile(milliseconds, 0.50),
                "p99_ms": percentile(milliseconds, 0.99),
                "queries": len(answers),
                "quality": judge(scenario, queries, answers) if PEERS[name].judged else [],
            }
        )
    return {
        "scenario": scenario.name,
        **read_facts(prepared),
        "queries": len(queries),
        "engines": rows,
    }


def _measure(name: str, prepared: Path, asked_file: Path, limits: Limits) -> dict[str, Any]:
    entry = PEERS[name]
    if entry.requires is not None and find_spec(entry.requires) is None:
        raise UnfinishedError(f"not measured: the Python package {entry.requires} is not installed")
    folder = prepared / (entry.index or name)
    built = prepared / f"{entry.index or name}.build.json"
    if entry.index is None:
        shutil.rmtree(folder, ignore_errors=True)
        built.unlink(missing_ok=True)
        folder.mkdir()
        _work(["build", name, prepared, folder, built], limits.build_seconds, "building")
    elif not built.is_file():
        raise UnfinishedError(f"not measured: it answers from the index of {entry.index}")
    asked = prepared / f"{name}.ask.json"
    options = ["--queries", asked_file, "--passes", limits.passes, "--seconds", limits.ask_seconds]
    # The worker minds the limit itself, between two queries; this is for one that hangs.
    patience = PATIENCE * limits.ask_seconds + 60
    _work(["ask", name, prepared, folder, asked, *options], patience, "asking")
    return {**json.loads(built.read_text("utf-8")), **json.loads(asked.read_text("utf-8"))}


def _work(arguments: Sequence[object], seconds: float, doing: str) -> None:
    command = [sys.executable, "-m", "benchmarks.comparison.worker", *map(str, arguments)]
    environment = {**os.environ, "PYTHONHASHSEED": "0", **dict.fromkeys(_THREAD_VARIABLES, "1")}
    environment |= {"WENMAI_METRICS": "off", "WENMAI_LOG_LEVEL": "ERROR"}
    try:
        done = subprocess.run(
            command,
            cwd=REPOSITORY,
            env=environment,
            timeout=seconds,
            capture_output=True,
            text=True,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise UnfinishedError(f"did not finish {doing} within {seconds:,.0f} s") from error
    if done.returncode:
        last = " ".join(done.stderr.strip().splitlines()[-LAST_LINES:])
        raise UnfinishedError(f"failed {doing} (exit {done.returncode}): {last}")


def judge(
    scenario: Scenario, queries: Sequence[JudgedQuery], answers: Sequence[Sequence[str]]
) -> list[dict[str, Any]]:
    """Return what `wenmai evaluate` would say of `answers`, which may end before `queries` do."""
    ranked = {query.id: answer for query, answer in zip(queries, answers, strict=False)}
    figures = evaluate(
        [query for query in queries if query.id in ranked],
        scenario.judgements,
        lambda query: ranked[query.id],
        depth=10,
    )
    return [asdict(row) for row in figures]
