"""Which dictionary does an index carry?

jieba's own words, then those of lexicon/ in their order, all as they look after normalising, since
that is the text that is cut. Invariant: the result is what a stock `jieba.Tokenizer` holds whose
dictionary has the normalised words and to which the others were added with `add_word`; equal input
gives equal bytes.

Where several of jieba's words fold to one (账户, 帐户), their frequencies add up: both were counted
in the same corpus. A word of lexicon/ replaces what was there, as in jieba.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jieba
import marisa_trie
import numpy as np
import numpy.typing as npt

from engine.analysis.dictionary import (
    DICTIONARY_NAME,
    LOG_PROBABILITIES_NAME,
    RANKS_NAME,
    WORDS_NAME,
)
from engine.errors import LexiconError
from engine.index.codec import dump_json, write_array
from index_builder.lexicon.lexicon_files import LexiconWord

Normalize = Callable[[str], str]

_LETTERS_JOINED = re.compile(r"[A-Za-z0-9][^\x00-\x7f]|[^\x00-\x7f][A-Za-z0-9]")


@dataclass(frozen=True, slots=True)
class CompiledDictionary:
    """What is written of a dictionary.

    trie: the words; log_probabilities: float64 by their number in it; facts: JSON, among it `words`,
    `longest_word` (characters), `total` (occurrences) and `fingerprint` (SHA-256 of all of it).
    """

    trie: marisa_trie.Trie
    log_probabilities: npt.NDArray[np.float64]
    facts: Mapping[str, Any]

    def by_word(self, longest: int) -> dict[str, float]:
        """Return the log-probability of each word of at most `longest` characters."""
        logs = self.log_probabilities.tolist()
        return {word: logs[number] for word, number in self.trie.items() if len(word) <= longest}


def stock_words() -> dict[str, int]:
    """Return the words of jieba's own dictionary and how often each was counted."""
    path = Path(jieba.__file__).with_name(jieba.DEFAULT_DICT_NAME)
    fields = path.read_text("utf-8").split()
    # Word, frequency, tag: striding over one flat list is several times faster than going by lines.
    return dict(zip(fields[0::3], map(int, fields[1::3]), strict=True))


def without_letters_joined(words: Mapping[str, int]) -> dict[str, int]:
    """Return `words` without those that join Latin letters or digits to other characters (B超, T恤).

    jieba lets a word begin in the middle of a Latin run: once case is folded, B超 would cut usb超高速
    into us/b超/高速, and a search for usb would miss it. What is lost is found as a pair of units.
    """
    return {
        word: frequency for word, frequency in words.items() if not _LETTERS_JOINED.search(word)
    }


def normalize_words(words: Mapping[str, int], normalize: Normalize) -> dict[str, int]:
    """Return `words` normalised; frequencies of words that become one are added up."""
    # In one go, three times faster: normalising never looks across spaces.
    folded = normalize(" ".join(words)).split(" ")
    if len(folded) != len(words):  # a word has a space, or becomes one
        folded = [normalize(word) for word in words]
    merged: dict[str, int] = {}
    for word, frequency in zip(folded, words.values(), strict=True):
        merged[word] = merged.get(word, 0) + frequency
    merged.pop("", None)
    return merged


def compile_dictionary(
    stock: Mapping[str, int], added: Iterable[LexiconWord], normalize: Normalize
) -> CompiledDictionary:
    """Compile the `stock` words and the `added` ones.

    Raises `LexiconError` when an added word folds to nothing.
    """
    tokenizer = _tokenizer_of(normalize_words(stock, normalize))
    always_split = set()
    count = 0
    for entry in added:
        word = normalize(entry.word)
        if not word.strip():
            raise LexiconError(
                f"{entry.origin}: nothing is left of {entry.word!r} after normalising; remove it"
            )
        if entry.frequency == 0:
            # What add_word does, but for a set in jieba.finalseg that the whole process shares.
            always_split.add(word)
            tokenizer.FREQ[word] = 0
            _add_beginnings(word, tokenizer.FREQ)
        else:
            tokenizer.add_word(word, entry.frequency)
        count += 1
    return _pack(tokenizer, sorted(always_split), {"stock": len(stock), "lexicon": count})


def write_dictionary(directory: Path, compiled: CompiledDictionary) -> None:
    """Write `compiled` to `directory`."""
    compiled.trie.save(str(directory / WORDS_NAME))
    values, ranks = np.unique(compiled.log_probabilities, return_inverse=True)
    write_array(directory / LOG_PROBABILITIES_NAME, values)
    write_array(
        directory / RANKS_NAME, ranks.astype(np.uint16 if len(values) <= 2**16 else np.uint32)
    )
    (directory / DICTIONARY_NAME).write_bytes(dump_json(compiled.facts))


def _tokenizer_of(words: Mapping[str, int]) -> jieba.Tokenizer:
    """Return a stock tokenizer of `words`; it reads no file, writes no cache and logs nothing."""
    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ = dict(words)
    for word in words:
        _add_beginnings(word, tokenizer.FREQ)
    tokenizer.total = sum(words.values())
    tokenizer.initialized = True
    return tokenizer


def _add_beginnings(word: str, frequencies: dict[str, int]) -> None:
    for end in range(1, len(word)):
        frequencies.setdefault(word[:end], 0)


def _pack(
    tokenizer: jieba.Tokenizer, always_split: list[str], sources: Mapping[str, int]
) -> CompiledDictionary:
    counted = sorted(item for item in tokenizer.FREQ.items() if item[1])
    frequencies = dict(counted)
    # Python's logarithm, not numpy's: they differ in the last bit, and ties depend on it.
    log_total = math.log(tokenizer.total)
    trie = marisa_trie.Trie(frequencies, num_tries=1)
    logs = {count: math.log(count) - log_total for count in set(frequencies.values())}
    numbers = np.fromiter(map(trie.key_id, frequencies), np.int64, len(trie))
    log_probabilities = np.zeros(len(trie), dtype=np.float64)
    log_probabilities[numbers] = np.fromiter(
        map(logs.__getitem__, frequencies.values()), np.float64, len(trie)
    )
    lines = [f"{word} {count}" for word, count in counted]
    lines += [f"{word} 0" for word in always_split] + [f" {tokenizer.total}"]
    digest = hashlib.sha256("\n".join(lines).encode())
    facts = {
        "words": len(trie),
        "log_probabilities": len(logs),
        "longest_word": max(map(len, frequencies)),
        "total": tokenizer.total,
        "unknown_log_probability": math.log(1) - log_total,
        "always_split": always_split,
        "sources": dict(sources),
        "fingerprint": digest.hexdigest(),
    }
    return CompiledDictionary(trie, log_probabilities, facts)
