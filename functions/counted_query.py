"""Under which text is a search counted?

Invariant: searches that mean the same to the engine count as one, and what is kept of them is bounded.
"""

from __future__ import annotations

from engine.analysis.analyzer import Analyzer
from engine.search.requests import MAX_QUERY_CHARACTERS


def counted_query(text: str, analyzer: Analyzer) -> str:
    """Return `text` folded as queries are, with single spaces, at most 200 characters; may be "".

    Some characters fold to several, so a query of 200 may lose its end.
    """
    return " ".join(analyzer.normalize(text).split())[:MAX_QUERY_CHARACTERS].rstrip()
