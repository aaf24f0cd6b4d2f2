"""How do peers cut Chinese text?

With stock jieba in search mode, as its documentation advises for inverted indexes: words, and the shorter
words within them. Pieces without a letter, digit or character are dropped.
"""

from __future__ import annotations

import logging

import jieba

jieba.setLogLevel(logging.WARNING)


def load_words() -> None:
    """Load the dictionary now rather than at the first query."""
    jieba.initialize()


def cut(text: str) -> list[str]:
    """Return the words of normalised `text`, repeated ones repeated."""
    return [
        word
        for piece in jieba.cut_for_search(text)
        if any(map(str.isalnum, word := piece.strip().replace(" ", "")))
    ]
