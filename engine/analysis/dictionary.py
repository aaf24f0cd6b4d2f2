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
DICTIONARY_NAME = "lexicon.dictionary.json"


@dataclass(frozen=True, slots=True)
class Dictionary:
    """The words and their log-probabilities.

    trie: word -> its number; log_probabilities: float64 by number, the natural logarithm of a word's
    share of all occurrences; unknown: the log-probability of a character that is no word; longest:
    characters of the longest word; always_split: what the hidden Markov model must not join.
    """

    trie: marisa_trie.Trie
    log_probabilities: memoryview[float]
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
        return None if number is None else float(self.log_probabilities[number])


def open_dictionary(directory: Folder) -> Dictionary:
    """Open the dictionary in the artifact folder `directory`.

    Raises `ArtifactDamagedError` when a part is missing, malformed or of another dictionary.
    """
    trie = marisa_trie.Trie()
    try:
        facts = json.loads((directory / DICTIONARY_NAME).read_bytes())
        trie.mmap(str(directory / WORDS_NAME))
        log_probabilities = map_floats(directory / LOG_PROBABILITIES_NAME)
        dictionary = Dictionary(
            trie=trie,
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
    if not len(trie) == len(log_probabilities) == facts["words"]:
        raise ArtifactDamagedError(
            f"{WORDS_NAME}: {len(trie)} words, {LOG_PROBABILITIES_NAME}: {len(log_probabilities)}, "
            f"{DICTIONARY_NAME}: {facts['words']}; they must be equal; rebuild the index"
        )
    return dictionary


def map_floats(path: Path) -> memoryview[float]:
    """Map the float64 .npy file at `path` read-only and return its elements, flat.

    A memoryview, because its elements come out as Python floats, several times faster than numpy's
    scalars. Raises `OSError` or `ValueError` when the file is missing or holds something else.
    """
    try:
        array: Any = open_array(path)
    except (EOFError, SyntaxError) as error:
        raise ValueError(f"{path.name}: no .npy array ({error})") from error
    if array.dtype != np.dtype("<f8") or not array.flags.c_contiguous:
        raise ValueError(f"{path.name}: expected float64 in C order, found {array.dtype}")
    return memoryview(array).cast("B").cast("d")
