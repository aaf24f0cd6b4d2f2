"""Which form is best, and how good is it where it was not chosen?

A cell is one query type of one set; a form's worth is the mean of its cells, so that a set with many queries
does not decide alone. Invariant: whatever a figure "unseen" is said of took no part in the choice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.relevance.evidence import Scores
from benchmarks.relevance.judged_set import JudgedSet
from index_builder.evaluation.metrics import ndcg

DEPTH = 10
Cell = tuple[str, str]
"""Set and query type."""
Gains = Mapping[Cell, npt.NDArray[np.float64]]
"""By cell: the nDCG@10 of each query."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen without looking at `unseen`, and its worth there beside that of what is built."""

    unseen: str
    form: str
    worth: float
    built_worth: float


def measure(judged: JudgedSet, scores: Scores) -> dict[Cell, npt.NDArray[np.float64]]:
    """Return the gains of `scores`, float32 [queries, articles]."""
    best = np.argpartition(-scores, min(DEPTH, scores.shape[1] - 1), axis=1)[:, :DEPTH]
    gains: dict[Cell, list[float]] = {}
    for query, row, places in zip(judged.queries, scores, best, strict=True):
        ordered = places[np.lexsort((places, -row[places]))]
        ranked = [judged.ids[place] for place in ordered.tolist() if row[place] > 0]
        gain = ndcg(ranked, judged.judgements[query.id], DEPTH)
        gains.setdefault((judged.name, query.type), []).append(gain)
    return {cell: np.asarray(values) for cell, values in gains.items()}


def folds_of(judged: JudgedSet, folds: int) -> dict[Cell, npt.NDArray[np.int64]]:
    """Return the fold of each query, by cell, in the order of `measure`."""
    found: dict[Cell, list[int]] = {}
    for query in judged.queries:
        digest = hashlib.sha256(query.id.encode()).digest()
        found.setdefault((judged.name, query.type), []).append(digest[0] % folds)
    return {cell: np.asarray(values) for cell, values in found.items()}


def worth(gains: Gains) -> float:
    """Return the mean over cells of the mean gain."""
    return float(np.mean([values.mean() for values in gains.values() if len(values)]))


def across_folds(
    measured: Sequence[tuple[str, Gains]], folds_by_cell: Mapping[Cell, npt.NDArray[np.int64]]
) -> list[Choice]:
    """Choose on all folds but one, look at that one; the first of `measured` is what is built."""
    folds = sorted(set(np.concatenate(list(folds_by_cell.values())).tolist()))
    choices = []
    for fold in folds:
        inside = {cell: of == fold for cell, of in folds_by_cell.items()}
        choices.append(
            _choose(
                f"fold {fold + 1} of {len(folds)}",
                measured,
                {cell: ~mask for cell, mask in inside.items()},
                inside,
            )
        )
    return choices


def across_sets(measured: Sequence[tuple[str, Gains]]) -> list[Choice]:
    """Choose on all sets but one, look at that one."""
    cells = list(measured[0][1])
    choices = []
    for name in dict.fromkeys(cell[0] for cell in cells):
        masks = {cell: np.full(len(measured[0][1][cell]), cell[0] == name) for cell in cells}
        choices.append(
            _choose(name, measured, {cell: ~mask for cell, mask in masks.items()}, masks)
        )
    return choices


def _choose(
    unseen: str,
    measured: Sequence[tuple[str, Gains]],
    chosen_on: Mapping[Cell, npt.NDArray[np.bool_]],
    looked_at: Mapping[Cell, npt.NDArray[np.bool_]],
) -> Choice:
    def part(gains: Gains, masks: Mapping[Cell, npt.NDArray[np.bool_]]) -> float:
        return worth({cell: values[masks[cell]] for cell, values in gains.items()})

    name, gains = max(measured, key=lambda one: part(one[1], chosen_on))
    return Choice(unseen, name, part(gains, looked_at), part(measured[0][1], looked_at))
