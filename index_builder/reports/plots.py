"""How do figures become pictures inside a page?

Invariant: a plot is one `<svg>` element whose text stays text (so it can be read, searched and set in the
reader's own Chinese font), whose ids collide with nothing else on the page, and whose bytes depend on the
figures alone. Only this module loads matplotlib.
"""

from __future__ import annotations

import io
import re
import unicodedata
import warnings
from collections.abc import Mapping
from typing import Any

from index_builder.reports.corpus_shape import VocabularyGrowth

SHOWN_CATEGORIES = 25

_INK, _OLD, _NEW, _GRID = "#1d2733", "#b4bfcb", "#1f6f8b", "#e3e8ee"
_FONT_POINTS = 9.0
_IDS = re.compile(r'(\bid="|url\(#|href="#)')
_STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "wenmai",
    "text.parse_math": False,
    "font.family": "sans-serif",
    "font.size": _FONT_POINTS,
    "text.color": _INK,
    "axes.edgecolor": _GRID,
    "axes.labelcolor": _INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": _INK,
    "ytick.color": _INK,
}


def plot_categories(new: Mapping[str, int], old: Mapping[str, int] | None) -> str:
    """Return bars of the articles per category, beside those of the old index if there is one."""
    import matplotlib as mpl  # noqa: PLC0415 - 0.3 s that only reports pay
    from matplotlib.figure import Figure  # noqa: PLC0415

    names = list(new)[:SHOWN_CATEGORIES][::-1]
    left = max((_width(name) for name in names), default=0.0) * _FONT_POINTS / 72 + 0.25
    height = 0.24 * len(names) + 0.75
    width = left + 5.5
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(width, height))
        axes = figure.add_axes((left / width, 0.45 / height, 5.0 / width, 1 - 0.75 / height))
        rows = range(len(names))
        if old is not None:
            axes.barh(rows, [old.get(name, 0) for name in names], 0.8, color=_OLD, label="old")
        axes.barh(rows, [new[name] for name in names], 0.45, color=_NEW, label="new")
        axes.set_yticks(rows, names)
        axes.tick_params(length=0)
        axes.set_xlabel("articles")
        axes.grid(axis="x", color=_GRID)
        axes.set_axisbelow(True)
        if old is not None:
            axes.legend(frameon=False, loc="lower right")
        return _svg(figure, "categories")


def plot_growth(new: VocabularyGrowth, old: VocabularyGrowth | None) -> str:
    """Return the vocabulary against the occurrences that were read, with the fitted law."""
    import matplotlib as mpl  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415

    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(6.5, 3.8))
        axes = figure.add_axes((0.12, 0.14, 0.83, 0.81))
        if old is not None:
            axes.plot(old.occurrences, old.words, color=_OLD, linewidth=4, label="old")
        axes.plot(new.occurrences, new.words, color=_NEW, linewidth=1.8, label="new")
        axes.plot(
            new.occurrences,
            new.factor * new.occurrences.astype(float) ** new.exponent,
            color=_INK,
            linewidth=0.9,
            linestyle=(0, (3, 3)),
            label=f"{new.factor:.1f} × n^{new.exponent:.3f}",
        )
        axes.set_xlabel("words read, n (each once per article)")
        axes.set_ylabel("different words")
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
        axes.xaxis.set_major_locator(MaxNLocator(5))
        axes.grid(color=_GRID)
        axes.set_axisbelow(True)
        axes.legend(frameon=False, loc="lower right")
        return _svg(figure, "growth")


def _svg(figure: Any, name: str) -> str:
    written = io.StringIO()
    with warnings.catch_warnings():
        # Its own font has no Chinese; the browser's has, and the margins are measured here.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure.savefig(written, format="svg", metadata={"Date": None, "Creator": None})
    text = written.getvalue()
    # What comes before the element (a declaration, a document type) has no place within a page.
    return _IDS.sub(rf"\g<1>{name}-", text[text.index("<svg") :])


def _width(text: str) -> float:
    """Return the width of `text` in ems, as a browser's sans-serif would set it."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return wide + 0.58 * (len(text) - wide)
