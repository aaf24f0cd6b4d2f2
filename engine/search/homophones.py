"""Which words of the corpus sound like a piece of a query that the corpus does not have?

Whoever types pinyin picks the wrong characters (保正金 for 保证金). The segmenter cuts such a word
apart, so pieces of the query are looked at, not its words. Invariant: only characters of doubtful words
are ever changed, and a word that articles have is doubtful only where all else in the query is found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import IntEnum
from itertools import islice, pairwise
from typing import NamedTuple

from engine.analysis.similar_sounds import similar_sound
from engine.index.spellings import SpellingTable
from engine.search.corpus_evidence import CorpusEvidence
from engine.search.query_words import QueryWord, loose_pairs
from engine.search.repair import Proof, Repair, Substitute
from engine.search.requests import Tier
from engine.search.term_reader import is_han

_LONGEST = 6
_MOST_PIECES = 240
"""Bounds a query of 200 doubtful characters; what people type has a dozen pieces."""

_MOST_SOUNDS = 8
_RARE = 3
_COMMONER = 4
"""A word of up to `_RARE` articles gives way to one that so many times as many articles have."""

_DOUBT = 0.3
_DOUBT_OF_SIMILAR_SOUND = 0.3
_DOUBT_OF_CHANGES = 0.4
_DOUBT_OF_UNTITLED = 0.2
_DOUBT_OF_GUESS = 0.02


class _Doubt(IntEnum):
    """Why a character may be a wrong one, the best reason first."""

    UNKNOWN = 0
    """It belongs to a word that neither the articles nor the dictionary have."""

    UNUSED = 1
    """The dictionary has the word and the articles have not, or they have it across two words."""

    ALONE = 2
    """Articles have the word, but none beside the rest of the query."""

    NONE = 3


class _Piece(NamedTuple):
    """Characters of the query that may be a word; keys: how they may sound (`similar_key`)."""

    text: str
    start: int
    doubts: Sequence[_Doubt]
    keys: Sequence[str]


def homophones(
    table: SpellingTable,
    evidence: CorpusEvidence,
    text: str,
    words: Sequence[QueryWord],
    *,
    doubt_known_words: bool,
) -> list[Repair]:
    """Return words that sound like pieces of `text` which hold a doubtful character."""
    doubts = _doubts(text, words, evidence, doubt_known_words=doubt_known_words)
    if min(doubts, default=_Doubt.NONE) is _Doubt.NONE:
        return []
    found = []
    for piece in islice(_pieces(table, text, words, doubts), _MOST_PIECES):
        for guess, number in enumerate(_sounding_like(table, piece)):
            word = table.word(number)
            change = _change(table, piece, word, prominent=table.is_prominent(number))
            if change is not None and _is_meant(evidence, text, piece, change):
                found.append(_repair(piece, change, guess))
    return found


def _doubts(
    text: str, words: Sequence[QueryWord], evidence: CorpusEvidence, *, doubt_known_words: bool
) -> list[_Doubt]:
    doubts = [_Doubt.NONE] * len(text)
    for word in words:
        if word.is_stop_word or not word.is_han:
            continue
        if not word.is_known:
            doubt = _Doubt.UNUSED if word.is_listed and len(word.text) > 1 else _Doubt.UNKNOWN
        elif doubt_known_words and len(word.text) > 1:
            doubt = _Doubt.ALONE if word.is_listed else _Doubt.UNUSED
        else:
            continue
        doubts[word.start : word.end] = [doubt] * len(word.text)
    for place in loose_pairs(words, evidence):
        doubts[place : place + 2] = [_Doubt.UNKNOWN] * 2
    return doubts


def _pieces(
    table: SpellingTable, text: str, words: Sequence[QueryWord], doubts: Sequence[_Doubt]
) -> Iterator[_Piece]:
    """Yield the pieces of Han characters that hold a doubtful one and cut no good word."""
    inside = {
        place
        for word in words
        if word.is_known
        for place in range(word.start + 1, word.end)
        if not (doubts[place] is _Doubt.UNKNOWN or doubts[place - 1] is _Doubt.UNKNOWN)
    }
    sounds = [_similar_sounds(table, character) for character in text]
    for start in range(len(text)):
        if start in inside:
            continue
        keys, worst = sounds[start][:_MOST_SOUNDS], doubts[start]
        for end in range(start + 2, min(len(text), start + _LONGEST) + 1):
            last = end - 1
            # What is longer sounds as what is shorter, and then as its last character.
            keys = [f"{key} {sound}" for key in keys for sound in sounds[last]][:_MOST_SOUNDS]
            if not keys:
                break
            worst = min(worst, doubts[last])
            if worst is not _Doubt.NONE and end not in inside:
                yield _Piece(text[start:end], start, doubts[start:end], keys)


def _similar_sounds(table: SpellingTable, character: str) -> list[str]:
    """Return how `character` may sound, none if it is not Han."""
    if not is_han(character):
        return []
    sounds = table.sounds(character)
    if len(sounds) == 1:
        return [similar_sound(sounds[0])]
    return sorted(set(map(similar_sound, sounds)))


def _sounding_like(table: SpellingTable, piece: _Piece) -> list[int]:
    if len(piece.keys) == 1:
        return table.similar.get(piece.keys[0])
    return sorted({number for key in piece.keys for number in table.similar.get(key)})


class _Change(NamedTuple):
    """A word for a piece: at which places it differs, at how many of them it sounds otherwise.

    doubt: the weakest of the reasons for which these places are doubtful.
    """

    word: str
    places: tuple[int, ...]
    similar: int
    prominent: bool
    doubt: _Doubt
    proof: Proof


def _change(table: SpellingTable, piece: _Piece, word: str, *, prominent: bool) -> _Change | None:
    """Return how `word` changes `piece`, None when the two have too little in common."""
    if word == piece.text:
        return None
    pairs = list(zip(piece.text, word, strict=True))
    places = tuple(place for place, (old, new) in enumerate(pairs) if old != new)
    doubt = max(piece.doubts[place] for place in places)
    if doubt is _Doubt.NONE or not (prominent or (doubt is _Doubt.UNKNOWN and len(word) > 2)):
        return None
    similar = sum(not _sound_equal(table, *pairs[place]) for place in places)
    proof = _proof(len(word), len(places), similar, doubt)
    return proof if proof is None else _Change(word, places, similar, prominent, doubt, proof)


def _is_meant(evidence: CorpusEvidence, text: str, piece: _Piece, change: _Change) -> bool:
    """Tell whether the articles speak for the change of a word that is one."""
    if change.doubt is _Doubt.UNKNOWN:
        return True
    if change.doubt is _Doubt.UNUSED:
        return evidence.frequency(change.word) >= _COMMONER * evidence.frequency(piece.text)
    return _fits(evidence, text, piece, change)


def _repair(piece: _Piece, change: _Change, guess: int) -> Repair:
    return Repair(
        piece.start,
        piece.start + len(piece.text),
        (Substitute(change.word, piece.text, "homophone"),),
        Tier.CORRECTED,
        _DOUBT
        + _DOUBT_OF_SIMILAR_SOUND * change.similar
        + _DOUBT_OF_CHANGES * len(change.places) / len(change.word)
        + _DOUBT_OF_UNTITLED * (not change.prominent)
        + _DOUBT_OF_GUESS * guess,
        change.proof,
    )


def _sound_equal(table: SpellingTable, left: str, right: str) -> bool:
    return not set(table.sounds(left)).isdisjoint(table.sounds(right))


def _proof(length: int, changed: int, similar: int, doubt: _Doubt) -> Proof | None:
    """Return what must come of a change, None when the words have too little in common."""
    kept = length - changed
    if not kept or (similar and (kept < length - 1 or doubt is _Doubt.ALONE)):
        return None
    if length == 2 and similar:
        return Proof.ALL_OF_SEVERAL if doubt is _Doubt.UNKNOWN else None
    if doubt is _Doubt.ALONE:
        return Proof.ALL_OF_SEVERAL
    if length == 2 or doubt is _Doubt.UNUSED:
        return Proof.ALL_WORDS
    return Proof.MORE_WORDS


def _fits(evidence: CorpusEvidence, text: str, piece: _Piece, change: _Change) -> bool:
    """Tell whether the word stands between its neighbours as in articles, and the piece does not.

    A piece that does so too gives way only if hardly any article has it.
    """
    end = piece.start + len(piece.text)
    before, after = text[max(0, piece.start - 1) : piece.start], text[end : end + 1]
    places = {place + len(before) for place in change.places}

    def has_unseen_pair(characters: str) -> bool:
        return any(
            not places.isdisjoint({place, place + 1})
            and is_han(left)
            and is_han(right)
            and not evidence.is_adjacent(left, right)
            for place, (left, right) in enumerate(pairwise(characters))
        )

    if has_unseen_pair(before + change.word + after):
        return False
    if has_unseen_pair(before + piece.text + after):
        return True
    frequency = evidence.frequency(piece.text)
    return frequency <= _RARE and evidence.frequency(change.word) >= _COMMONER * frequency
