"""What do the metrics say over a whole set of queries, in all and by type?

Invariant: every judged query counts once; one that finds nothing counts as 0, never as absent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index_builder.evaluation.judgements import JudgedQuery, Judgements
from index_builder.evaluation.metrics import ndcg, recall, reciprocal_rank

OVERALL = "all"


@dataclass(frozen=True, slots=True)
class Figures:
    """Means over the queries of one type."""

    type: str
    queries: int
    mrr: float
    ndcg: float
    recall: float


def evaluate(
    queries: Sequence[JudgedQuery],
    judgements: Judgements,
    answer: Callable[[JudgedQuery], Sequence[str]],
    depth: int,
    on_query: Callable[[], None] = lambda: None,
) -> list[Figures]:
    """Ask every judged query; return the figures overall, then by type in alphabetical order.

    Queries without judgements (the half that is kept back) are left out.
    """
    rows: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
    for query in queries:
        grades = judgements.get(query.id)
        if not grades:
            continue
        ranked = answer(query)
        row = (
            reciprocal_rank(ranked, grades, depth),
            ndcg(ranked, grades, depth),
            recall(ranked, grades, depth),
        )
        rows[OVERALL].append(row)
        rows[query.type].append(row)
        on_query()
    types = [OVERALL, *sorted(set(rows) - {OVERALL})] if rows else []
    return [_mean(name, rows[name]) for name in types]


def _mean(name: str, rows: Sequence[tuple[float, float, float]]) -> Figures:
    mrr, gain, found = (sum(column) / len(rows) for column in zip(*rows, strict=True))
    return Figures(name, len(rows), mrr, gain, found)
