"""Which queries does blocked_words.txt keep out of lists?

The list as it is now, not as it went into an index: a word that was added this morning is blocked at once.
Invariant: what says so is what the hot searches ask.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from engine.analysis.normalizer import open_normalizer
from engine.errors import LexiconError
from engine.index.blocked_words import open_blocked_words
from index_builder.lexicon.blocked_words import BLOCKED_WORDS, write_blocked_words
from index_builder.lexicon.folding_compiler import write_folding


def blocked_queries(lexicon: Path) -> Callable[[str], bool]:
    """Return what says of a normalised query whether the list in the folder `lexicon` blocks it.

    Raises `LexiconError` where there is no list or it has a bad line.
    """
    path = lexicon / BLOCKED_WORDS
    if not path.is_file():
        raise LexiconError(f"{path}: no such file; name the folder of word lists with --lexicon")
    with TemporaryDirectory() as folder:
        write_folding(Path(folder))
        write_blocked_words(Path(folder), lexicon, open_normalizer(Path(folder)).normalize)
        return open_blocked_words(Path(folder)).blocks
