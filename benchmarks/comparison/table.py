"""How does a comparison look to people?

One table, as Markdown that also reads well on a terminal, made from the JSON alone; what a row leaves open is
said below it. Invariant: a figure that was not measured is "–", never 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

_COLUMNS = (
    "engine",
    "cut s",
    "index s",
    "search MB",
    "texts MB",
    "other MB",
    "p50 ms",
    "p99 ms",
    "resident MB",
)
ABSENT = "–"


def render(comparison: dict[str, Any]) -> str:
    """Return the table and its remarks."""
    types = _types(comparison)
    header = [*_COLUMNS, "MRR@10", "nDCG@10", *types]
    finished = [row for row in comparison["engines"] if "unfinished" not in row]
    lines = [header, *[_cells(row, types) for row in finished]]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    table = [_line(header, widths), "|" + "|".join("-" * (width + 2) for width in widths) + "|"]
    table += [_line(line, widths) for line in lines[1:]]
    return "\n".join([_caption(comparison), "", *table, *_remarks(comparison)])


def _types(comparison: dict[str, Any]) -> list[str]:
    found = {figure["type"] for row in comparison["engines"] for figure in row.get("quality", ())}
    return sorted(found - {"all"})


def _cells(row: dict[str, Any], types: Sequence[str]) -> list[str]:
    quality = {figure["type"]: figure for figure in row["quality"]}
    overall = quality.get("all")
    cells = [
        row["title"],
        f"{row['cut_seconds']:,.1f}",
        f"{row['index_seconds']:,.1f}",
        f"{row['search_bytes'] / 1e6:,.1f}",
        f"{row['text_bytes'] / 1e6:,.1f}" if row["text_bytes"] else ABSENT,
        f"{row['other_bytes'] / 1e6:,.1f}" if row["other_bytes"] else ABSENT,
        f"{row['p50_ms']:,.2f}",
        f"{row['p99_ms']:,.1f}",
        ABSENT if row["resident_mb"] is None else f"{row['resident_mb']:,.0f}",
    ]
    measured = [overall and overall["mrr"], overall and overall["ndcg"]]
    measured += [quality[name]["ndcg"] if name in quality else None for name in types]
    return cells + [ABSENT if figure is None else f"{figure:.3f}" for figure in measured]


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = zip(cells, widths, strict=True)
    padded = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in rest)]
    return "| " + " | ".join(padded) + " |"


def _caption(comparison: dict[str, Any]) -> str:
    text = (
        f"{comparison['scenario']}: {comparison['documents']:,} documents, "
        f"{comparison['characters'] / 1e6:,.1f} M characters, {comparison['queries']:,} queries, top 10"
    )
    machine = comparison.get("machine")
    return f"{text}; {machine}" if machine else text


def _remarks(comparison: dict[str, Any]) -> list[str]:
    remarks = []
    for row in comparison["engines"]:
        if "unfinished" in row:
            remarks.append(f"- {row['title']}: {row['unfinished']}.")
        elif row["queries"] < comparison["queries"]:
            remarks.append(
                f"- {row['title']}: only the first {row['queries']:,} of {comparison['queries']:,} queries "
                "(in random order), for it ran out of time; its figures are theirs."
            )
    return ["", *remarks] if remarks else []
