"""How do the words of a corpus become tables of how they may be typed?

Invariant: see `engine.index.spellings`; this is its writing half. Each list is cut to what a query can
afford to look at, the best known words first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product
from pathlib import Path

import marisa_trie
import numpy as np

from engine.analysis.analyzer import Analyzer
from engine.analysis.similar_sounds import similar_key
from engine.index.codec import dump_json, write_array
from engine.index.spelled_text import Spoken
from engine.index.spellings import (
    KEY_TABLES,
    LONGEST_LATIN,
    SHORTEST_PINYIN,
    deletion_hash,
    deletions,
    most_errors,
)
from index_builder.cache.shard_folder import ShardFolder
from index_builder.cache.word_ways import Ways, read_all
from index_builder.lexicon.reading_evidence import ReadingEvidence, reading_evidence
from index_builder.pronunciation import COMMON_SHARE, Pronunciation
from index_builder.spelling_vocabulary import gather_vocabulary
from index_builder.vectorizer import CorpusCounts

_Lists = dict[str, list[int]]

_MOST = {"pinyin": 8, "begun": 4, "initials": 24, "similar": 32}
"""So many words are kept under one key. Every look-up goes through its list."""

_MOST_WAYS = 4
"""So many ways to read one word are kept; a word with two doubtful characters has four."""

_ENOUGH_FOR_INITIALS = 10
"""Articles that a word outside titles needs: nearly every two letters are the initials of something."""


def write_spellings(
    directory: Path,
    analyzer: Analyzer,
    words: CorpusCounts,
    *,
    gather_evidence: Callable[[], ReadingEvidence] = reading_evidence,
    cache: ShardFolder | None = None,
) -> int:
    """Write what queries may be re-read as; return how many words that is.

    words: how often each is in each article; `directory` holds the lexicon and the tags already.
    `cache` keeps how words are read.
    """
    vocabulary = gather_vocabulary(directory, analyzer, words)
    lists: Mapping[str, _Lists] = {name: {} for name in KEY_TABLES}
    evidence = gather_evidence()
    pronunciation = Pronunciation(evidence)
    readings = read_all(
        vocabulary.han, lambda word: _ways(word, pronunciation.read([word]), evidence), cache
    )
    spelled: list[str] = []
    for number, (word, ways) in enumerate(zip(vocabulary.han, readings, strict=True)):
        prominent = number < vocabulary.prominent_han
        known = prominent or vocabulary.frequencies[word] >= _ENOUGH_FOR_INITIALS
        for syllables in ways:
            _file(lists, number, syllables, by_initials=known)
        if prominent and ways:
            spelled.append("".join(ways[0]))
    # A pinyin that was mistyped is put right as a Latin word, and is read as pinyin then.
    long_pinyin = [p for p in spelled if SHORTEST_PINYIN <= len(p) <= LONGEST_LATIN]
    latin = list(dict.fromkeys([*vocabulary.latin, *long_pinyin]))
    _write_words(directory, [*vocabulary.han, *latin])
    han = len(vocabulary.han)
    counts = [vocabulary.prominent_han, han, han + vocabulary.prominent_latin]
    write_array(directory / "spellings.counts.npy", np.asarray(counts, dtype=np.uint32))
    for name, filed in lists.items():
        _write_keys(directory, name, filed, _MOST[name])
    _write_latin(directory, latin, han, len(vocabulary.latin))
    (directory / "spellings.sounds.json").write_bytes(dump_json(_several_sounds(evidence)))
    return han + len(latin)


def _several_sounds(evidence: ReadingEvidence) -> dict[str, list[str]]:
    """Return the characters with more than one common reading, and these, most common first."""
    common = {
        character: [
            sound for sound in sounds if evidence.shares[character].get(sound, 0.0) >= COMMON_SHARE
        ]
        for character, sounds in evidence.readings.items()
        if character in evidence.shares
    }
    return {character: sounds for character, sounds in common.items() if len(sounds) > 1}


def _ways(word: str, spoken: Sequence[Spoken], evidence: ReadingEvidence) -> Ways:
    """Return how `word` is read, then how it is read by who goes by its characters: 模板 moban."""
    read = tuple(one.reading for one in spoken if one.reading is not None)
    if len(read) < len(word):
        return []
    ways = [read]
    if any(one.otherwise for one in spoken):
        choices = [[way for way in (one.reading, one.otherwise) if way] for one in spoken]
        ways = list(product(*choices))[:_MOST_WAYS]
    ways.append(tuple(evidence.readings[character][0] for character in word))
    return list(dict.fromkeys(ways))


def _file(
    lists: Mapping[str, _Lists], number: int, syllables: tuple[str, ...], *, by_initials: bool
) -> None:
    _append(lists["pinyin"], "".join(syllables), number)
    if len(syllables) == 1:
        return
    _append(lists["similar"], similar_key(syllables), number)
    if by_initials:
        _append(lists["initials"], "".join(syllable[0] for syllable in syllables), number)
    for length in range(2, len(syllables)):
        _append(lists["begun"], "".join(syllables[:length]), number)


def _append(lists: _Lists, key: str, number: int) -> None:
    filed = lists.setdefault(key, [])
    if not filed or filed[-1] != number:
        filed.append(number)


def _write_words(directory: Path, words: Sequence[str]) -> None:
    trie = marisa_trie.Trie(sorted(words))
    trie.save(str(directory / "spellings.words.marisa"))
    identities = np.fromiter((trie[word] for word in words), dtype=np.uint32, count=len(words))
    write_array(directory / "spellings.words.npy", identities)


def _write_keys(directory: Path, name: str, lists: _Lists, most: int) -> None:
    trie = marisa_trie.Trie(list(lists))
    trie.save(str(directory / f"spellings.{name}.marisa"))
    by_number = [lists[trie.restore_key(number)][:most] for number in range(len(trie))]
    lengths = np.fromiter(map(len, by_number), dtype=np.uint32, count=len(by_number))
    offsets = np.zeros(len(by_number) + 1, dtype=np.uint32)
    np.cumsum(lengths, out=offsets[1:])
    write_array(directory / f"spellings.{name}.offsets.npy", offsets)
    write_array(directory / f"spellings.{name}.words.npy", _flat(by_number))


def _write_latin(directory: Path, words: Sequence[str], first: int, native: int) -> None:
    """File `words`, numbered from `first` on; the `native` ones in front may have two errors."""
    pairs: list[int] = []
    for index, word in enumerate(words):
        # Most pinyin has a neighbour two letters away; only one error tells which word was meant.
        most = most_errors(word) if index < native else 1
        number = first + index
        pairs += [deletion_hash(rest) << 32 | number for rest in deletions(word, most)]
    filed = np.unique(np.asarray(pairs, dtype=np.uint64))
    hashes, numbers = filed >> np.uint64(32), filed & np.uint64(0xFFFFFFFF)
    write_array(directory / "spellings.latin.hashes.npy", hashes.astype(np.uint32))
    write_array(directory / "spellings.latin.words.npy", numbers.astype(np.uint32))


def _flat(lists: Iterable[Sequence[int]]) -> np.ndarray[tuple[int], np.dtype[np.uint32]]:
    return np.asarray([number for numbers in lists for number in numbers], dtype=np.uint32)
