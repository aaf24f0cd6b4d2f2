"""How do the figures look?

As SVG for the page that holds them. Invariant: text stays text, drawn in the reader's own fonts, so that
Chinese needs no font on the machine that draws; nothing in the picture depends on when it was drawn.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from unicodedata import east_asian_width

import matplotlib as mpl
from matplotlib.figure import Figure

from engine.counters.figures import DayFigures, PositionFigures, QueryFigures

_INK, _FAINT, _BLUE, _RED = "#24292f", "#d0d7de", "#3b6ea5", "#c2513f"
_LONGEST_LABEL = 16
_DAY_NAMES = 8
"""So many fit side by side."""

_FONT_POINTS = 10
_WIDTH_INCHES = 7.2
_BELOW_INCHES = 0.3
"""What the numbers on the lower axis take."""

_ID = re.compile(r'(\bid="|url\(#|xlink:href="#)')

_STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "wenmai",
    "font.family": ["sans-serif"],
    "font.size": _FONT_POINTS,
    # A query is shown as it is: a dollar sign starts no formula.
    "text.parse_math": False,
    "text.color": _INK,
    "axes.labelcolor": _INK,
    "axes.edgecolor": _FAINT,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def plot_days(days: Sequence[DayFigures]) -> str:
    """Return views and searches by day."""
    with _drawn("days", 2.6) as (figure, finish):
        above, below = figure.subplots(2, 1, sharex=True)
        names = [day.day[5:] for day in days]
        above.bar(names, [day.views for day in days], color=_BLUE)
        above.set_ylabel("views")
        below.bar(names, [day.searches for day in days], color=_BLUE, label="searches")
        below.bar(names, [day.zero_hits for day in days], color=_RED, label="without a hit")
        below.set_ylabel("searches")
        # Above the bars, which may reach the top anywhere.
        below.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1), ncols=2)
        below.set_xticks(range(0, len(names), -(-len(names) // _DAY_NAMES)))
        _whole_numbers(above.yaxis)
        _whole_numbers(below.yaxis)
        return finish()


def plot_positions(positions: Sequence[PositionFigures]) -> str:
    """Return click-through by position, with 95 % intervals."""
    with _drawn("positions", 2.4) as (figure, finish):
        axes = figure.subplots()
        rates = [100 * p.rate for p in positions]
        errors = [
            [100 * (p.rate - p.low) for p in positions],
            [100 * (p.high - p.rate) for p in positions],
        ]
        axes.bar(
            [p.position for p in positions], rates, yerr=errors, color=_BLUE, ecolor=_INK, capsize=3
        )
        axes.set_xticks([p.position for p in positions])
        axes.set_xlabel("position")
        axes.set_ylabel("clicks per 100 shown")
        axes.set_ylim(bottom=0)
        return finish()


def plot_queries(queries: Sequence[QueryFigures]) -> str:
    """Return the most frequent queries as bars, what found nothing set apart."""
    names = [_short(line.query) for line in queries]
    height_inches = _BELOW_INCHES + 0.26 * (len(queries) + 1)
    with _drawn("queries", height_inches) as (figure, finish):
        # Not measured: the drawing machine may have no Chinese font, the reader's has.
        figure.set_layout_engine("none")
        left = (10 + max(map(_width_points, names))) / (72 * _WIDTH_INCHES)
        below = _BELOW_INCHES / height_inches
        axes = figure.add_axes((left, below, 0.98 - left, 0.99 - below))
        places = range(len(queries))
        found = [line.searches - line.zero_hits for line in queries]
        axes.barh(places, found, color=_BLUE, label="searches with hits")
        axes.barh(
            places, [q.zero_hits for q in queries], left=found, color=_RED, label="without a hit"
        )
        axes.set_yticks(places, names)
        axes.invert_yaxis()
        axes.legend(frameon=False, loc="lower right")
        _whole_numbers(axes.xaxis)
        return finish()


@contextmanager
def _drawn(name: str, height_inches: float) -> Iterator[tuple[Figure, Callable[[], str]]]:
    """Give a figure, and what makes an SVG of it whose ids begin with `name`."""
    with mpl.rc_context(_STYLE), warnings.catch_warnings():
        # It looks each Chinese character up in a font that has none; see the invariant.
        warnings.filterwarnings("ignore", r"Glyph \d+ .* missing from font")
        figure = Figure(figsize=(_WIDTH_INCHES, height_inches), layout="constrained")

        def finish() -> str:
            target = io.StringIO()
            # No date: equal figures give equal pages.
            figure.savefig(target, format="svg", transparent=True, metadata={"Date": None})
            text = target.getvalue()
            # Several pictures share a page, and with it one space of ids.
            return _ID.sub(rf"\g<1>{name}-", text[text.index("<svg") :])

        yield figure, finish


def _whole_numbers(axis: Any) -> None:
    axis.get_major_locator().set_params(integer=True)


def _short(query: str) -> str:
    return query if len(query) <= _LONGEST_LABEL else query[:_LONGEST_LABEL] + "…"


def _width_points(text: str) -> float:
    return sum(_FONT_POINTS * (0.65 if east_asian_width(c) in "NaH" else 1.0) for c in text)
