"""Which of all ways to cut a run of characters into words is the likeliest?

A way is as likely as its words are together, taken as independent; a character that is no word
counts as if it had been seen once. Invariant: of equally likely ways the one with the longest first
word wins, and sums run from the right, in jieba's order, so that they agree with it to the last bit.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, MutableMapping, Sequence

from engine.analysis.dictionary import Dictionary

_SURROGATE = re.compile("[\ud800-\udfff]")


def word_ends(words: Dictionary, block: str) -> list[int]:
    """Return for each start in `block` where the first word of the likeliest way on ends.

    `word_lattice` and `fill_route` in one pass. `block` must hold no lone surrogates.
    """
    find, ranks, log_probabilities = (
        words.trie.iter_prefixes_with_ids,
        words.ranks,
        words.log_probabilities,
    )
    longest, unknown = words.longest, words.unknown
    best = [0.0] * (len(block) + 1)
    ends = [0] * len(block)
    for start in range(len(block) - 1, -1, -1):
        score, best_end = -math.inf, 0
        for word, number in find(block[start : start + longest]):
            end = start + len(word)
            found = log_probabilities[ranks[number]] + best[end]
            if found >= score:  # shorter words come first
                score, best_end = found, end
        if not best_end:
            best_end = start + 1
            score = unknown + best[best_end]
        best[start], ends[start] = score, best_end
    return ends


def word_lattice(words: Dictionary, text: str) -> dict[int, list[int]]:
    """Return for each start in `text` the last indices of the words that begin there, ascending.

    Where none begins, the character stands for itself.
    """
    # U+0000 is in no word: it stands in for what a trie cannot look up.
    text = _SURROGATE.sub("\x00", text)
    find, longest = words.trie.prefixes, words.longest
    return {
        start: [start + len(word) - 1 for word in find(text[start : start + longest])] or [start]
        for start in range(len(text))
    }


def fill_route(
    words: Dictionary,
    text: str,
    lattice: Mapping[int, Sequence[int]],
    route: MutableMapping[int, tuple[float, int]],
) -> None:
    """Fill `route`: start -> log-probability of the likeliest way on, its first word's last index."""
    route[len(text)] = (0, 0)
    for start in range(len(text) - 1, -1, -1):
        ways = []
        for last in lattice[start]:
            known = words.log_probability(text[start : last + 1])
            step = words.unknown if known is None else known
            ways.append((step + route[last + 1][0], last))
        route[start] = max(ways)
