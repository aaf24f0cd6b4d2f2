"""Which words are stored texts written with?

Characters first, so that hardly anything needs an escape; then pairs of Latin letters and digits, alone and
after a space, which spell what the dictionary has not; between and after them the site's own and the likeliest
words, until every code is taken.
Invariant: the table follows from the dictionary and the folding alone, never from a site's texts, so a text
keeps its codes from one build to the next.
"""

from __future__ import annotations

import string
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, product
from pathlib import Path

import numpy as np

from engine.index.codec import write_array
from engine.index.text_codes import (
    CODES,
    ESCAPE,
    LONGEST_WORD,
    TEXT_PART_BOUNDS_NAME,
    TEXT_PART_WORDS_NAME,
    TEXT_PARTS_NAME,
    TEXT_WORDS_NAME,
    part_key,
)
from index_builder.lexicon.folding_compiler import simplified_to_traditional
from index_builder.text_encoder import slot_of

_LATIN = string.ascii_letters + string.digits
_SIGNS = string.punctuation + " \n\t"

_LIKELIEST_WORDS = 8_000
"""So many, and the site's own, come before the pairs of letters, and in their Traditional form too: a
Traditional site's texts are a seventh smaller for it, a Simplified one's half a hundredth larger."""

_RANGES = (
    (0x00A0, 0x0100),  # Latin-1 signs and letters
    (0x0391, 0x03CA),  # Greek
    (0x2010, 0x2040),  # dashes, quotes, ellipses
    (0x2190, 0x219A),  # arrows
    (0x2460, 0x2474),  # numbers in circles
    (0x25A0, 0x25D0),  # shapes
    (0x3000, 0x3030),  # Chinese punctuation
    (0x3041, 0x3100),  # kana
    (0xFF01, 0xFF5F),  # full width
)


def write_text_words(
    directory: Path, words: Sequence[str], normalize: Callable[[str], str]
) -> None:
    """Write the table of `words`, each under the code that is its place, and which hold which parts."""
    units = np.zeros((CODES, LONGEST_WORD), dtype="<u2")
    for code, word in enumerate(words):
        spelled = np.frombuffer(word.encode("utf-16-le"), dtype="<u2")
        units[code, : len(spelled)] = spelled
    write_array(directory / TEXT_WORDS_NAME, units)
    holders: defaultdict[int, list[int]] = defaultdict(list)
    for code, word in enumerate(words):
        for part in _parts(normalize(word)):
            holders[part_key(part)].append(code)
    keys = sorted(holders)
    bounds = list(accumulate((len(holders[key]) for key in keys), initial=0))
    codes = [code for key in keys for code in holders[key]]
    write_array(directory / TEXT_PARTS_NAME, np.asarray(keys, dtype=np.uint64))
    write_array(directory / TEXT_PART_BOUNDS_NAME, np.asarray(bounds, dtype=np.uint32))
    write_array(directory / TEXT_PART_WORDS_NAME, np.asarray(codes, dtype=np.uint16))


def choose_words(
    log_probabilities: Mapping[str, float], terms: Iterable[str], variants: Iterable[str]
) -> list[str]:
    """Return the words by code, at most `ESCAPE`; no two of them share a slot of the encoder.

    terms: the site's own words; variants: characters that are written though they are folded.
    """
    chosen: dict[str, None] = {}
    taken: set[int] = set()
    for word in _candidates(log_probabilities, terms, variants):
        if len(chosen) == ESCAPE:
            break
        if word in chosen or "\0" in word or not _fits(word):
            continue
        if len(word) > 1:
            slot = slot_of(part_key(word))
            if slot in taken:
                # One in forty, the less likely of the two: it is spelled with shorter words.
                continue
            taken.add(slot)
        chosen[word] = None
    return list(chosen)


def _candidates(
    log_probabilities: Mapping[str, float], terms: Iterable[str], variants: Iterable[str]
) -> Iterator[str]:
    yield from "\ufffe\uffff"
    yield from _LATIN + _SIGNS
    for first, end in _RANGES:
        yield from map(chr, range(first, end))
    yield from sorted(word for word in log_probabilities if len(word) == 1)
    yield from sorted(character for character in variants if len(character) == 1)
    longer = [word for word in log_probabilities if 1 < len(word) <= LONGEST_WORD]
    longer.sort(key=lambda word: (-log_probabilities[word], word))
    traditional = str.maketrans(simplified_to_traditional())
    own = sorted(term for term in terms if 1 < len(term) <= LONGEST_WORD)
    for word in (*own, *longer[:_LIKELIEST_WORDS]):
        yield from (word, word.translate(traditional))
    pairs = ["".join(pair) for pair in product(_LATIN, repeat=2)]
    yield from pairs
    yield from (f" {pair}" for pair in pairs)
    yield from ("".join(pair) for pair in product(_SIGNS, repeat=2))
    yield from longer[_LIKELIEST_WORDS:]


def _fits(word: str) -> bool:
    return len(word.encode("utf-16-le", "surrogatepass")) <= 2 * LONGEST_WORD and all(
        character <= "\uffff" and not "\ud800" <= character <= "\udfff" for character in word
    )


def _parts(folded: str) -> set[str]:
    """Return the parts of a folded word that a term may be or hold."""
    visible = folded.strip() or folded
    if len(visible) == 1:
        return {visible}
    # One letter within two is never a word of its own.
    shortest = 2 if visible.isascii() else 1
    return {
        visible[start:end]
        for start in range(len(visible))
        for end in range(start + shortest, min(len(visible), start + LONGEST_WORD) + 1)
    }
