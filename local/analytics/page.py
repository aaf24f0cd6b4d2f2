"""How do the figures become a page that can be mailed?

One file without scripts and without anything from elsewhere. Invariant: whatever people typed, it is text
on this page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from engine.counters.figures import Analytics
from local.analytics.held_back import held_back_note
from local.analytics.plots import plot_days, plot_positions, plot_queries

_PLOTTED_QUERIES = 15

_STYLE = """
body { font: 15px/1.5 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif;
  color: #24292f; max-width: 56rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin-bottom: 0; } h2 { font-size: 1.1rem; margin-top: 2.2rem; }
p.note { color: #57606a; font-size: .9rem; }
.numbers { display: flex; flex-wrap: wrap; gap: 2.5rem; } .numbers b { display: block; font-size: 1.6rem; }
table { border-collapse: collapse; width: 100%; } th { text-align: left; font-weight: 600; }
th, td { border-bottom: 1px solid #d0d7de; padding: .25rem .6rem .25rem 0; overflow-wrap: anywhere; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
svg { max-width: 100%; height: auto; }
svg text { font-family: inherit !important; }
"""

Row = Sequence[str | int]


def report_page(analytics: Analytics, titles: Mapping[str, str]) -> str:
    """Return the report as HTML; articles without a title in `titles` are named by id."""
    views = sum(day.views for day in analytics.days)
    searches = sum(day.searches for day in analytics.days)
    zero_hits = sum(day.zero_hits for day in analytics.days)
    parts = [
        f"<h1>Reading and searching, {escape(analytics.first_day)} to "
        f"{escape(analytics.last_day)}</h1>",
        '<p class="note">A visitor counts once a day for each article and each query.</p>',
        '<div class="numbers">'
        f"<div><b>{views:,}</b>views</div><div><b>{searches:,}</b>searches</div>"
        f"<div><b>{_share(zero_hits, searches)}</b>of searches found nothing</div></div>",
        "<h2>Day by day</h2>",
        plot_days(analytics.days),
        *_queries(analytics),
        *_positions(analytics),
        *_articles(analytics, titles),
    ]
    return _PAGE.format(style=_STYLE, body="\n".join(parts))


_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>Wenmai analytics</title>
<style>{style}</style>
</head>
<body>
{body}
</body>
</html>
"""


def _queries(analytics: Analytics) -> list[str]:
    parts = ["<h2>Top queries</h2>"]
    if analytics.top_queries:
        parts.append(plot_queries(analytics.top_queries[:_PLOTTED_QUERIES]))
        rows: list[Row] = [
            (q.query, q.searches, q.zero_hits, q.clicks, _share(q.clicks, q.searches))
            for q in analytics.top_queries
        ]
        parts.append(_table(("query", "searches", "found nothing", "clicks", "per search"), rows))
    parts.append("<h2>Searches that found nothing</h2>")
    if analytics.zero_hit_queries:
        rows = [(q.query, q.zero_hits, q.searches) for q in analytics.zero_hit_queries]
        parts.append(_table(("query", "found nothing", "searches"), rows))
    else:
        parts.append("<p>None among the queries that may be shown.</p>")
    parts.append(f'<p class="note">{escape(held_back_note(analytics))}</p>')
    return parts


def _positions(analytics: Analytics) -> list[str]:
    parts = ["<h2>Click-through by position</h2>"]
    if not analytics.positions:
        return [*parts, "<p>No searches with hits yet.</p>"]
    rows: list[Row] = [
        (p.position, p.shown, p.clicks, f"{p.rate:.1%}", f"{p.low:.1%} to {p.high:.1%}")
        for p in analytics.positions
    ]
    header = ("position", "shown", "clicks", "rate", "95 % interval")
    return [*parts, plot_positions(analytics.positions), _table(header, rows)]


def _articles(analytics: Analytics, titles: Mapping[str, str]) -> list[str]:
    rows: list[Row] = [
        (titles.get(a.article_id, a.article_id), a.views, a.clicks) for a in analytics.most_viewed
    ]
    table = _table(("article", "views", "clicks"), rows) if rows else "<p>No views yet.</p>"
    return ["<h2>Most viewed</h2>", table]


def _table(header: Sequence[str], rows: Sequence[Row]) -> str:
    head = "".join(_cell("th", name, is_number=n > 0) for n, name in enumerate(header))
    body = "".join(
        "<tr>"
        + "".join(_cell("td", _text(v), is_number=n > 0) for n, v in enumerate(row))
        + "</tr>\n"
        for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table>"


def _cell(tag: str, text: str, *, is_number: bool) -> str:
    kind = ' class="n"' if is_number else ""
    return f"<{tag}{kind}>{escape(text)}</{tag}>"


def _text(value: str | int) -> str:
    return value if isinstance(value, str) else f"{value:,}"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "–"
