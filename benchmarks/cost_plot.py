"""What does a query cost as the corpus grows?

    python -m benchmarks.cost_plot COMPARISON.json.. --out docs/cost-over-size.svg

Draws the median and the 99th percentile of each engine over the number of documents, both on logarithmic axes,
from the figures that `make bench` left. The same figures give the same bytes.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("svg")

from matplotlib import pyplot as plt

FIGURES = (("p50_ms", "median"), ("p99_ms", "99th percentile"))
OURS = "wenmai"

Curve = list[tuple[int, float]]


def main() -> None:
    """Read, draw, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("comparisons", nargs="+", type=Path)
    parser.add_argument("--out", required=True, type=Path)
    arguments = parser.parse_args()
    draw(
        [json.loads(path.read_text(encoding="utf-8")) for path in arguments.comparisons],
        arguments.out,
    )


def curves(comparisons: list[dict[str, Any]], figure: str) -> dict[str, Curve]:
    """Return (documents, milliseconds) by engine title, fewest documents first."""
    found: dict[str, Curve] = {}
    for comparison in sorted(comparisons, key=lambda one: int(one["documents"])):
        for row in comparison["engines"]:
            if figure in row:
                place = (int(comparison["documents"]), float(row[figure]))
                found.setdefault(row["title"], []).append(place)
    return found


def draw(comparisons: list[dict[str, Any]], out: Path) -> None:
    """Write the plot of `comparisons` to `out`."""
    # Text stays text: small, searchable, and in the reader's own font.
    mpl.rcParams.update({"svg.hashsalt": "wenmai", "svg.fonttype": "none", "font.size": 9})
    figure, axes = plt.subplots(1, len(FIGURES), figsize=(10, 4.2), sharey=True)
    for axis, (measured, name) in zip(axes, FIGURES, strict=True):
        for title, curve in curves(comparisons, measured).items():
            ours = title.lower() == OURS
            axis.plot(
                *zip(*curve, strict=True),
                marker="o",
                markersize=4,
                linewidth=2.6 if ours else 1.1,
                color="black" if ours else None,
                label=title,
            )
        axis.set(xscale="log", yscale="log", xlabel="documents", title=f"{name} of a query")
        axis.grid(visible=True, which="major", linewidth=0.4)
    axes[0].set_ylabel("milliseconds, jieba included")
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside right center", frameon=False)
    figure.set_layout_engine("constrained")
    figure.savefig(out, metadata={"Date": None, "Creator": None})
    plt.close(figure)


if __name__ == "__main__":
    main()
