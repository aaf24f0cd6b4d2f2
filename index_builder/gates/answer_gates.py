"""Does the index answer as it should?

Asked of the very files that would be served, through the search that would serve them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import InputError, WenmaiError
from engine.index.snapshot import Snapshot
from engine.search.requests import SearchRequest, Tier
from engine.search.searcher import search
from index_builder.evaluation.answers import search_ids
from index_builder.evaluation.figures import OVERALL, evaluate
from index_builder.evaluation.judgements import read_qrels, read_queries, read_records
from index_builder.findability import SHOWN_FAILURES, measure_findability
from index_builder.gates.gate import Verdict

_DEPTH = 10


@dataclass(frozen=True, slots=True)
class GoldenQuery:
    """A query with the articles that must be within its first `top` hits; none: nothing may match."""

    text: str
    relevant: tuple[str, ...]
    top: int


def check_findability(snapshot: Snapshot) -> Verdict:
    """Look every title and tag up."""
    found = measure_findability(snapshot)
    missing = "; ".join(found.failures[:SHOWN_FAILURES])
    return Verdict(
        "findability",
        f"{found.share:.4%}" + (f", not found: {missing}" if missing else ""),
        "100%",
        not found.failures,
        "This is a defect of the index, not of the articles: please report it.",
    )


def read_golden(path: Path) -> list[GoldenQuery]:
    """Read {"query", "relevant", "top"} lines.

    Raises `InputError` naming the file and line.
    """
    queries = [_golden(record, f"{path}:{number}") for number, record in read_records(path)]
    if not queries:
        raise InputError(f"{path}: no query in it")
    return queries


def check_golden(snapshot: Snapshot, queries: Sequence[GoldenQuery]) -> Verdict:
    """Ask every golden query; all of them must find what they name."""
    failures = [failure for query in queries if (failure := _failure(snapshot, query))]
    shown = "; ".join(failures[:SHOWN_FAILURES])
    return Verdict(
        "golden queries",
        f"{len(queries) - len(failures)} of {len(queries)} pass" + (f": {shown}" if shown else ""),
        "all",
        not failures,
        "Compare with the current version (`wenmai report`); if the list is out of date, mend it.",
    )


def check_evaluation(snapshot: Snapshot, queries: Path, qrels: Path, min_ndcg: float) -> Verdict:
    """Measure nDCG@10 over judged queries."""
    figures = evaluate(
        read_queries(queries),
        read_qrels(qrels),
        lambda query: search_ids(snapshot, query.text, _DEPTH),
        _DEPTH,
    )
    overall = next((row for row in figures if row.type == OVERALL), None)
    if overall is None:
        raise InputError(
            f"{queries}: no query has a judgement in {qrels}; do they belong together?"
        )
    return Verdict(
        "evaluation",
        f"nDCG@{_DEPTH} {overall.ndcg:.4f} over {overall.queries:,} queries",
        f"at least {min_ndcg:.4f}",
        overall.ndcg >= min_ndcg,
        "`wenmai evaluate search` shows the figures by type of query.",
    )


def _golden(record: dict[str, Any], place: str) -> GoldenQuery:
    query, relevant, top = record.get("query"), record.get("relevant"), record.get("top", _DEPTH)
    if not isinstance(query, str) or not query.strip():
        raise InputError(f"{place}: query: expected some text, found {query!r}")
    if not isinstance(relevant, list) or not all(isinstance(item, str) for item in relevant):
        raise InputError(f"{place}: relevant: expected a list of article ids, found {relevant!r}")
    if not isinstance(top, int) or isinstance(top, bool) or not (0 <= top <= 50):
        raise InputError(f"{place}: top: expected a number up to 50, found {top!r}")
    return GoldenQuery(query, tuple(relevant), top)


def _failure(snapshot: Snapshot, query: GoldenQuery) -> str | None:
    try:
        result = search(snapshot, SearchRequest(query.text, size=max(1, query.top)))
    except WenmaiError as error:
        return f"{query.text}: {error}"
    if not query.relevant:
        nothing = result.total == 0 and result.query.tier is Tier.NONE
        return None if nothing else f"{query.text}: {result.total} hits, expected none"
    top = [hit.card.id for hit in result.hits[: query.top]]
    missing = [article_id for article_id in query.relevant if article_id not in top]
    return f"{query.text}: {', '.join(missing)} not in the first {query.top}" if missing else None
