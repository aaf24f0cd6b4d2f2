"""Did the articles arrive in the numbers that are to be expected?

A source that was cut off, or that lost a category to a changed filter, still builds without an error.
"""

from __future__ import annotations

from collections.abc import Mapping

from index_builder.corpus import MAX_QUARANTINED_SHARE
from index_builder.gates.gate import Verdict

MAX_LOSS = 0.20
"""A site that deletes more than this in a night is asked whether it meant to."""


def check_article_count(articles: int, articles_before: int | None) -> Verdict:
    """Compare with the version that is being served; None where nothing was published before."""
    if articles_before is None or articles_before == 0:
        return Verdict(
            "article count", f"{articles:,}", "at least 1", articles > 0, "The index is empty."
        )
    change = articles / articles_before - 1
    return Verdict(
        "article count",
        f"{articles:,}, {change:+.1%} against {articles_before:,} in the current version",
        f"at most {MAX_LOSS:.0%} fewer",
        # Compared as whole numbers: 80 of 100 is a loss of 20 %, whatever binary fractions say.
        articles > 0 and 100 * articles >= (100 - round(100 * MAX_LOSS)) * articles_before,
        "Look whether the source was exported whole; if so many articles were really deleted, "
        "publish with --force.",
    )


def check_quarantine(counts: Mapping[str, int]) -> Verdict:
    """Bound the share of lines that were set aside, as `counts` of the manifest tell it."""
    lines, quarantined = counts.get("source.lines", 0), counts.get("source.quarantined", 0)
    share = quarantined / lines if lines else 0.0
    return Verdict(
        "quarantine",
        f"{quarantined:,} of {lines:,} lines unusable ({share:.2%})",
        f"at most {MAX_QUARANTINED_SHARE:.0%}",
        share <= MAX_QUARANTINED_SHARE,
        "Mend the source and build again; `wenmai build` names the lines.",
    )
