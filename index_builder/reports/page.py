"""What does a person see of a build before, or after, it is published?

One file without scripts, fonts or addresses of other files. Invariant: whatever titles, tags, queries and
categories hold, it is shown as text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from engine.index.snapshot import Snapshot
from index_builder.gates.gate import Verdict
from index_builder.reports.corpus_shape import count_categories, measure_growth
from index_builder.reports.plots import SHOWN_CATEGORIES, plot_categories, plot_growth
from index_builder.reports.query_changes import QueryChange, find_changes

SHOWN_QUERIES = 200

_STYLE = """
:root { color-scheme: light; }
body { margin: 2rem auto; max-width: 62rem; padding: 0 1rem; color: #1d2733; background: #fff;
  font: 15px/1.55 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
h1 { font-size: 1.5rem; margin-bottom: .2rem; } h2 { font-size: 1.15rem; margin-top: 2.4rem; }
p.note { color: #5a6877; margin-top: .2rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .3rem .7rem .3rem 0;
  border-bottom: 1px solid #e3e8ee; }
th { font-weight: 600; color: #5a6877; } td.n, th.n { text-align: right; white-space: nowrap; }
td ol { margin: 0; padding-left: 1.6rem; } .in { color: #0d6b3f; } .out { color: #a4262c; }
.refused { color: #a4262c; font-weight: 600; } .passed { color: #0d6b3f; }
svg { max-width: 100%; height: auto; }
svg text { font-family: system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif
  !important; }
""".strip()


@dataclass(frozen=True, slots=True)
class ReportSubject:
    """What to report on: an index, what it is compared with, and the queries to compare by."""

    new: Snapshot
    old: Snapshot | None = None
    queries: Sequence[str] = ()
    verdicts: Sequence[Verdict] = ()


def render_report(subject: ReportSubject) -> str:
    """Return the page as HTML."""
    new, old = subject.new, subject.old
    against = f" against {escape(old.version)}" if old else ""
    parts = [
        f"<h1>Index {escape(new.version)}{against}</h1>",
        f'<p class="note">format {new.manifest.format_version}, '
        f"lexicon {escape(new.manifest.lexicon_fingerprint)}, "
        f"{new.manifest.total_bytes / 1e6:,.1f} MB in {len(new.manifest.files)} files</p>",
        _gates(subject.verdicts),
        _counts(new, old),
        _categories(new, old),
        _growth(new, old),
        _queries(subject),
    ]
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        # Nothing on this page loads or runs anything; a browser is told to hold it to that.
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="robots" content="noindex">\n'
        f"<title>Index {escape(new.version)}</title>\n<style>\n{_STYLE}\n</style>\n</head>\n<body>\n"
        + "\n".join(part for part in parts if part)
        + "\n</body>\n</html>\n"
    )


def _gates(verdicts: Sequence[Verdict]) -> str:
    if not verdicts:
        return ""
    rows = "".join(
        f"<tr><td>{escape(verdict.gate)}</td><td>{escape(verdict.found)}</td>"
        f"<td>{escape(verdict.bound)}</td>"
        + (
            '<td class="passed">passed</td>'
            if verdict.passed
            else '<td class="refused">refused</td>'
        )
        + "</tr>"
        for verdict in verdicts
    )
    return (
        "<h2>Gates</h2><table><thead><tr><th>gate</th><th>found</th><th>bound</th><th></th></tr>"
        f"</thead><tbody>{rows}</tbody></table>"
    )


def _counts(new: Snapshot, old: Snapshot | None) -> str:
    now, before = new.manifest.counts, old.manifest.counts if old else {}
    rows = "".join(
        f'<tr><td>{escape(name)}</td><td class="n">{_number(before.get(name))}</td>'
        f'<td class="n">{_number(now.get(name))}</td>'
        f'<td class="n">{_change(before.get(name), now.get(name))}</td></tr>'
        for name in sorted({*now, *before})
    )
    return (
        '<h2>Counts</h2><table><thead><tr><th></th><th class="n">old</th><th class="n">new</th>'
        f'<th class="n">change</th></tr></thead><tbody>{rows}</tbody></table>'
    )


def _categories(new: Snapshot, old: Snapshot | None) -> str:
    counts = count_categories(new)
    hidden = len(counts) - SHOWN_CATEGORIES
    more = f'<p class="note">… and {hidden:,} smaller ones</p>' if hidden > 0 else ""
    plot = plot_categories(counts, count_categories(old) if old else None)
    return f"<h2>Articles per category</h2>{plot}{more}"


def _growth(new: Snapshot, old: Snapshot | None) -> str:
    growth = measure_growth(new)
    plot = plot_growth(growth, measure_growth(old) if old else None)
    return (
        f"<h2>Vocabulary growth</h2>{plot}"
        '<p class="note">Heaps: different words = factor × n<sup>exponent</sup>. A curve that '
        "suddenly grows faster than the old one means text that was not cleaned, or cut differently."
        "</p>"
    )


def _queries(subject: ReportSubject) -> str:
    if not subject.queries:
        return ""
    if subject.old is None:
        return (
            "<h2>Queries</h2><p>There was no index before this one to compare "
            f"{len(subject.queries):,} queries with.</p>"
        )
    changes = find_changes(subject.old, subject.new, subject.queries)
    first = sum(change.first_changed for change in changes)
    rows = "".join(_change_row(subject, change) for change in changes[:SHOWN_QUERIES])
    hidden = len(changes) - SHOWN_QUERIES
    more = f'<p class="note">… and {hidden:,} more</p>' if hidden > 0 else ""
    table = (
        "<table><thead><tr><th>query</th><th>old</th><th>new</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>{more}"
        if changes
        else ""
    )
    return (
        f"<h2>Queries</h2><p>The first ten hits changed for {len(changes):,} of "
        f"{len(subject.queries):,} queries, the first hit for {first:,}.</p>{table}"
    )


def _change_row(subject: ReportSubject, change: QueryChange) -> str:
    assert subject.old is not None  # noqa: S101 - only compared reports have rows
    old = _hits(subject.old, change.old, frozenset(change.left), "out")
    new = _hits(subject.new, change.new, frozenset(change.entered), "in")
    return f"<tr><td>{escape(change.query)}</td><td>{old}</td><td>{new}</td></tr>"


def _hits(snapshot: Snapshot, ids: Sequence[str], marked: frozenset[str], mark: str) -> str:
    if not ids:
        return "nothing"
    items = []
    for article_id in ids:
        number = snapshot.articles.find(article_id)
        title = snapshot.articles.card(number).title if number is not None else article_id
        kind = f' class="{mark}"' if article_id in marked else ""
        items.append(f"<li{kind}>{escape(title)}</li>")
    return f"<ol>{''.join(items)}</ol>"


def _number(value: int | None) -> str:
    return "" if value is None else f"{value:,}"


def _change(before: int | None, now: int | None) -> str:
    if before is None or now is None or before == now:
        return ""
    return f"{now - before:+,}" + (f" ({now / before - 1:+.1%})" if before else "")
