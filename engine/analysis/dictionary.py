"""Which words are there, and how likely is each?

Invariant: a dictionary is part of the artifact, mapped into memory and never changed; opening it
costs the same whatever its size, and processes on one machine share its pages.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import marisa_trie
import numpy as np

from engine.errors import ArtifactDamagedError
from engine.folder import Folder
from engine.mapped_array import open_array

WORDS_NAME = "lexicon.words.marisa"
LOG_PROBABILITIES_NAME = "lexicon.words.log_probability.npy"
RANKS_NAME = "lexicon.words.ranks.npy"
DICTIONARY_NAME = "lexicon.dictionary.json"


@dataclass(frozen=True, slots=True)
class Dictionary:
    """The words and their log-probabilities.

    trie: word -> its number; ranks: by number, which of `log_probabilities` a word has: the natural
    logarithms of shares of all occurrences, 5,000 different ones for 350,000 words; unknown: the
    log-probability of a character that is no word; longest: characters of the longest word;
    always_split: what the hidden Markov model must not join.
    """

    trie: marisa_trie.Trie
    ranks: memoryview[int]
    log_probabilities: tuple[float, ...]
    unknown: float
    longest: int
    always_split: frozenset[str]

    def __len__(self) -> int:
        """Return how many words there are."""
        return len(self.trie)

    def __contains__(self, word: str) -> bool:
        """Tell whether `word` is one."""
        try:
            return word in self.trie
        except UnicodeEncodeError:  # a lone surrogate, which is in no word
            return False

    def log_probability(self, word: str) -> float | None:
        """Return the log-probability of `word`, None when it is no word."""
        try:
            number = self.trie.get(word)
        except UnicodeEncodeError:
            return None
        return None if number is None else self.log_probabilities[self.ranks[number]]


def open_dictionary(directory: Folder) -> Dictionary:
    """Open the dictionary in the artifact folder `directory`.

    Raises `ArtifactDamagedError` when a part is missing, malformed or of another dictionary.
    """
    trie = marisa_trie.Trie()
    try:
        facts = json.loads((directory / DICTIONARY_NAME).read_bytes())
        trie.mmap(str(directory / WORDS_NAME))
        ranks = _map_ranks(directory / RANKS_NAME)
        log_probabilities = tuple(map_floats(directory / LOG_PROBABILITIES_NAME))
        dictionary = Dictionary(
            trie=trie,
            ranks=ranks,
            log_probabilities=log_probabilities,
            unknown=float(facts["unknown_log_probability"]),
            longest=int(facts["longest_word"]),
            always_split=frozenset(facts["always_split"]),
        )
    except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise ArtifactDamagedError(
            f"{DICTIONARY_NAME} and its files: missing or malformed "
            f"({type(error).__name__}: {error}); rebuild the index"
        ) from error
    counted = (len(trie), len(ranks), len(log_probabilities))
    if counted != (facts["words"], facts["words"], facts.get("log_probabilities")):
        raise ArtifactDamagedError(
            f"{WORDS_NAME}: {counted[0]} words, {RANKS_NAME}: {counted[1]}, {LOG_PROBABILITIES_NAME}: "
            f"{counted[2]} values; {DICTIONARY_NAME}: {facts['words']} words of "
            f"{facts.get('log_probabilities')} values; they must be equal; rebuild the index"
        )
    return dictionary


def _map_ranks(path: Path) -> memoryview[int]:
    """Map the numbers in the .npy file at `path`."""
    array = _open(path)
    if array.dtype not in (np.dtype("<u2"), np.dtype("<u4")):
        raise ValueError(f"{path.name}: expected uint16 or uint32, found {array.dtype}")
    return memoryview(array)


def map_floats(path: Path) -> memoryview[float]:
    """Map the float64 .npy file at `path` read-only and return its elements, flat.

    A memoryview, because its elements come out as Python floats, several times faster than numpy's
    scalars. Raises `OSError` or `ValueError` when the file is missing or holds something else.
    """
    array = _open(path)
    if array.dtype != np.dtype("<f8") or not array.flags.c_contiguous:
        raise ValueError(f"{path.name}: expected float64 in C order, found {array.dtype}")
    return memoryview(array).cast("B").cast("d")


def _open(path: Path) -> Any:
    try:
        return open_array(path)
    except (EOFError, SyntaxError) as error:
        raise ValueError(f"{path.name}: no .npy array ({error})") from error
