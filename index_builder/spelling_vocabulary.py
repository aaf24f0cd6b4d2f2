"""Which words of a corpus may a query have meant?

Words that a reader could look for: those of titles and tags, those that enough bodies share, and names
that the synonym table leads from. Invariant: in both lists the words of more titles and tags stand first,
then those of more articles; the order depends on the corpus alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.analysis.analyzer import SYNONYMS_NAME, Analyzer
from engine.index.codec import load_json
from engine.index.spellings import LONGEST_LATIN, SHORTEST_LATIN
from engine.index.taxonomy import Taxonomy
from index_builder.vectorizer import CorpusCounts
from index_builder.views import Field

LONGEST_HAN = 8
"""Longer terms are sentences that somebody used as a tag."""

_HAN = re.compile(r"[㐀-䶿一-鿿]+")
_LATIN = re.compile(rf"[a-z]{{{SHORTEST_LATIN},{LONGEST_LATIN}}}")
_ENOUGH_BODIES = 3
_ARTICLES_PER_BODY = 500
_ENOUGH_LATIN_BODIES = 2


@dataclass(frozen=True, slots=True)
class SpellingVocabulary:
    """Han words (single characters among them) and Latin words, the best known first.

    prominent_han, prominent_latin: how many words of each, from the first on, stand in a title or are a
    tag; of Latin words also those that have synonyms. frequencies: Han word -> articles.
    """

    han: tuple[str, ...]
    prominent_han: int
    latin: tuple[str, ...]
    prominent_latin: int
    frequencies: Mapping[str, int]


def gather_vocabulary(
    directory: Path, analyzer: Analyzer, words_counted: CorpusCounts
) -> SpellingVocabulary:
    """Return the words worth proposing, from the words counted and the tags written to `directory`."""
    articles = words_counted.fields["body"].shape[0]
    frequencies = _document_frequencies(words_counted, *words_counted.fields)
    prominence = Counter(_document_frequencies(words_counted, "title"))
    prominence.update(_tagged(directory, analyzer))
    named = _named(directory, frequencies)
    bodies = min(_ENOUGH_BODIES, 1 + articles // _ARTICLES_PER_BODY)

    def is_useful(word: str) -> bool:
        if len(word) == 1:
            return prominence[word] > 0 and not analyzer.is_stop_word(word)
        if prominence[word] or word in named:
            return True
        # What a small collection says once may be a slip of the pen, unless it is a known word.
        frequency = frequencies.get(word, 0)
        return frequency >= _ENOUGH_BODIES or (
            frequency >= bodies and word in analyzer.segmenter.words
        )

    def order(word: str) -> tuple[int, int, str]:
        return -prominence[word], -frequencies.get(word, 0), word

    words = {*frequencies, *prominence, *named}
    han = [word for word in words if len(word) <= LONGEST_HAN and _HAN.fullmatch(word)]
    han = sorted(filter(is_useful, han), key=order)
    latin = [word for word in words if _LATIN.fullmatch(word)]
    for word in latin:
        prominence[word] += word in named
    latin = [
        word
        for word in sorted(latin, key=order)
        if prominence[word] or frequencies[word] >= _ENOUGH_LATIN_BODIES
    ]
    return SpellingVocabulary(
        han=tuple(han),
        prominent_han=sum(prominence[word] > 0 for word in han),
        latin=tuple(latin),
        prominent_latin=sum(prominence[word] > 0 for word in latin),
        frequencies={word: frequencies.get(word, 0) for word in han},
    )


def _document_frequencies(counts: CorpusCounts, *fields: Field) -> dict[str, int]:
    """Return term -> articles that hold it in any of `fields`; only terms that some article holds."""
    held = sum(counts.fields[field] for field in fields)
    frequencies = np.bincount(held.indices, minlength=len(counts.terms)).tolist()
    return {term: n for term, n in zip(counts.terms, frequencies, strict=True) if n}


def _tagged(directory: Path, analyzer: Analyzer) -> Counter[str]:
    """Return how often each tag, and each word of a tag, is used."""
    taxonomy = Taxonomy(directory)
    used: Counter[str] = Counter()
    for number, tag in enumerate(taxonomy.tags):
        normalized = analyzer.normalize(tag)
        for word in {normalized, *analyzer.words(normalized)}:
            used[word] += len(taxonomy.tag_articles(number))
    return used


def _named(directory: Path, frequencies: Mapping[str, int]) -> set[str]:
    """Return the words whose synonyms find something."""
    expansions: Mapping[str, list[str]] = load_json(directory / SYNONYMS_NAME)
    return {
        word for word, others in expansions.items() if any(other in frequencies for other in others)
    }
