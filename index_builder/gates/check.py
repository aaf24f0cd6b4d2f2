"""Which gates does an index pass before the pointer moves?

Invariant: every gate speaks, in the same order, also when an earlier one refuses: who mends an index
wants to know all that is wrong with it. A damaged artifact comes first and alone, because nothing can be
measured on it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from engine.index.snapshot import Snapshot, open_snapshot
from index_builder.gates.answer_gates import (
    check_evaluation,
    check_findability,
    check_golden,
    read_golden,
)
from index_builder.gates.corpus_gates import check_article_count, check_quarantine
from index_builder.gates.gate import Verdict
from index_builder.gates.size_gate import MAX_BYTES, check_size


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A set of judged queries, and the nDCG@10 that must be reached on it."""

    queries: Path
    qrels: Path
    min_ndcg: float


@dataclass(frozen=True, slots=True)
class GateOptions:
    """What the site asks of its index beyond what holds for all."""

    golden: Path | None = None
    evaluation: Evaluation | None = None
    max_bytes: int = MAX_BYTES


def check_gates(
    folder: Path, articles_before: int | None, options: GateOptions | None = None
) -> list[Verdict]:
    """Verify the index in `folder` and return what every gate says of it.

    `articles_before` is the count of the version that is being served. Raises `ArtifactError` when the
    index is damaged, `InputError` for unusable golden queries or judgements.
    """
    options = options or GateOptions()
    # What cannot be read is told before minutes are spent on measuring.
    golden = read_golden(options.golden) if options.golden else None
    snapshot = open_snapshot(folder, verify=True)
    counts = snapshot.manifest.counts
    checks: list[Callable[[Snapshot], Verdict]] = [
        lambda _: Verdict(
            "verification",
            f"{len(snapshot.manifest.files)} files as the manifest says",
            "all",
            passed=True,
        ),
        lambda _: check_article_count(counts["articles"], articles_before),
        lambda _: check_quarantine(counts),
        lambda _: check_size(snapshot.manifest, options.max_bytes),
        check_findability,
    ]
    if golden is not None:
        checks.append(lambda snapshot: check_golden(snapshot, golden))
    if evaluation := options.evaluation:
        checks.append(
            lambda snapshot: check_evaluation(
                snapshot, evaluation.queries, evaluation.qrels, evaluation.min_ndcg
            )
        )
    return [check(snapshot) for check in checks]
