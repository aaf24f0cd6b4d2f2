"""Which queries does blocked_words.txt keep out of lists?

Invariant: words and queries are folded alike, and a query is blocked however it is spaced.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from engine.analysis.normalizer import open_normalizer
from engine.errors import LexiconError
from index_builder.lexicon.blocked_words import read_blocked_words
from index_builder.lexicon.folding_compiler import write_folding

BLOCKED_WORDS = "blocked_words.txt"


def blocked_queries(lexicon: Path) -> Callable[[str], bool]:
    """Return what says of a normalised query whether the list in the folder `lexicon` blocks it.

    Raises `LexiconError` where there is no list or it has a bad line.
    """
    path = lexicon / BLOCKED_WORDS
    if not path.is_file():
        raise LexiconError(f"{path}: no such file; name the folder of word lists with --lexicon")
    with TemporaryDirectory() as folder:
        write_folding(Path(folder))
        entries = read_blocked_words(path, open_normalizer(Path(folder)).normalize)
    words = [entry.text for entry in entries if not entry.is_pattern]
    patterns = [re.compile(entry.text) for entry in entries if entry.is_pattern]

    def is_blocked(query: str) -> bool:
        joined = "".join(query.split())
        return any(word in joined for word in words) or any(p.search(query) for p in patterns)

    return is_blocked
