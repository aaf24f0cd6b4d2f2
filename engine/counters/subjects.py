"""Under which key is it remembered that a visitor was counted?

Invariant: different events get different keys, and a key tells nothing: not the visitor, not the
article, not the query.
"""

from __future__ import annotations

import hashlib
import json

from engine.counters.protocol import Click, Event, Search, View, Visitor


def seen_key(event: Event, visitor: Visitor) -> str:
    """Return the key of "this visitor did this": 32 hexadecimal digits."""
    return _digest("seen", *_subject(event), visitor.key)


def source_key(event: Event, visitor: Visitor, day: str) -> str:
    """Return the key of "what this source added to this subject on this day"."""
    kind, subject, *_ = _subject(event)
    return _digest("source", kind, subject, visitor.source, day)


def _subject(event: Event) -> tuple[str, ...]:
    match event:
        case View(article_id):
            return "view", article_id
        case Click(article_id, query):
            return "click", article_id, query
        case Search(query):
            return "search", query


def _digest(*parts: str) -> str:
    # JSON keeps the parts apart, whatever they hold.
    return hashlib.sha256(json.dumps(parts).encode("ascii")).hexdigest()[:32]
